"""The readout bar below the panes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QSizePolicy

from app.i18n.translation import tr
from app.ui.widgets.theme import MARGIN

_PART_SEPARATOR = "   "
_VERTICAL_MARGIN = 4


class ReadoutBar(QFrame):
    """A line about the pixel under the pointer, in a short form if the long form does not fit."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("readout")
        self._parts: tuple[str, ...] = ()
        self._short_parts: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Under the pointer"))
        self.show_parts(())

    @property
    def text(self) -> str:
        """The whole line in its long form."""
        return _PART_SEPARATOR.join(self._parts)

    def show_parts(self, parts: Sequence[str], short_parts: Sequence[str] = ()) -> None:
        """Show the long and short parts of the line; none if no image is under the pointer."""
        self._parts, self._short_parts = tuple(parts), tuple(short_parts)
        self.setAccessibleDescription(self.text)
        self.setToolTip(
            self.text or tr("Place, colors and coefficients under the pointer are shown here")
        )
        self.update()

    def sizeHint(self) -> QSize:
        height = QFontMetrics(self._tabular_digits_font()).height() + 2 * _VERTICAL_MARGIN
        return QSize(100, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter, font = QPainter(self), self._tabular_digits_font()
        painter.setFont(font)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        text_rect = self.rect().adjusted(MARGIN, 0, -MARGIN, 0)
        metrics, text = QFontMetrics(font), self.text
        if metrics.horizontalAdvance(text) > text_rect.width():
            text = _PART_SEPARATOR.join(self._short_parts)
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, text_rect.width())
        alignment = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading
        painter.drawText(text_rect, alignment, text)

    def _tabular_digits_font(self) -> QFont:
        """Return a slightly smaller font whose digits have equal widths."""
        font = QFont(self.font())
        font.setPointSizeF(self.font().pointSizeF() * 0.95)
        font.setFeature(QFont.Tag("tnum"), 1)
        return font
