"""A label that elides its text."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from app.ui.widgets.elided_label import ElidedLabel

PATH = f"/home/{'somebody/' * 20}priors"


@pytest.mark.parametrize(
    ("mode", "first", "last"),
    [(Qt.TextElideMode.ElideMiddle, "/", "s"), (Qt.TextElideMode.ElideRight, "/home", "…")],
)
def test_a_text_is_as_long_as_it_fits_and_whole_for_those_who_ask(qtbot, mode, first, last):
    label = ElidedLabel(mode)
    qtbot.addWidget(label)
    label.show_text(PATH)
    label.resize(100, 20)
    label.show()
    assert label.fontMetrics().horizontalAdvance(label.text()) <= 100
    assert label.text().startswith(first)
    assert label.text().endswith(last)
    assert label.toolTip() == label.accessibleName() == PATH
    label.resize(4000, 20)
    assert label.text() == PATH


def test_another_tool_tip_is_not_shown_as_the_text(qtbot):
    label = ElidedLabel(Qt.TextElideMode.ElideMiddle)
    qtbot.addWidget(label)
    label.resize(400, 20)
    label.show_text("a.png, about 1 kB", tooltip="/photos/a.png")
    with qtbot.waitExposed(label):
        label.show()
    label.resize(390, 20)
    assert (label.text(), label.toolTip()) == ("a.png, about 1 kB", "/photos/a.png")
