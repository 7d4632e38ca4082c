"""The compare view."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.i18n.translation import tr
from app.imaging.mipmap_image import MipmapImage
from app.ui.compare.hold_keys import HOLD_KEYS, ORIGINAL_KEYS, PAN_KEY, is_hold_key_event
from app.ui.compare.painter import PANE_GAP, ComparePainter, PaintRequest, to_logical_rect
from app.ui.compare.pane_labels import PaneLabel, lay_out_pane_labels
from app.ui.compare.region_drawing import RegionDrawing
from app.ui.compare.region_painting import RegionFrame
from app.ui.compare.split_line import is_near_split_line
from app.ui.widgets.view_gestures import ViewGesture, read_view_gesture
from app.viewmodels.compare.compare import (
    CompareMode,
    CompareState,
    CompareViewModel,
    Point,
    view_to_image,
    view_to_pane,
)
from app.viewmodels.compare.gallery import GalleryState, GalleryViewModel, OriginalKey
from app.viewmodels.compare.scene import (
    PaneContent,
    ResultOverlays,
    build_loupe_halves,
    build_pane_contents,
    visible_keys,
)

# Logical pixels.
_ARROW_PAN_PX = 64
_ARROW_LOUPE_PX = 16
_BLINK_INTERVAL_MS = 500
_ARROW_DIRECTIONS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_BOTTOM_CENTER = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignHCenter


class CompareView(QWidget):
    """The widget that paints the compared images in panes with one common zoom and position.

    The wheel and a pinch zoom at the pointer. Dragging, two fingers and the arrow keys pan. A
    double click toggles between fit and 100 %. While H or backslash is held, the original is
    shown. Dragging with Ctrl draws a region. A click on a pane label requests another image.

    Signals:
        hovered: The pointer has moved. arg1: Point in pixels of the displayed image, or None.
        region_drawn: A region was drawn. arg1: Rectangle in pixels of the displayed image.
        area_drawn: An area was drawn, see `RegionDrawing`. arg1: Rectangle as above.
        image_choice_requested: A pane label was clicked. arg1: the slots of the label. arg2:
            QPoint in global coordinates.
        menu_requested: The context menu is to be opened. arg1: QPoint in global coordinates.
    """

    hovered = Signal(object)
    region_drawn = Signal(object)
    area_drawn = Signal(object)
    image_choice_requested = Signal(object, QPoint)
    menu_requested = Signal(QPoint)

    def __init__(self, compare: CompareViewModel, gallery: GalleryViewModel) -> None:
        super().__init__()
        self._compare = compare
        self._gallery = gallery
        self._original_image: MipmapImage | None = None
        self._result_overlays = ResultOverlays()
        self._region_frames: tuple[RegionFrame, ...] = ()
        self._compare_painter = ComparePainter()
        self._drag_position: QPointF | None = None
        self._is_dragging_split = False
        self.region_drawing = RegionDrawing()
        self._hovered_point: Point | None = None
        self._cursor_position: Point | None = None
        self._is_loupe_key_held = False
        self._is_pan_key_held = False
        self._controls_layout = QVBoxLayout(self)
        self._blink_timer = QTimer(self)
        self._blink_timer.setInterval(_BLINK_INTERVAL_MS)
        self._blink_timer.timeout.connect(compare.toggle_blink_side)
        compare.state_changed.connect(self._on_state_changed)
        gallery.state_changed.connect(self._on_gallery_changed)
        self._refresh()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(320, 100)  # a folder's options need the rest of a low window
        self.setAccessibleDescription(
            tr(
                "Arrows move, plus and minus zoom, hold H or backslash for the original, "
                "hold L for a loupe that arrows move, V chooses pictures."
            )
        )

    def show_result_overlays(self, overlays: ResultOverlays) -> None:
        """Show the deviation overlay and the spread map of the current result."""
        if overlays != self._result_overlays:
            self._result_overlays = overlays
            self._refresh()

    def show_region_frames(self, frames: tuple[RegionFrame, ...]) -> None:
        """Show the frames of regions and kept areas."""
        if frames != self._region_frames:
            self._region_frames = frames
            self.update()

    def add_bottom_control(self, control: QWidget) -> None:
        """Add a widget at the lower edge of the view, on top of the images."""
        self._controls_layout.addWidget(control, 1, _BOTTOM_CENTER)

    def toggle_loupe(self) -> None:
        """Show the loupe at the pointer, or in the center of the first pane; or hide the loupe."""
        if self._compare.state.loupe_position is not None:
            self._compare.move_loupe(None)
            return
        pane_size = self._compare.state.pane_size
        pane_center = Point(pane_size.width / 2, pane_size.height / 2)
        self._compare.move_loupe(self._cursor_position or pane_center)

    def pane_contents(self) -> tuple[PaneContent, ...]:
        """Return the content of every visible pane."""
        return build_pane_contents(self._compare.state, self._gallery.state, self._result_overlays)

    def sizeHint(self) -> QSize:
        return QSize(900, 600)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Dark))
        contents = self.pane_contents()
        region_frames = self._region_frames
        state = self._compare.state
        if not contents:
            return
        if self.region_drawing.rectangle is not None:
            region_frames = (*region_frames, RegionFrame(self.region_drawing.rectangle))
        request = PaintRequest(
            state,
            contents,
            self._pane_labels(),
            region_frames,
            build_loupe_halves(state, self._gallery.state, self._result_overlays),
            self.size(),
            self.devicePixelRatioF(),
            self._is_mirrored,
            self.hasFocus(),
        )
        self._compare_painter.paint(painter, request, self.palette())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_view_size()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._update_blink_timer(visible=True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._update_blink_timer(visible=False)

    def event(self, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.DevicePixelRatioChange:
            self._update_view_size()
        gesture = read_view_gesture(event)
        if gesture is not None:
            self._apply_gesture(gesture)
            event.accept()
            return True
        # Without the override, a shortcut of the window could take the key.
        if isinstance(event, QKeyEvent) and is_hold_key_event(event):
            if kind == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                if not event.isAutoRepeat():
                    self._handle_hold_key(Qt.Key(event.key()), is_held=kind == QEvent.Type.KeyPress)
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        direction = _ARROW_DIRECTIONS.get(Qt.Key(event.key()))
        if direction is None:
            super().keyPressEvent(event)
            return
        dx, dy = direction
        ratio, loupe_position = self.devicePixelRatioF(), self._compare.state.loupe_position
        if loupe_position is None:
            self._compare.pan(-dx * _ARROW_PAN_PX * ratio, -dy * _ARROW_PAN_PX * ratio)
        else:
            step = _ARROW_LOUPE_PX * ratio
            self._compare.move_loupe(
                Point(loupe_position.x + dx * step, loupe_position.y + dy * step)
            )

    def focusOutEvent(self, event: QFocusEvent) -> None:
        for key in HOLD_KEYS:
            self._handle_hold_key(key, is_held=False)
        super().focusOutEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._cursor_position = None
        self._update_hovered_point()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        is_by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        position = self.rect().center() if is_by_key else event.pos()
        self.menu_requested.emit(self.mapToGlobal(position))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            return
        position = event.position()
        is_left_button = event.button() == Qt.MouseButton.LeftButton and not self._is_pan_key_held
        label = self._pane_label_at(position) if is_left_button else None
        if label is not None:
            corner = label.rectangle.bottomLeft().toPoint()
            self.image_choice_requested.emit(label.selectable_slots, self.mapToGlobal(corner))
            return
        if is_left_button and self.region_drawing.begins_with(event.modifiers()):
            self.region_drawing.begin(self._compare.state, self._to_device_point(position))
            return
        self._is_dragging_split = is_left_button and self._is_on_split(position)
        self._drag_position = position
        if not self._is_dragging_split:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        position = event.position()
        self._cursor_position = self._to_device_point(position)
        if self._compare.state.loupe_position is not None:
            self._compare.move_loupe(self._cursor_position)
        self._update_hovered_point()
        if self.region_drawing.is_active:
            self.region_drawing.extend(self._compare.state, self._cursor_position)
            self.update()
        elif self._drag_position is None:
            self.setCursor(self._cursor_shape_at(position))
        elif self._is_dragging_split:
            self._compare.move_split(position.x() / self.width())
        else:
            distance = (position - self._drag_position) * self.devicePixelRatioF()
            self._drag_position = position
            self._compare.pan(distance.x(), distance.y())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        region = self.region_drawing.finish()
        self._drag_position, self._is_dragging_split = None, False
        self.unsetCursor()
        if region is not None:
            self.update()
            (self.area_drawn if self.region_drawing.is_area_mode else self.region_drawn).emit(
                region
            )

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        position = event.position()
        is_on_control = self._is_on_split(position) or self._pane_label_at(position) is not None
        if event.button() == Qt.MouseButton.LeftButton and not is_on_control:
            self._compare.toggle_fit(
                view_to_pane(self._compare.state, self._to_device_point(position))
            )

    @Slot(object)
    def _on_state_changed(self, state: CompareState) -> None:
        self._update_blink_timer(visible=self.isVisible())
        self._gallery.request(visible_keys(state), client="canvas")
        self._update_hovered_point()
        self._refresh()

    @Slot(object)
    def _on_gallery_changed(self, state: GalleryState) -> None:
        original_item = state.find(OriginalKey())
        if original_item is not None and original_item.image is not self._original_image:
            self._original_image = original_item.image
            if original_item.image is not None:
                full_image = original_item.image.full_size
                self._compare.set_image_size(full_image.width(), full_image.height())
        self._compare.set_available_keys(tuple(item.key for item in state.items))
        self._refresh()

    def _refresh(self) -> None:
        """Schedule a repaint and set the accessible name from the labels of the images."""
        # In blink mode the name stays constant; a screen reader would announce every change.
        state = replace(self._compare.state, is_showing_before=False)
        contents = build_pane_contents(state, self._gallery.state, self._result_overlays)
        names = ", ".join(content.label for content in contents)
        self.setAccessibleName(tr("Pictures: {names}").format(names=names))
        self.update()

    def _update_blink_timer(self, *, visible: bool) -> None:
        should_blink = visible and self._compare.state.mode is CompareMode.BLINK
        if should_blink != self._blink_timer.isActive():
            if should_blink:
                self._blink_timer.start()
            else:
                self._blink_timer.stop()

    def _update_view_size(self) -> None:
        ratio = self.devicePixelRatioF()
        size = QSize(round(self.width() * ratio), round(self.height() * ratio))
        gap = round(PANE_GAP * ratio)
        self._compare.set_view_size(size.width(), size.height(), pane_gap=gap, pixel_ratio=ratio)

    def _handle_hold_key(self, key: Qt.Key, *, is_held: bool) -> None:
        """Show the original or the loupe, or prepare panning, while the key for it is held."""
        if key in ORIGINAL_KEYS:
            self._compare.set_original_visible(visible=is_held)
        elif key == PAN_KEY:
            self._is_pan_key_held = is_held
            if self._drag_position is None:
                self.setCursor(
                    Qt.CursorShape.OpenHandCursor if is_held else Qt.CursorShape.ArrowCursor
                )
        elif is_held != self._is_loupe_key_held:
            self._is_loupe_key_held = is_held
            if is_held == (self._compare.state.loupe_position is None):
                self.toggle_loupe()

    def _update_hovered_point(self) -> None:
        """Emit `hovered` if another image point is under the loupe, or else under the pointer."""
        state = self._compare.state
        position = state.loupe_position or self._cursor_position
        point = None if position is None else view_to_image(state, position)
        if point != self._hovered_point:
            self._hovered_point = point
            self.hovered.emit(point)

    def _apply_gesture(self, gesture: ViewGesture) -> None:
        distance = gesture.distance * self.devicePixelRatioF()
        if not distance.isNull():
            self._compare.pan(distance.x(), distance.y())
        if gesture.zoom_factor != 1:  # 1 for a movement, which must not end the fit mode
            position = view_to_pane(self._compare.state, self._to_device_point(gesture.position))
            self._compare.zoom(gesture.zoom_factor, position)

    def _to_device_point(self, position: QPointF) -> Point:
        """Convert a position in the widget to device pixels."""
        ratio = self.devicePixelRatioF()
        return Point(position.x() * ratio, position.y() * ratio)

    def _cursor_shape_at(self, position: QPointF) -> Qt.CursorShape:
        if self._is_pan_key_held:
            return Qt.CursorShape.OpenHandCursor
        if self._pane_label_at(position) is not None:
            return Qt.CursorShape.PointingHandCursor
        is_on_split = self._is_on_split(position)
        return Qt.CursorShape.SplitHCursor if is_on_split else Qt.CursorShape.ArrowCursor

    def _is_on_split(self, position: QPointF) -> bool:
        state = self._compare.state
        return state.mode is CompareMode.SLIDER and is_near_split_line(
            position, state.split_fraction * self.width()
        )

    @property
    def _is_mirrored(self) -> bool:
        return self.layoutDirection() == Qt.LayoutDirection.RightToLeft

    def _pane_labels(self) -> tuple[PaneLabel, ...]:
        contents = self.pane_contents()
        pane_rects = [
            to_logical_rect(content.pane_rectangle, self.devicePixelRatioF())
            for content in contents
        ]
        return lay_out_pane_labels(contents, pane_rects, self.font(), is_mirrored=self._is_mirrored)

    def _pane_label_at(self, position: QPointF) -> PaneLabel | None:
        labels = (label for label in self._pane_labels() if label.rectangle.contains(position))
        return next((label for label in labels if label.selectable_slots), None)
