"""How strongly differences and spread are shown, and what their colours say."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QAction, QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from app.i18n.translation import tr
from app.imaging.colormaps import heat
from app.imaging.qimage import qimage
from app.ui.widgets.theme import ICON_SIZE, SPACING
from app.viewmodels.compare.compare import Mode
from app.viewmodels.compare.scene import Legend

# Logical pixels.
_BAR_HEIGHT = 10
_LEAST_BAR_WIDTH = 170


class ScaleBox(QFrame):
    """A legend in grey levels between a button for less and one for more.

    It stays in left-to-right order in every language, as numbers on an axis do.
    """

    def __init__(self, less: QAction, more: QAction) -> None:
        super().__init__()
        self.setObjectName("scale")
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.bar = _LegendBar()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACING // 2, SPACING // 2, SPACING // 2, SPACING // 2)
        layout.setSpacing(SPACING)
        layout.addWidget(_button(less))
        layout.addWidget(self.bar)
        layout.addWidget(QLabel(tr("grey levels")))
        layout.addWidget(_button(more))
        self.hide()

    def show_legend(self, shown: Legend | None, mode: Mode) -> None:
        """Render what colours say in a mode; None where they are the picture's own."""
        self.setVisible(shown is not None)
        if shown is not None:
            self.bar.show_legend(shown, mode)


class _LegendBar(QWidget):
    """The colours from the least to the most, with three values below."""

    def __init__(self) -> None:
        super().__init__()
        self._legend = Legend("", "", "", "")
        self._colours = QImage()

    def show_legend(self, shown: Legend, mode: Mode) -> None:
        greys = qimage(_ramp()).convertToFormat(QImage.Format.Format_RGB32)
        self._colours = heat(greys, 1) if mode is Mode.SPREAD else greys
        self._legend = shown
        self.setAccessibleName(shown.words)
        self.setToolTip(shown.words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics, shown = self.fontMetrics(), self._legend
        words = (shown.least, shown.middle, shown.most)
        width = max(metrics.horizontalAdvance(word) for word in words) * 3
        return QSize(max(width, _LEAST_BAR_WIDTH), _BAR_HEIGHT + 2 + metrics.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, shown = QPainter(self), self._legend
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        painter.drawImage(QRect(0, 0, self.width(), _BAR_HEIGHT), self._colours)
        painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
        painter.drawRect(0, 0, self.width() - 1, _BAR_HEIGHT - 1)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        below = self.rect().adjusted(0, _BAR_HEIGHT + 2, 0, 0)
        places = (
            (shown.least, Qt.AlignmentFlag.AlignLeft),
            (shown.middle, Qt.AlignmentFlag.AlignHCenter),
            (shown.most, Qt.AlignmentFlag.AlignRight),
        )
        for text, side in places:
            painter.drawText(below, side | Qt.AlignmentFlag.AlignVCenter, text)


def _ramp() -> NDArray[np.uint8]:
    return np.arange(256, dtype=np.uint8)[None]


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    button.setIconSize(ICON_SIZE)
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setAccessibleName(action.text())
    return button
