"""The panel with the verdict on the result."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.i18n.translation import tr
from app.ui.export.drag_handle import DragHandle
from app.ui.results.result_adjustments import ResultAdjustments
from app.ui.results.verdict_view import VerdictView
from app.ui.widgets.form_controls import create_heading_label
from app.ui.widgets.theme import SPACING
from app.viewmodels.results.verdict_text import build_verdict_text
from app.viewmodels.run.run import ResultReady


class ResultPanel(QWidget):
    """The verdict on the result, and the adjustments, which a window can lay out elsewhere.

    Panel and adjustments are hidden while no result exists.
    """

    def __init__(self) -> None:
        super().__init__()
        self.verdict_view = VerdictView()
        self.adjustments = ResultAdjustments()
        self.sharpness_slider = self.adjustments.sharpness_slider
        self.fact_table = self.adjustments.fact_table
        self.drag_handle = DragHandle()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(create_heading_label(tr("Result")))
        for widget in (self.verdict_view, self.adjustments, self.drag_handle):
            layout.addWidget(widget)

    def show_result(self, state: ResultReady | None) -> None:
        if state is not None:
            has_spread = state.result.spread_map is not None
            self.verdict_view.show_verdict(build_verdict_text(state.result), has_spread=has_spread)
            self.adjustments.show_result(state)
        for widget in (self, self.adjustments):
            widget.setVisible(state is not None)
