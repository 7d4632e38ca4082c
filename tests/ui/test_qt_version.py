from __future__ import annotations

import sys

from PySide6.QtWidgets import QLabel


def test_calls_into_qt_leave_the_count_of_references_to_none_alone(qtbot):
    """PySide6 6.12.0 loses one reference to None per call.

    Python before 3.12 aborts when no reference is left.
    """
    label = QLabel()
    qtbot.addWidget(label)
    before = sys.getrefcount(None)
    for _ in range(1000):
        label.setText("text")
    assert abs(sys.getrefcount(None) - before) < 500
