"""The legend bar of differences."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.compare.legend_bar import LegendBar
from app.viewmodels.compare.compare import CompareMode
from app.viewmodels.compare.scene import Legend


def test_a_legend_s_numbers_run_from_left_to_right_in_every_language(qtbot):
    images = []
    for direction in (Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft):
        QApplication.setLayoutDirection(direction)
        holder = QWidget()
        qtbot.addWidget(holder)
        box = LegendBar(QAction("-"), QAction("+"))
        box.setParent(holder)
        box.show_legend(
            Legend("\N{MINUS SIGN}32", "0", "+32", "Differences"), CompareMode.DIFFERENCE
        )
        images.append(box.color_bar.grab().toImage())
    QApplication.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert images[0] == images[1]
