"""Before and after, in one view."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from app.convert import Overlay, Pyramid
from app.ui.image_view import paint_label, paint_overlay, paint_picture
from app.ui.split_line import near_split, paint_split
from app.viewmodels.compare import CompareState, CompareViewModel, Mode, Point
from app.viewmodels.status import overlay_label

# Logical pixels.
_GAP = 4
_LABEL_MARGIN = 10
_ARROW_PAN = 64
# A wheel's notch is 120; this makes one notch a step of about 1.2.
_WHEEL_BASE = 1.0015
_ARROWS = {
    Qt.Key.Key_Left: (1, 0),
    Qt.Key.Key_Right: (-1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
_ORIGINAL_KEYS = (Qt.Key.Key_Tab, Qt.Key.Key_Backslash)


class CompareView(QWidget):
    """Paints both pictures through the one shared view.

    Wheel zooms at the cursor, dragging moves, a double click toggles between fit and 100 %,
    arrows move, holding Tab or the backslash shows before; Shift+Tab leaves.
    """

    def __init__(self, compare: CompareViewModel) -> None:
        super().__init__()
        self._compare = compare
        self._before: Pyramid | None = None
        self._after: Pyramid | None = None
        self._after_label = ""
        self._overlay: Overlay | None = None
        self._dragged_from: QPointF | None = None
        self._splitting = False
        compare.state_changed.connect(self._on_state_changed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(320, 240)
        self.setAccessibleName("Before and after")
        self.setAccessibleDescription(
            "Arrows move, plus and minus zoom, hold Tab or backslash for the original, "
            "Shift and Tab leaves."
        )

    def show_before(self, picture: Pyramid) -> None:
        """The picture as the file shows it; `show_after` follows."""
        self._before = picture
        self._compare.show_picture(picture.full.width(), picture.full.height())

    def show_after(self, picture: Pyramid, label: str, overlay: Overlay | None = None) -> None:
        """The picture on the other side, what to call it, and the tints for its blocks."""
        if (picture, label, overlay) != (self._after, self._after_label, self._overlay):
            self._after, self._after_label, self._overlay = picture, label, overlay
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(900, 600)

    def paintEvent(self, _event: QPaintEvent) -> None:
        state = self._compare.state
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Dark))
        if self._before is None or self._after is None:
            return
        after = self._before if state.original else self._after
        ratio = self.devicePixelRatioF()
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        left, right, left_clip, right_clip = self._panes()
        for picture, pane, clip in ((self._before, left, left_clip), (after, right, right_clip)):
            painter.setClipRect(clip)
            paint_picture(painter, picture, state, pane)
        if self._tinted is not None:
            paint_overlay(painter, self._tinted, state, right)
        painter.restore()
        if state.mode is Mode.SLIDER:
            paint_split(painter, state.split * self.width(), self.height())
        else:
            line = QRect((self.width() - _GAP) // 2, 0, _GAP, self.height())
            painter.fillRect(line, self.palette().color(QPalette.ColorRole.Window))
        self._paint_labels(painter)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self.palette().color(QPalette.ColorRole.Accent)), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_size()

    def event(self, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.DevicePixelRatioChange:
            self._tell_size()
        # Tab would move the focus before keyPressEvent sees it.
        if isinstance(event, QKeyEvent) and event.key() in _ORIGINAL_KEYS:
            if kind == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                if not event.isAutoRepeat():
                    self._compare.show_original(original=kind == QEvent.Type.KeyPress)
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        direction = _ARROWS.get(Qt.Key(event.key()))
        if direction is None:
            super().keyPressEvent(event)
            return
        step = _ARROW_PAN * self.devicePixelRatioF()
        self._compare.pan(direction[0] * step, direction[1] * step)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._compare.show_original(original=False)
        super().focusOutEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        self._compare.zoom(_WHEEL_BASE**turned, self._place(event.position()))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            return
        left = event.button() == Qt.MouseButton.LeftButton
        self._splitting = left and self._on_split(event.position())
        self._dragged_from = event.position()
        if not self._splitting:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        position = event.position()
        if self._dragged_from is None:
            near = self._on_split(position)
            shape = Qt.CursorShape.SplitHCursor if near else Qt.CursorShape.ArrowCursor
            self.setCursor(shape)
        elif self._splitting:
            self._compare.move_split(position.x() / self.width())
        else:
            moved = (position - self._dragged_from) * self.devicePixelRatioF()
            self._dragged_from = position
            self._compare.pan(moved.x(), moved.y())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._dragged_from, self._splitting = None, False
        self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and not self._on_split(event.position()):
            self._compare.toggle_fit(self._place(event.position()))

    @Slot(object)
    def _on_state_changed(self, _state: CompareState) -> None:
        self.update()

    def _tell_size(self) -> None:
        size = self._device_size()
        gap = round(_GAP * self.devicePixelRatioF())
        self._compare.resize(size.width(), size.height(), gap=gap)

    def _device_size(self) -> QSize:
        ratio = self.devicePixelRatioF()
        return QSize(round(self.width() * ratio), round(self.height() * ratio))

    def _panes(self) -> tuple[QRect, QRect, QRect, QRect]:
        """Left and right pane, and what is seen of each, device pixels."""
        state, size = self._compare.state, self._device_size()
        if state.mode is Mode.SIDE_BY_SIDE:
            left = QRect(0, 0, state.pane.width, size.height())
            right = left.translated(size.width() - state.pane.width, 0)
            return left, right, left, right
        whole = QRect(QPoint(0, 0), size)
        split = round(state.split * size.width())
        return (
            whole,
            whole,
            whole.adjusted(0, 0, split - size.width(), 0),
            whole.adjusted(split, 0, 0, 0),
        )

    def _place(self, position: QPointF) -> Point:
        """A place in the widget as one in the pane under it."""
        ratio, pane = self.devicePixelRatioF(), self._compare.state.pane.width
        x = position.x() * ratio
        start = self._device_size().width() - pane
        return Point(x - start if x >= start > 0 else x, position.y() * ratio)

    def _on_split(self, position: QPointF) -> bool:
        state = self._compare.state
        return state.mode is Mode.SLIDER and near_split(position, state.split * self.width())

    @property
    def _tinted(self) -> Overlay | None:
        """What is to be tinted now."""
        state = self._compare.state
        return self._overlay if state.overlay and not state.original else None

    def _paint_labels(self, painter: QPainter) -> None:
        after = "Before" if self._compare.state.original else self._after_label
        if self._tinted is not None:
            after = overlay_label(self._tinted)
        place = QPointF(self.width() - _LABEL_MARGIN, _LABEL_MARGIN)
        paint_label(painter, "Before", QPointF(_LABEL_MARGIN, _LABEL_MARGIN), right=False)
        paint_label(painter, after, place, right=True)
