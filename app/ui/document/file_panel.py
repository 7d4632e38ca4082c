"""What the file says."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.i18n.translation import tr
from app.jobs.document.open import Document
from app.ui.widgets.fact_table import RowsView
from app.ui.widgets.form_controls import faint, heading
from app.ui.widgets.theme import SPACING
from app.viewmodels.document.facts import file_facts, history_facts
from app.viewmodels.document.recompression import HistoryState, Looked, NotLooked, assumable
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.recompression import Earlier


class FilePanel(QWidget):
    """The facts of the opened file and signs of an earlier compression; the inspector has more.

    Signals:
        assume_wanted: The button was pressed. arg1: Earlier, the compression to assume.
        inspect_wanted: The inspector is wanted.
    """

    assume_wanted = Signal(object)
    inspect_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._document: Document | None = None
        self._earlier: Earlier | None = None
        self.rows = RowsView(tr("File"))
        self._none = faint(tr("No file is open."))
        self.assume = QPushButton(tr("Assume &it"))
        self.assume.setAccessibleName(tr("Assume the earlier compression"))
        self.assume.setToolTip(
            tr("Restore what that compression took away: sets quality factor and grid below")
        )
        self.assume.clicked.connect(self._on_assume)
        self.inspect = QPushButton(tr("Inspector…"))
        self.inspect.setAccessibleName(tr("Open the inspector"))
        self.inspect.setToolTip(
            tr("Tables, sampling, metadata and histograms of this file, explained (Ctrl+I)")
        )
        self.inspect.clicked.connect(self.inspect_wanted)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACING)
        buttons.addWidget(self.inspect)
        buttons.addWidget(self.assume)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(heading(tr("File")))
        layout.addWidget(self._none)
        layout.addWidget(self.rows)
        layout.addLayout(buttons)
        for widget in (self.rows, self.assume, self.inspect):
            widget.hide()

    def show_document(self, document: Document) -> None:
        self._document = document
        self._none.hide()
        self.rows.show()
        self.inspect.show()
        self.show_history(NotLooked())

    def show_history(self, state: HistoryState) -> None:
        """What is known of an earlier compression of the file that is shown."""
        if self._document is None:
            return
        self.rows.show_rows((*file_facts(self._document), *history_facts(state)))
        source = self._document.source
        found = state.earlier if isinstance(state, Looked) else None
        possible = isinstance(source, JpegImage) and found and assumable(source, found)
        self._earlier = found if possible else None
        self.assume.setVisible(self._earlier is not None)

    @Slot()
    def _on_assume(self) -> None:
        self.assume_wanted.emit(self._earlier)
