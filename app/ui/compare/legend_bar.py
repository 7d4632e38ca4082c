"""The legend bar of differences and spread."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QAction, QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from app.i18n.translation import tr
from app.imaging.colormaps import MID_GRAY, apply_heat_colors
from app.imaging.qimage import qimage_from_pixels
from app.ui.widgets.form_controls import create_action_button
from app.ui.widgets.theme import ICON_SIZE, SPACING
from app.viewmodels.compare.compare import CompareMode
from app.viewmodels.compare.scene import Legend

# Logical pixels.
_COLOR_BAR_HEIGHT = 16
_MIN_COLOR_BAR_WIDTH = 170


class LegendBar(QFrame):
    """A color scale in gray levels between two buttons that change the amplification.

    The layout is left-to-right in every language, like the axis of a diagram.
    """

    def __init__(self, decrease_action: QAction, increase_action: QAction) -> None:
        super().__init__()
        self.setObjectName("scale")
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.color_bar = _ColorBar()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACING // 2, SPACING // 2, SPACING // 2, SPACING // 2)
        layout.setSpacing(SPACING)
        layout.addWidget(_create_amplification_button(decrease_action))
        layout.addWidget(self.color_bar)
        layout.addWidget(QLabel(tr("gray levels")))
        layout.addWidget(_create_amplification_button(increase_action))
        self.hide()

    def show_legend(self, legend: Legend | None, mode: CompareMode) -> None:
        """Show the legend of a difference or a spread map, or hide the bar if `legend` is None."""
        self.setVisible(legend is not None)
        if legend is not None:
            self.color_bar.show_legend(legend, mode)


class _ColorBar(QWidget):
    """A bar with color gradients and, below it, the values at its ends and in its middle.

    The legend of a difference has four gradients: of all channels together, red, green and blue.
    """

    def __init__(self) -> None:
        super().__init__()
        self._legend = Legend("", "", "", "")
        self._gradient = QImage()

    def show_legend(self, legend: Legend, mode: CompareMode) -> None:
        if mode is CompareMode.SPREAD:
            ramp = qimage_from_pixels(_gray_ramp()).convertToFormat(QImage.Format.Format_RGB32)
            self._gradient = apply_heat_colors(ramp, 1)
        else:
            self._gradient = qimage_from_pixels(_channel_ramps())
        self._legend = legend
        self.setAccessibleName(legend.description)
        self.setToolTip(legend.description)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics, legend = self.fontMetrics(), self._legend
        labels = (legend.low_text, legend.middle_text, legend.high_text)
        width = max(metrics.horizontalAdvance(label) for label in labels) * 3
        return QSize(max(width, _MIN_COLOR_BAR_WIDTH), _COLOR_BAR_HEIGHT + 2 + metrics.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, legend = QPainter(self), self._legend
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        painter.drawImage(QRect(0, 0, self.width(), _COLOR_BAR_HEIGHT), self._gradient)
        painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
        painter.drawRect(0, 0, self.width() - 1, _COLOR_BAR_HEIGHT - 1)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        label_rect = self.rect().adjusted(0, _COLOR_BAR_HEIGHT + 2, 0, 0)
        aligned_labels = (
            (legend.low_text, Qt.AlignmentFlag.AlignLeft),
            (legend.middle_text, Qt.AlignmentFlag.AlignHCenter),
            (legend.high_text, Qt.AlignmentFlag.AlignRight),
        )
        for text, side in aligned_labels:
            painter.drawText(label_rect, side | Qt.AlignmentFlag.AlignVCenter, text)


def _gray_ramp() -> NDArray[np.uint8]:
    return np.arange(256, dtype=np.uint8)[None]


def _channel_ramps() -> NDArray[np.uint8]:
    """Return the colors of differences in all channels, in red, in green and in blue, by row."""
    ramps = np.full((4, 256, 3), MID_GRAY, dtype=np.uint8)
    for row, channels in enumerate(([0, 1, 2], [0], [1], [2])):
        ramps[row][:, channels] = _gray_ramp().T
    return ramps


def _create_amplification_button(action: QAction) -> QToolButton:
    button = create_action_button(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    button.setIconSize(ICON_SIZE)
    return button
