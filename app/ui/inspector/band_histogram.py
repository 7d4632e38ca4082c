"""The histogram of a band's levels and of a result's coefficients."""

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
from app.jobs.inspector.inspect import BandInspection
from app.viewmodels.inspector.histogram_range import (
    LevelRange,
    central_level_range,
    full_level_range,
    tick_levels,
)
from app.viewmodels.inspector.inspector_text import format_signed_number, level_tooltip_text

_LEFT_MARGIN, _RIGHT_MARGIN, _TOP_MARGIN, _BOTTOM_MARGIN = 8, 8, 8, 22
_TICK_LABEL_WIDTH = 56
_ZOOM_FACTOR = 1.5
_WHEEL_NOTCH = 120  # QWheelEvent units; touchpads send fractions of a notch


class BandHistogramView(QWidget):
    """A histogram with one bar per level, as wide as its bin, and a curve for the result.

    Heights are square roots of counts, so that rare levels are visible beside frequent ones.
    The wheel, plus and minus zoom; arrow keys scroll; Home shows the central range, End all levels.
    """

    def __init__(self) -> None:
        super().__init__()
        self._inspection: BandInspection | None = None
        self._last_band: tuple[Path, int, int] | None = None
        self._full_range = self._visible_range = LevelRange(-2, 2)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(260, 120)
        self.setAccessibleName(tr("Histogram of a band"))

    def show_band(self, inspection: BandInspection | None) -> None:
        """Show the histogram of a band, or an empty plot for None while levels are counted."""
        if inspection is self._inspection:
            return
        self._inspection = inspection
        if inspection is not None:
            counts = inspection.level_counts.counts
            self._full_range = full_level_range(inspection.level_counts.lowest_level, counts)
            # Another result of the same band keeps the visible range.
            request = inspection.request
            band = (request.jpeg_image.path, request.component, request.band)
            if band != self._last_band:
                self._last_band = band
                self.show_central_range()
        self.update()

    @property
    def visible_range(self) -> LevelRange:
        """The range of visible levels."""
        return self._visible_range

    def show_central_range(self) -> None:
        """Show the range of levels that holds nearly all blocks."""
        if self._inspection is not None:
            level_counts = self._inspection.level_counts
            self._set_visible_range(
                central_level_range(level_counts.lowest_level, level_counts.counts)
            )

    def show_full_range(self) -> None:
        self._set_visible_range(self._full_range)

    def zoom(self, factor: float, anchor_level: int | None = None) -> None:
        """Zoom in by `factor` around `anchor_level`, or around the center for None."""
        self._set_visible_range(self._visible_range.zoomed(factor, anchor_level))

    def sizeHint(self) -> QSize:
        return QSize(460, 200)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, palette = QPainter(self), self.palette()
        # The axis is left-to-right in every language, and so are its number signs.
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        painter.fillRect(self.rect(), palette.color(QPalette.ColorRole.Base))
        inspection = self._inspection
        if inspection is not None:
            max_count = self._max_count(inspection)
            self._paint_level_bars(painter, inspection, max_count)
            self._paint_result_curve(painter, inspection, max_count)
            self._paint_axis(painter, inspection)
        color_role = QPalette.ColorRole.Accent if self.hasFocus() else QPalette.ColorRole.Mid
        painter.setPen(QPen(palette.color(color_role), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            if self._inspection is not None:
                level = self._level_at(event.pos().x())
                QToolTip.showText(
                    event.globalPos(), level_tooltip_text(self._inspection, level), self
                )
            return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        wheel_delta = event.angleDelta().y()
        if wheel_delta:  # 0 for horizontal scrolling
            self.zoom(
                _ZOOM_FACTOR ** (wheel_delta / _WHEEL_NOTCH), self._level_at(event.position().x())
            )
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = max(self._visible_range.count // 8, 1)
        match event.key():
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom(_ZOOM_FACTOR)
            case Qt.Key.Key_Minus:
                self.zoom(1 / _ZOOM_FACTOR)
            case Qt.Key.Key_Left:
                self._set_visible_range(self._visible_range.translated(-step))
            case Qt.Key.Key_Right:
                self._set_visible_range(self._visible_range.translated(step))
            case Qt.Key.Key_Home:
                self.show_central_range()
            case Qt.Key.Key_End:
                self.show_full_range()
            case _:
                super().keyPressEvent(event)

    def _set_visible_range(self, level_range: LevelRange) -> None:
        self._visible_range = level_range.clamped_to(self._full_range)
        self.update()

    @property
    def _plot_rect(self) -> QRectF:
        return QRectF(self.rect()).adjusted(
            _LEFT_MARGIN, _TOP_MARGIN, -_RIGHT_MARGIN, -_BOTTOM_MARGIN
        )

    def _x_from_level(self, level: float) -> float:
        """Return the x coordinate of a level in widget pixels.

        Fractional levels are positions inside a bin; the bin of level n begins at n - 0.5.
        """
        plot = self._plot_rect
        return (
            plot.left()
            + (level - self._visible_range.first + 0.5) / self._visible_range.count * plot.width()
        )

    def _level_at(self, x: float) -> int:
        plot = self._plot_rect
        level_offset = (x - plot.left()) / plot.width() * self._visible_range.count
        return self._visible_range.first + min(
            max(int(level_offset // 1), 0), self._visible_range.count - 1
        )

    def _max_count(self, inspection: BandInspection) -> float:
        """Return the largest visible count, which is drawn at the full height of the plot."""
        visible_levels = range(self._visible_range.first, self._visible_range.last + 1)
        max_count = float(max(inspection.level_counts.count_of(level) for level in visible_levels))
        if inspection.result_histogram is not None and inspection.result_histogram.examined_blocks:
            count_scale = _result_count_scale(inspection)
            max_result_count = max(
                int(inspection.result_histogram.counts_in_bin(level).max())
                for level in visible_levels
            )
            max_count = max(max_count, max_result_count * count_scale)
        return max(max_count, 1.0)

    def _y_from_count(self, count: float, max_count: float) -> float:
        plot = self._plot_rect
        return plot.bottom() - sqrt(count / max_count) * plot.height()

    def _paint_level_bars(
        self, painter: QPainter, inspection: BandInspection, max_count: float
    ) -> None:
        fill = QColor(self.palette().color(QPalette.ColorRole.Text))
        fill.setAlphaF(0.28)
        gap = 1.0 if self._plot_rect.width() / self._visible_range.count > 4 else 0.0
        for level in range(self._visible_range.first, self._visible_range.last + 1):
            count = inspection.level_counts.count_of(level)
            if count:
                left, right = self._x_from_level(level - 0.5), self._x_from_level(level + 0.5)
                top = self._y_from_count(count, max_count)
                bar = QRectF(
                    left, top, max(right - left - gap, 1.0), self._plot_rect.bottom() - top
                )
                painter.fillRect(bar, fill)

    def _paint_result_curve(
        self, painter: QPainter, inspection: BandInspection, max_count: float
    ) -> None:
        result_histogram = inspection.result_histogram
        if result_histogram is None or not result_histogram.examined_blocks:
            return
        count_scale = _result_count_scale(inspection)
        curve, bottom = QPolygonF(), self._plot_rect.bottom()
        curve.append(QPointF(self._x_from_level(self._visible_range.first - 0.5), bottom))
        for level in range(self._visible_range.first, self._visible_range.last + 1):
            cell_counts = result_histogram.counts_in_bin(level)
            for cell_index, count in enumerate(cell_counts):
                y = self._y_from_count(float(count) * count_scale, max_count)
                for edge in (cell_index, cell_index + 1):
                    curve.append(
                        QPointF(self._x_from_level(level - 0.5 + edge / len(cell_counts)), y)
                    )
        curve.append(QPointF(self._x_from_level(self._visible_range.last + 0.5), bottom))
        accent = QColor(self.palette().color(QPalette.ColorRole.Accent))
        tint = QColor(accent)
        tint.setAlphaF(0.18)
        painter.setBrush(tint)
        painter.setPen(QPen(accent, 1.5))
        painter.drawPolygon(curve)

    def _paint_axis(self, painter: QPainter, inspection: BandInspection) -> None:
        plot, step = self._plot_rect, inspection.level_counts.bin_width
        line_color = QColor(self.palette().color(QPalette.ColorRole.Text))
        painter.setPen(QPen(line_color, 1))
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())
        font = QFont(self.font())
        font.setPixelSize(11)
        painter.setFont(font)
        if plot.width() / self._visible_range.count > 10:
            # Dotted lines mark the bin edges if bins are wide enough.
            line_color.setAlphaF(0.35)
            painter.setPen(QPen(line_color, 1, Qt.PenStyle.DotLine))
            for level in range(self._visible_range.first, self._visible_range.last + 2):
                x = self._x_from_level(level - 0.5)
                painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        for level in tick_levels(self._visible_range, int(plot.width() // _TICK_LABEL_WIDTH)):
            x = self._x_from_level(level)
            left = min(max(x - _TICK_LABEL_WIDTH / 2, 2.0), self.width() - 2.0 - _TICK_LABEL_WIDTH)
            box = QRectF(left, plot.bottom() + 3, _TICK_LABEL_WIDTH, _BOTTOM_MARGIN - 4)
            painter.drawText(
                box, Qt.AlignmentFlag.AlignCenter, format_signed_number(level * step, 0)
            )


def _result_count_scale(inspection: BandInspection) -> float:
    """Return the factor that converts counts of the result's histogram to bar heights.

    A histogram cell is a fraction of a bin. If the result's coefficients fill a bin evenly, the
    scaled curve is as high as the bar of the file's blocks in the bin.
    """
    result_histogram = inspection.result_histogram
    assert result_histogram is not None  # all callers have checked
    return (
        len(result_histogram.counts_in_bin(0))
        * inspection.level_counts.total_count
        / max(result_histogram.examined_blocks, 1)
    )
