"""The message bar that floats over the images."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPropertyAnimation, QTimer, Slot
from PySide6.QtGui import QEnterEvent, QHideEvent
from PySide6.QtWidgets import QApplication, QGraphicsOpacityEffect, QStackedWidget, QWidget

from app.ui.widgets.message_bar import MessageBar
from app.ui.widgets.theme import MARGIN, SPACING, Theme

_MAX_WIDTH_PX = 680
_MIN_WIDTH_PX = 280
_DISPLAY_TIME_MS = 6_000
# A message with buttons is read and then answered.
_DISPLAY_TIME_WITH_BUTTONS_MS = 20_000
_FADE_TIME_MS = 400


class FloatingMessageBar(MessageBar):
    """A message bar over the lower edge of another widget, which it never moves.

    A message fades out after some seconds unless it stays (see `MessageBar.stays`), or the mouse or
    the focus is on it.
    """

    def __init__(
        self, theme: Theme, pages: QStackedWidget, *, display_time_ms: int = _DISPLAY_TIME_MS
    ) -> None:
        """Create the bar as a child of `pages`.

        Args:
            theme: Colors and icons.
            pages: Stack over whose current page the bar floats.
            display_time_ms: Time in milliseconds until a message without buttons fades out.
        """
        super().__init__(theme)
        self.setParent(pages)
        self._covered: QWidget = pages
        self._display_time_ms = display_time_ms
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._fade_out)
        self._effect = QGraphicsOpacityEffect(self)
        self._effect.setEnabled(False)  # an effect slows painting down
        self.setGraphicsEffect(self._effect)
        self._fading = QPropertyAnimation(self._effect, b"opacity", self)
        self._fading.setDuration(_FADE_TIME_MS)
        self._fading.setStartValue(1.0)
        self._fading.setEndValue(0.0)
        self._fading.finished.connect(self.hide)
        pages.installEventFilter(self)
        pages.currentChanged.connect(self.raise_)
        self.message_changed.connect(self._on_message_changed)

    def float_over(self, widget: QWidget) -> None:
        """Float over another widget from now on."""
        is_shown = not self.isHidden()
        self._covered.removeEventFilter(self)
        self._covered = widget
        self.setParent(widget)  # hides the bar
        widget.installEventFilter(self)
        if is_shown:
            self.show()
            self._on_message_changed()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # the texts have another size
            self._place()
        return super().event(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._stop_fading()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._start_timer()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._stop_fading()

    @Slot()
    def _on_message_changed(self) -> None:
        self.raise_()
        self._place()
        self._stop_fading()
        self._start_timer()

    def _start_timer(self) -> None:
        if self.isHidden() or self.stays or self.underMouse():
            return
        time_ms = _DISPLAY_TIME_WITH_BUTTONS_MS if self.has_buttons else self._display_time_ms
        self._timer.start(time_ms)

    def _stop_fading(self) -> None:
        self._timer.stop()
        self._fading.stop()
        self._effect.setEnabled(False)

    @Slot()
    def _fade_out(self) -> None:
        focused = QApplication.focusWidget()
        if focused is not None and self.isAncestorOf(focused):
            self._start_timer()
            return
        self._effect.setEnabled(True)
        self._fading.start()

    def _place(self) -> None:
        """Center the bar above the lower edge of the pages, as wide as its texts need."""
        available = self._covered.width() - 2 * MARGIN
        frame = self.sizeHint().width() - self.title_label.sizeHint().width()
        text_width = max(
            label.fontMetrics().horizontalAdvance(line)
            for label in (self.title_label, self.advice_label, self.details_label)
            for line in label.text().split("\n")
        )
        needed = max(_MIN_WIDTH_PX, self.minimumSizeHint().width(), text_width + frame + SPACING)
        width = min(needed, _MAX_WIDTH_PX, available)
        height = self.heightForWidth(width)
        top = max(0, self._covered.height() - height - MARGIN)
        self.setGeometry((self._covered.width() - width) // 2, top, width, height)
