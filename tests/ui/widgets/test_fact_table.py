"""A table of facts in the side panel shows no value that is cut off."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QScrollArea

from app.ui.widgets.fact_table import FactTable
from app.ui.widgets.theme import SIDE_PANEL_WIDTH

NAME = "a_name_without_a_space_that_is_far_too_long_for_one_line.jpg"


@pytest.mark.parametrize("longest_label", ["Size", "Previously saved as another"])
def test_a_long_name_is_shortened_to_the_room_beside_the_longest_label(qtbot, longest_label):
    panel = QScrollArea(widgetResizable=True)
    qtbot.addWidget(panel)
    table = FactTable("Facts")
    panel.setWidget(table)
    panel.setFixedSize(SIDE_PANEL_WIDTH - 38, 80)
    table.show_rows((("Name", NAME), (longest_label, "480")))
    panel.show()
    (value,) = (label for label in table.findChildren(QLabel) if label.toolTip() == NAME)
    assert value.text() != NAME
    assert value.fontMetrics().horizontalAdvance(value.text()) <= value.width()
