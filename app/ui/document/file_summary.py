"""The summary of the opened file at the top of the side panel."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.i18n.translation import tr
from app.jobs.document.open import Document
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.form_controls import create_push_button, create_secondary_label
from app.ui.widgets.theme import SPACING
from app.viewmodels.document.file_summary import (
    file_summary_text,
    find_stronger_compression,
    stronger_compression_text,
)
from app.viewmodels.document.recompression import RecompressionState, RecompressionUnchecked
from ddrm_core.jpeg.recompression import PreviousCompression


class FileSummary(QWidget):
    """The name and the most important facts of the opened file, with an offer of one line.

    The offer is to restore for a stronger previous compression.

    Signals:
        assume_requested: The offer was accepted. arg1: PreviousCompression to assume.
    """

    assume_requested = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._document: Document | None = None
        self._stronger_compression: PreviousCompression | None = None
        self.name_label = ElidedLabel(Qt.TextElideMode.ElideMiddle)
        self.name_label.setObjectName("heading")
        self.facts_label = create_secondary_label(tr("No file is open."))
        self.facts_label.setWordWrap(True)
        self.offer_label = QLabel(wordWrap=True)
        self.offer_button = create_push_button(
            tr("&Yes"),
            tr("Restore what the earlier compression removed: sets JPEG quality and grid"),
        )
        self.offer_button.setAccessibleName(tr("Restore for the earlier compression"))
        self.offer_button.clicked.connect(self._on_offer_accepted)
        self.offer = QWidget()
        row = QHBoxLayout(self.offer)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING)
        row.addWidget(self.offer_label, 1)
        row.addWidget(self.offer_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for widget in (self.name_label, self.facts_label, self.offer):
            layout.addWidget(widget)
        self.name_label.hide()
        self.offer.hide()

    def show_document(self, document: Document) -> None:
        self._document = document
        self.name_label.show()
        self.name_label.show_text(document.source.path.name)
        self.facts_label.setText(file_summary_text(document))
        self.show_recompression(RecompressionUnchecked())

    def show_recompression(self, state: RecompressionState) -> None:
        """Show the offer if the search for a previous compression found a stronger one."""
        previous = find_stronger_compression(self._document, state)
        self._stronger_compression = previous
        if previous is not None:
            self.offer_label.setText(stronger_compression_text(previous))
        self.offer.setVisible(previous is not None)

    @Slot()
    def _on_offer_accepted(self) -> None:
        self.assume_requested.emit(self._stronger_compression)
        self.offer.hide()
