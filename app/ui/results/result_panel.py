"""What the run gave."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.i18n.translation import tr
from app.ui.export.drag_handle import DragHandle
from app.ui.results.sharpness_slider import SharpnessSlider
from app.ui.widgets.fact_table import RowsView
from app.ui.widgets.form_controls import faint, part_heading
from app.ui.widgets.theme import SPACING
from app.viewmodels.document.facts import (
    ConsistencyVerdict,
    build_consistency_verdict,
    result_facts,
)
from app.viewmodels.run.run import Done


class ResultPanel(QWidget):
    """A badge that says whether the result agrees with the file, and the facts of the result.

    Hidden while there is none.
    """

    def __init__(self) -> None:
        super().__init__()
        self.estimate = _line(QLabel(tr("An estimate: the run was stopped before its end")))
        self.badge = _line(QLabel())
        self.badge_detail = _line(faint())
        self.sharpness = SharpnessSlider()
        self.rows = RowsView(tr("Result"))
        self.handle = DragHandle()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(part_heading(tr("Result")))
        said = (self.estimate, self.badge, self.badge_detail)
        for widget in (*said, self.sharpness, self.rows, self.handle):
            layout.addWidget(widget)
        self.setToolTip(
            tr(
                "Consistency: the share of the result's coefficients that fall in the file's bins, "
                "or of its values where lower bits were lost, before and after rounding to 8-bit "
                "pixels"
            )
        )

    def show_result(self, done: Done | None) -> None:
        if done is not None:
            self._show_badge(build_consistency_verdict(done.restored))
            self.rows.show_rows(result_facts(done.restored))
            self.estimate.setVisible(not done.restored.restoration.complete)
            self.sharpness.show_sharpness(done.sharpness, done.sample)
            self.sharpness.setVisible(done.adjustable)
        self.setVisible(done is not None)

    def _show_badge(self, agreement: ConsistencyVerdict) -> None:
        self.badge.setObjectName("agrees" if agreement.is_consistent else "heading")
        # A style sheet looks at names only when a widget is dressed.
        self.badge.style().polish(self.badge)
        self.badge.setText(agreement.text)
        self.badge.setAccessibleName(f"{agreement.text}. {agreement.rounding_text}".rstrip(". "))
        self.badge_detail.setText(agreement.rounding_text)
        self.badge_detail.setVisible(bool(agreement.rounding_text))


def _line(label: QLabel) -> QLabel:
    label.setWordWrap(True)
    return label
