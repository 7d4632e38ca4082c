"""The controls that change the shown result, and the facts of the result."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.i18n.translation import tr
from app.ui.results.blend_sliders import SharpnessSlider, StrengthSlider
from app.ui.results.kept_areas_row import KeptAreasRow
from app.ui.widgets.collapsible import CollapsibleSection
from app.ui.widgets.fact_table import FactTable
from app.ui.widgets.form_controls import (
    create_push_button,
    create_secondary_label,
)
from app.ui.widgets.theme import SPACING
from app.viewmodels.document.facts import result_facts
from app.viewmodels.results.verdict_text import rounding_text
from app.viewmodels.run.run import ResultReady


class ResultAdjustments(QWidget):
    """Two sections: sharpness, strength and kept areas of the result; and its facts.

    Signals:
        sixteen_bits_requested: The button for saving with 16 bits was clicked.
    """

    sixteen_bits_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.sharpness_slider = SharpnessSlider()
        self.strength_slider = StrengthSlider()
        self.kept_areas_row = KeptAreasRow()
        self.fact_table = FactTable(tr("Result"))
        self.rounding_label = create_secondary_label()
        self.rounding_label.setWordWrap(True)
        self.sixteen_bits_button = create_push_button(
            tr("Save with 16 bits"), tr("Save results with 16 bits per channel from now on")
        )
        self.sixteen_bits_button.clicked.connect(self.sixteen_bits_requested)
        self.details_section = CollapsibleSection(
            tr("Details"),
            _stack(QWidget(), self.fact_table, self.rounding_label, self.sixteen_bits_button),
            tooltip=tr("Values that agree with the file, time, model and seed of the result"),
        )
        self.adjust_section = CollapsibleSection(
            tr("Adjust the result"),
            _stack(QWidget(), self.sharpness_slider, self.strength_slider, self.kept_areas_row),
            tooltip=tr("Change sharpness and strength, or keep areas as in the file"),
        )
        _stack(self, self.adjust_section, self.details_section)

    def show_result(self, state: ResultReady) -> None:
        self.fact_table.show_rows(result_facts(state.result))
        rounding = rounding_text(state.result)
        self.rounding_label.setText(rounding)
        for widget in (self.rounding_label, self.sixteen_bits_button):
            widget.setVisible(bool(rounding))
        self.sharpness_slider.show_sharpness(state.sharpness, state.sample_number)
        self.sharpness_slider.setVisible(state.is_sharpness_adjustable)
        self.strength_slider.show_position(state.strength.strength)
        self.kept_areas_row.show_count(len(state.strength.kept_areas))


def _stack(holder: QWidget, *widgets: QWidget) -> QWidget:
    """Lay out widgets below each other in `holder`, and return `holder`."""
    layout = QVBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(SPACING)
    for widget in widgets:
        layout.addWidget(widget)
    return holder
