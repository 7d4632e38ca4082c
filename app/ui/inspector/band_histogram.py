"""How often each level of a band occurs, and where a result's coefficients lie in the bins."""

from __future__ import annotations

from math import sqrt
from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QHelpEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.i18n.translation import tr
from app.jobs.inspector.inspect import BandFound
from app.viewmodels.inspector.histogram_range import (
    LevelRange,
    interesting_range,
    labelled,
    whole_range,
)
from app.viewmodels.inspector.inspector_text import level_words, signed

_LEFT, _RIGHT, _TOP, _BOTTOM = 8, 8, 8, 22
_LABEL_WIDTH = 56
_ZOOM = 1.5
_NOTCH = 120  # of a wheel; touchpads send many small parts of it


class BandHistogram(QWidget):
    """Bars for levels, as wide as their bins; over them the result as a line.

    Heights are square roots of counts, so that rare levels can be seen beside common ones. The
    wheel or plus and minus zoom, arrows move, Home shows where most is, End everything.
    """

    def __init__(self) -> None:
        super().__init__()
        self._found: BandFound | None = None
        self._seen: tuple[Path, int, int] | None = None
        self._whole = self._range = LevelRange(-2, 2)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(260, 120)
        self.setAccessibleName(tr("Histogram of a band"))

    def show_band(self, found: BandFound | None) -> None:
        """None while it is counted."""
        if found is self._found:
            return
        self._found = found
        if found is not None:
            counts = found.levels.counts
            self._whole = whole_range(found.levels.first, counts)
            # Another result of the same band is seen where one looked before.
            request = found.request
            band = (request.image.path, request.component, request.band)
            if band != self._seen:
                self._seen = band
                self.show_most()
        self.update()

    @property
    def shown(self) -> LevelRange:
        """The levels that are seen."""
        return self._range

    def show_most(self) -> None:
        """Where nearly all blocks are."""
        if self._found is not None:
            levels = self._found.levels
            self._show(interesting_range(levels.first, levels.counts))

    def show_all(self) -> None:
        self._show(self._whole)

    def zoom(self, factor: float, at: int | None = None) -> None:
        """So many times fewer levels."""
        self._show(self._range.zoomed(factor, at))

    def sizeHint(self) -> QSize:
        return QSize(460, 200)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, palette = QPainter(self), self.palette()
        # An axis of numbers runs from left to right in every language, and so do its signs.
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        painter.fillRect(self.rect(), palette.color(QPalette.ColorRole.Base))
        found = self._found
        if found is not None:
            highest = self._highest(found)
            self._paint_bars(painter, found, highest)
            self._paint_result(painter, found, highest)
            self._paint_axis(painter, found)
        colour = QPalette.ColorRole.Accent if self.hasFocus() else QPalette.ColorRole.Mid
        painter.setPen(QPen(palette.color(colour), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            if self._found is not None:
                level = self._level_at(event.pos().x())
                QToolTip.showText(event.globalPos(), level_words(self._found, level), self)
            return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if turned:  # sideways it is not
            self.zoom(_ZOOM ** (turned / _NOTCH), self._level_at(event.position().x()))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        move = max(self._range.count // 8, 1)
        match event.key():
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom(_ZOOM)
            case Qt.Key.Key_Minus:
                self.zoom(1 / _ZOOM)
            case Qt.Key.Key_Left:
                self._show(self._range.moved(-move))
            case Qt.Key.Key_Right:
                self._show(self._range.moved(move))
            case Qt.Key.Key_Home:
                self.show_most()
            case Qt.Key.Key_End:
                self.show_all()
            case _:
                super().keyPressEvent(event)

    def _show(self, wanted: LevelRange) -> None:
        self._range = wanted.within(self._whole)
        self.update()

    @property
    def _plot(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_LEFT, _TOP, -_RIGHT, -_BOTTOM)

    def _x(self, level: float) -> float:
        """Of a place between levels; bins begin half a level before theirs."""
        plot = self._plot
        return plot.left() + (level - self._range.first + 0.5) / self._range.count * plot.width()

    def _level_at(self, x: float) -> int:
        plot = self._plot
        place = (x - plot.left()) / plot.width() * self._range.count
        return self._range.first + min(max(int(place // 1), 0), self._range.count - 1)

    def _highest(self, found: BandFound) -> float:
        """The count that reaches the top."""
        shown = range(self._range.first, self._range.last + 1)
        highest = float(max(found.levels.count(level) for level in shown))
        if found.spread is not None and found.spread.blocks:
            per_bin = _per_bin(found)
            most = max(int(found.spread.in_bin(level).max()) for level in shown)
            highest = max(highest, most * per_bin)
        return max(highest, 1.0)

    def _y(self, count: float, highest: float) -> float:
        plot = self._plot
        return plot.bottom() - sqrt(count / highest) * plot.height()

    def _paint_bars(self, painter: QPainter, found: BandFound, highest: float) -> None:
        fill = QColor(self.palette().color(QPalette.ColorRole.Text))
        fill.setAlphaF(0.28)
        gap = 1.0 if self._plot.width() / self._range.count > 4 else 0.0
        for level in range(self._range.first, self._range.last + 1):
            count = found.levels.count(level)
            if count:
                left, right = self._x(level - 0.5), self._x(level + 0.5)
                top = self._y(count, highest)
                bar = QRectF(left, top, max(right - left - gap, 1.0), self._plot.bottom() - top)
                painter.fillRect(bar, fill)

    def _paint_result(self, painter: QPainter, found: BandFound, highest: float) -> None:
        spread = found.spread
        if spread is None or not spread.blocks:
            return
        per_bin = _per_bin(found)
        line, bottom = QPolygonF(), self._plot.bottom()
        line.append(QPointF(self._x(self._range.first - 0.5), bottom))
        for level in range(self._range.first, self._range.last + 1):
            cells = spread.in_bin(level)
            for number, count in enumerate(cells):
                y = self._y(float(count) * per_bin, highest)
                for edge in (number, number + 1):
                    line.append(QPointF(self._x(level - 0.5 + edge / len(cells)), y))
        line.append(QPointF(self._x(self._range.last + 0.5), bottom))
        accent = QColor(self.palette().color(QPalette.ColorRole.Accent))
        tint = QColor(accent)
        tint.setAlphaF(0.18)
        painter.setBrush(tint)
        painter.setPen(QPen(accent, 1.5))
        painter.drawPolygon(line)

    def _paint_axis(self, painter: QPainter, found: BandFound) -> None:
        plot, step = self._plot, found.levels.step
        faint = QColor(self.palette().color(QPalette.ColorRole.Text))
        painter.setPen(QPen(faint, 1))
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())
        font = QFont(self.font())
        font.setPixelSize(11)
        painter.setFont(font)
        if plot.width() / self._range.count > 10:
            # Where bins meet.
            faint.setAlphaF(0.35)
            painter.setPen(QPen(faint, 1, Qt.PenStyle.DotLine))
            for level in range(self._range.first, self._range.last + 2):
                x = self._x(level - 0.5)
                painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        for level in labelled(self._range, int(plot.width() // _LABEL_WIDTH)):
            x = self._x(level)
            left = min(max(x - _LABEL_WIDTH / 2, 2.0), self.width() - 2.0 - _LABEL_WIDTH)
            box = QRectF(left, plot.bottom() + 3, _LABEL_WIDTH, _BOTTOM - 4)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, signed(level * step, 0))


def _per_bin(found: BandFound) -> float:
    """What the count of a cell is multiplied by to be compared with a bar.

    A bin that is filled evenly, by all blocks, then reaches as high as its bar.
    """
    spread = found.spread
    assert spread is not None  # nobody asks otherwise
    return len(spread.in_bin(0)) * found.levels.total / max(spread.blocks, 1)
