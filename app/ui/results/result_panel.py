"""The panel with the facts of the result."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.i18n.translation import tr
from app.ui.export.drag_handle import DragHandle
from app.ui.results.sharpness_slider import SharpnessSlider
from app.ui.widgets.collapsible import CollapsibleSection
from app.ui.widgets.fact_table import FactTable
from app.ui.widgets.form_controls import create_heading_label, create_secondary_label
from app.ui.widgets.theme import SPACING
from app.viewmodels.document.facts import (
    ConsistencyVerdict,
    build_consistency_verdict,
    result_facts,
)
from app.viewmodels.run.labels import intermediate_result_text
from app.viewmodels.run.run import ResultReady


class ResultPanel(QWidget):
    """A badge with the result's consistency, and a collapsible section with the result's facts.

    The panel is hidden while no result exists.
    """

    def __init__(self) -> None:
        super().__init__()
        self.estimate_label = _enable_word_wrap(QLabel())
        self.consistency_badge = _enable_word_wrap(QLabel())
        self.rounding_label = _enable_word_wrap(create_secondary_label())
        self.sharpness_slider = SharpnessSlider()
        self.fact_table = FactTable(tr("Result"))
        self.drag_handle = DragHandle()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(create_heading_label(tr("Result")))
        tip = tr("Consistency, evaluations, time, model and seed of the result")
        self.details_section = CollapsibleSection(tr("Details"), self.fact_table, tooltip=tip)
        labels = (self.estimate_label, self.consistency_badge, self.rounding_label)
        for widget in (*labels, self.sharpness_slider, self.details_section, self.drag_handle):
            layout.addWidget(widget)
        self.setToolTip(
            tr(
                "Consistency: the share of the result's coefficients that fall in the file's bins, "
                "or of its values where lower bits were lost, before and after rounding to 8-bit "
                "pixels"
            )
        )

    def show_result(self, state: ResultReady | None) -> None:
        if state is not None:
            self._show_verdict(build_consistency_verdict(state.result))
            self.fact_table.show_rows(result_facts(state.result))
            self.estimate_label.setText(intermediate_result_text(state.result))
            self.estimate_label.setVisible(not state.result.restoration.complete)
            self.sharpness_slider.show_sharpness(state.sharpness, state.sample_number)
            self.sharpness_slider.setVisible(state.is_sharpness_adjustable)
        self.setVisible(state is not None)

    def _show_verdict(self, verdict: ConsistencyVerdict) -> None:
        self.consistency_badge.setObjectName("agrees" if verdict.is_consistent else "heading")
        # Qt applies the style sheet of a new object name only when the widget is polished.
        self.consistency_badge.style().polish(self.consistency_badge)
        self.consistency_badge.setText(verdict.text)
        self.consistency_badge.setAccessibleName(
            f"{verdict.text}. {verdict.rounding_text}".rstrip(". ")
        )
        self.rounding_label.setText(verdict.rounding_text)
        self.rounding_label.setVisible(bool(verdict.rounding_text))


def _enable_word_wrap(label: QLabel) -> QLabel:
    label.setWordWrap(True)
    return label
