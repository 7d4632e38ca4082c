"""The panel with the facts of the opened file."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.i18n.translation import tr
from app.jobs.document.open import Document
from app.ui.widgets.fact_table import FactTable
from app.ui.widgets.form_controls import create_heading_label, create_secondary_label
from app.ui.widgets.theme import SPACING
from app.viewmodels.document.facts import file_facts, recompression_facts
from app.viewmodels.document.recompression import (
    RecompressionChecked,
    RecompressionState,
    RecompressionUnchecked,
    can_assume_compression,
)
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.recompression import PreviousCompression


class FilePanel(QWidget):
    """A table of file facts and signs of a previous compression, with two buttons.

    Signals:
        assume_requested: The assume button was clicked. arg1: PreviousCompression to assume.
        inspect_requested: The inspector button was clicked.
    """

    assume_requested = Signal(object)
    inspect_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._document: Document | None = None
        self._previous_compression: PreviousCompression | None = None
        self.fact_table = FactTable(tr("File"))
        self._no_file_label = create_secondary_label(tr("No file is open."))
        self.assume_button = QPushButton(tr("&Assume it"))
        self.assume_button.setAccessibleName(tr("Assume the earlier compression"))
        self.assume_button.setToolTip(
            tr("Restore what that compression took away: sets quality factor and grid below")
        )
        self.assume_button.clicked.connect(self._on_assume_clicked)
        self.inspect_button = QPushButton(tr("Inspector…"))
        self.inspect_button.setAccessibleName(tr("Open the inspector"))
        self.inspect_button.setToolTip(
            tr("Tables, sampling, metadata and histograms of this file, explained (Ctrl+I)")
        )
        self.inspect_button.clicked.connect(self.inspect_requested)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACING)
        buttons.addWidget(self.inspect_button)
        buttons.addWidget(self.assume_button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(create_heading_label(tr("File")))
        layout.addWidget(self._no_file_label)
        layout.addWidget(self.fact_table)
        layout.addLayout(buttons)
        for widget in (self.fact_table, self.assume_button, self.inspect_button):
            widget.hide()

    def show_document(self, document: Document) -> None:
        self._document = document
        self._no_file_label.hide()
        self.fact_table.show()
        self.inspect_button.show()
        self.show_recompression(RecompressionUnchecked())

    def show_recompression(self, state: RecompressionState) -> None:
        """Show the facts of the open file with those about its previous compression."""
        if self._document is None:
            return
        self.fact_table.show_rows((*file_facts(self._document), *recompression_facts(state)))
        source = self._document.source
        previous_compression = (
            state.previous_compression if isinstance(state, RecompressionChecked) else None
        )
        can_assume = (
            isinstance(source, JpegImage)
            and previous_compression
            and can_assume_compression(source, previous_compression)
        )
        self._previous_compression = previous_compression if can_assume else None
        self.assume_button.setVisible(self._previous_compression is not None)

    @Slot()
    def _on_assume_clicked(self) -> None:
        self.assume_requested.emit(self._previous_compression)
