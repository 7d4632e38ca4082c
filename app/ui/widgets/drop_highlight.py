"""A frame over the widget on which dragged files would be dropped."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.ui.widgets.theme import MARGIN, Theme

_FRAME_WIDTH_PX = 3
_CORNER_RADIUS_PX = 8
_TINT_ALPHA = 36


class DropHighlight(QWidget):
    """A frame and a text over a widget, visible while files are dragged over a drop target.

    The drop target shows the highlight when a drag enters, and hides it when the drag leaves or
    ends.
    """

    def __init__(self, area: QWidget, theme: Theme) -> None:
        """Create the hidden highlight of the widget `area`, which becomes its parent."""
        super().__init__(area)
        self._theme = theme
        self._text = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._area = area
        self.hide()

    @property
    def text(self) -> str:
        return self._text

    def show_text(self, text: str) -> None:
        """Show the highlight, with a text that says what a drop would do."""
        self._text = text
        self.setGeometry(self._area.rect())
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = self._theme.colors
        accent, tint = QColor(colors.accent), QColor(colors.accent)
        tint.setAlpha(_TINT_ALPHA)
        painter.setPen(QPen(accent, _FRAME_WIDTH_PX))
        painter.setBrush(tint)
        frame = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        painter.drawRoundedRect(frame, _CORNER_RADIUS_PX, _CORNER_RADIUS_PX)
        font = painter.font()
        font.setBold(True)
        painter.setFont(font)
        metrics = painter.fontMetrics()
        label = QRectF(metrics.boundingRect(self._text)).adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
        label.moveCenter(frame.center())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(accent)
        painter.drawRoundedRect(label, _CORNER_RADIUS_PX, _CORNER_RADIUS_PX)
        painter.setPen(QColor(colors.accent_text))
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, self._text)
