"""What the run gave."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.jobs.restore_job import Restored
from app.ui.controls import part_heading
from app.ui.rows import RowsView
from app.ui.theme import SPACING
from app.viewmodels.facts import result_facts


class ResultPanel(QWidget):
    """The facts of the result; hidden while there is none."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = RowsView("Result")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(part_heading("Result"))
        layout.addWidget(self.rows)
        self.setToolTip(
            "Consistency: the share of the result's coefficients that fall in the file's bins, "
            "before and after rounding to 8-bit pixels"
        )

    def show_result(self, restored: Restored | None) -> None:
        if restored is not None:
            self.rows.show_rows(result_facts(restored))
        self.setVisible(restored is not None)
