"""What the file says."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.jobs.open_job import Document
from app.ui.controls import faint, heading
from app.ui.fold import Fold
from app.ui.rows import RowsView
from app.ui.theme import SPACING
from app.viewmodels.facts import file_facts, table_words


class FilePanel(QWidget):
    """The facts of the opened file and, folded away, its luma table."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = RowsView("File")
        self._none = faint("No file is open.")
        self._table = QLabel()
        self._table.setFont(_small_fixed_font(self))
        self._fold = Fold(
            "Luma quantisation table",
            self._table,
            tip="The steps the file's brightness was rounded to, lowest frequencies at top left",
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(heading("File"))
        layout.addWidget(self._none)
        layout.addWidget(self.rows)
        layout.addWidget(self._fold)
        self._fold.hide()
        self.rows.hide()

    def show_document(self, document: Document) -> None:
        image = document.image
        self._none.hide()
        self.rows.show_rows(file_facts(image, document.display))
        self.rows.show()
        self._table.setText(table_words(image.tables[0]))
        self._table.setAccessibleName("Luma quantisation table, eight rows of eight steps")
        self._fold.show()


def _small_fixed_font(widget: QWidget) -> QFont:
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSizeF(widget.font().pointSizeF() * 0.9)
    return font
