"""A diagram of the chroma sampling."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.i18n.translation import tr

_COLUMNS, _ROWS, _CELL_SIZE = 8, 4, 24
_DOT_RADIUS, _RING_RADIUS = 2.5, 7.0


class ChromaSamplingView(QWidget):
    """A diagram of 8 x 4 pixels: dots are luma samples, rings are chroma samples."""

    def __init__(self) -> None:
        super().__init__()
        self._pixels_across, self._pixels_down, self._is_gray = 1, 1, True
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Samples of brightness and color"))
        self.setToolTip(
            tr("A dot is a sample of brightness, a ring one of color; each square is a pixel")
        )

    def show_sampling(self, pixels_across: int, pixels_down: int, *, is_gray: bool) -> None:
        """Show how many pixels share a chroma sample; gray images have no chroma samples."""
        self._pixels_across, self._pixels_down, self._is_gray = pixels_across, pixels_down, is_gray
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_COLUMNS * _CELL_SIZE + 1, _ROWS * _CELL_SIZE + 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, palette = QPainter(self), self.palette()
        text_color = palette.color(QPalette.ColorRole.WindowText)
        accent_color = palette.color(QPalette.ColorRole.Accent)
        grid_rect = QRectF(0, 0, _COLUMNS * _CELL_SIZE, _ROWS * _CELL_SIZE)
        painter.fillRect(grid_rect, palette.color(QPalette.ColorRole.Base))
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
        for column in range(_COLUMNS + 1):
            painter.drawLine(column * _CELL_SIZE, 0, column * _CELL_SIZE, _ROWS * _CELL_SIZE)
        for row in range(_ROWS + 1):
            painter.drawLine(0, row * _CELL_SIZE, _COLUMNS * _CELL_SIZE, row * _CELL_SIZE)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(text_color)
        for row in range(_ROWS):
            for column in range(_COLUMNS):
                center = QPointF((column + 0.5) * _CELL_SIZE, (row + 0.5) * _CELL_SIZE)
                painter.drawEllipse(center, _DOT_RADIUS, _DOT_RADIUS)
        if not self._is_gray:
            self._paint_chroma_samples(painter, accent_color)

    def _paint_chroma_samples(self, painter: QPainter, accent_color: QColor) -> None:
        fill_color = QColor(accent_color)
        fill_color.setAlphaF(0.12)
        for top in range(0, _ROWS, self._pixels_down):
            for left in range(0, _COLUMNS, self._pixels_across):
                group_rect = QRectF(
                    left * _CELL_SIZE,
                    top * _CELL_SIZE,
                    self._pixels_across * _CELL_SIZE,
                    self._pixels_down * _CELL_SIZE,
                )
                painter.setPen(QPen(accent_color, 1.5))
                painter.setBrush(fill_color)
                painter.drawRect(group_rect.adjusted(1.5, 1.5, -1.5, -1.5))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(accent_color, 2))
                painter.drawEllipse(group_rect.center(), _RING_RADIUS, _RING_RADIUS)
