"""The legend bar of differences."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QColor, QImage
from PySide6.QtWidgets import QApplication, QWidget

from app.imaging.colormaps import render_difference
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


def test_the_legend_of_a_difference_has_the_colors_of_the_image(qtbot):
    """Defect 31: the legend is gray, although a difference of color images has colors."""
    holder = QWidget()
    qtbot.addWidget(holder)
    box = LegendBar(QAction("-"), QAction("+"))
    box.setParent(holder)
    box.show_legend(Legend("-128", "0", "+128", "Differences"), CompareMode.DIFFERENCE)
    before = QImage(1, 1, QImage.Format.Format_RGB32)
    before.fill(QColor(20, 20, 20))
    legend = box.color_bar.grab().toImage()
    colors = {legend.pixel(legend.width() - 3, row) for row in range(legend.height())}
    for after_color in (
        QColor(255, 255, 255),
        QColor(255, 20, 20),
        QColor(20, 255, 20),
        QColor(20, 20, 255),
    ):
        after = QImage(before)
        after.fill(after_color)
        shown = render_difference(before, after, 1).pixelColor(0, 0)
        distances = [
            max(abs(a - b) for a, b in zip(shown.getRgb(), QColor(c).getRgb(), strict=True))
            for c in colors
        ]
        assert min(distances) <= 4
