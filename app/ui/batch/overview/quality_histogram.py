"""A small histogram of the qualities of the files of a batch."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.i18n.translation import tr
from app.ui.widgets.theme import Theme
from app.viewmodels.batch.overview.file_facts_text import histogram_text, quality_range_text
from ddrm_core.batch.triage.triage_row import QUALITY_BIN_WIDTH

_SIZE = QSize(140, 44)
_BAR_GAP_PX = 2
_MIN_BAR_HEIGHT_PX = 2
_LABEL_HEIGHT_PX = 13
_LABEL_FONT_SHARE = 0.8


class QualityHistogram(QWidget):
    """A widget that paints a bar for each range of qualities, lowest first.

    Bars of files that are restored have the accent color, bars of others are gray.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._counts: tuple[int, ...] = ()
        self._below_quality: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("JPEG qualities of the files"))
        theme.colors_changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return _SIZE

    def show_counts(self, counts: tuple[int, ...], *, below_quality: int | None) -> None:
        """Show the numbers of files per range of qualities.

        Args:
            counts: Numbers of files, from the lowest range of qualities to the highest.
            below_quality: Quality below which files are restored, None for all files.
        """
        if (counts, below_quality) != (self._counts, self._below_quality):
            self._counts, self._below_quality = counts, below_quality
            self.setAccessibleDescription(histogram_text(counts))
            self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            bar = self._find_bar(event.pos().x())
            if bar is not None:
                QToolTip.showText(
                    event.globalPos(), quality_range_text(bar, self._counts[bar]), self
                )
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        colors, highest = self._theme.colors, max(self._counts, default=0)
        base = self.height() - _LABEL_HEIGHT_PX
        painter.fillRect(QRect(0, base - 1, self.width(), 1), QColor(colors.border))
        for bar, count in enumerate(self._counts):
            if not count:
                continue
            height = max((base - 1) * count / highest, _MIN_BAR_HEIGHT_PX)
            painter.fillRect(self._bar_rectangle(bar, base, height), QColor(self._bar_color(bar)))
        font = painter.font()
        font.setPointSizeF(font.pointSizeF() * _LABEL_FONT_SHARE)
        painter.setFont(font)
        painter.setPen(QColor(colors.secondary_text))
        labels = QRect(0, base, self.width(), _LABEL_HEIGHT_PX)
        for text, alignment in (
            ("1", Qt.AlignmentFlag.AlignLeft),
            ("50", Qt.AlignmentFlag.AlignHCenter),
            ("100", Qt.AlignmentFlag.AlignRight),
        ):
            painter.drawText(labels, alignment | Qt.AlignmentFlag.AlignTop, text)

    def _bar_rectangle(self, bar: int, base: int, height: float) -> QRectF:
        width = self.width() / len(self._counts)
        return QRectF(bar * width + _BAR_GAP_PX / 2, base - height, width - _BAR_GAP_PX, height)

    def _bar_color(self, bar: int) -> str:
        limit = self._below_quality
        is_restored = limit is None or bar * QUALITY_BIN_WIDTH + 1 < limit
        return self._theme.colors.accent if is_restored else self._theme.colors.secondary_text

    def _find_bar(self, x: int) -> int | None:
        """Return the index of the bar at a position, None without bars."""
        if not self._counts or not 0 <= x < self.width():
            return None
        return x * len(self._counts) // self.width()
