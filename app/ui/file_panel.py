"""What the file says."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from app.jobs.open_job import Document
from app.ui.controls import faint, heading
from app.ui.fold import Fold
from app.ui.rows import RowsView
from app.ui.theme import SPACING
from app.viewmodels.facts import file_facts, history_facts, table_words
from app.viewmodels.history import HistoryState, Looked, NotLooked, assumable
from ddrm_core.jpeg.history import Earlier
from ddrm_core.jpeg.measured import JpegImage


class FilePanel(QWidget):
    """The facts of the opened file, signs of an earlier compression and, folded away, a table.

    Signals:
        assume_wanted: The button was pressed. arg1: Earlier, the compression to assume.
    """

    assume_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._document: Document | None = None
        self._earlier: Earlier | None = None
        self.rows = RowsView("File")
        self._none = faint("No file is open.")
        self._table = QLabel()
        self._table.setFont(_small_fixed_font(self))
        self._fold = Fold(
            "Luma quantisation table",
            self._table,
            tip="The steps the file's brightness was rounded to, lowest frequencies at top left",
        )
        self.assume = QPushButton("Assume &it")
        self.assume.setAccessibleName("Assume the earlier compression")
        self.assume.setToolTip(
            "Restore what that compression took away: sets quality factor and grid below"
        )
        self.assume.clicked.connect(self._on_assume)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(heading("File"))
        layout.addWidget(self._none)
        layout.addWidget(self.rows)
        layout.addWidget(self.assume)
        layout.addWidget(self._fold)
        for widget in (self.rows, self.assume, self._fold):
            widget.hide()

    def show_document(self, document: Document) -> None:
        self._document = document
        self._none.hide()
        self.rows.show()
        self.show_history(NotLooked())
        source = document.source
        self._fold.setVisible(isinstance(source, JpegImage))
        if isinstance(source, JpegImage):
            self._table.setText(table_words(source.tables[0]))
            self._table.setAccessibleName("Luma quantisation table, eight rows of eight steps")

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


def _small_fixed_font(widget: QWidget) -> QFont:
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSizeF(widget.font().pointSizeF() * 0.9)
    return font
