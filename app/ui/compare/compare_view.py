"""All pictures that are compared, in one view."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.i18n.translation import tr
from app.imaging.pyramid import Pyramid
from app.ui.compare.painter import GAP, Look, Stage, logical
from app.ui.compare.pane_labels import Chip, chips
from app.ui.compare.region_painting import Mark
from app.ui.compare.split_line import near_split
from app.viewmodels.compare.compare import (
    CompareState,
    CompareViewModel,
    Mode,
    Point,
    in_pane,
    marked,
    on_picture,
)
from app.viewmodels.compare.gallery import GalleryState, GalleryViewModel, Original
from app.viewmodels.compare.scene import Findings, Shown, lenses, scene, wanted
from ddrm_core.imaging.rectangle import Rectangle

# Logical pixels.
_ARROW_PAN = 64
_ARROW_LOUPE = 16
_BLINK_MS = 500
# A wheel's notch is 120; this makes one notch a step of about 1.2.
_WHEEL_BASE = 1.0015
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_ORIGINAL_KEYS = (Qt.Key.Key_Tab, Qt.Key.Key_Backslash)
_LOUPE_KEY, _HAND_KEY = Qt.Key.Key_L, Qt.Key.Key_Space
_AT_THE_FOOT = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignHCenter


class CompareView(QWidget):
    """Paints the pictures through the one shared view.

    Wheel zooms at the cursor, dragging moves, a double click toggles between fit and 100 %,
    arrows move, holding Tab or the backslash shows the original; Shift+Tab leaves. Dragging with
    Ctrl marks a rectangle; a click on a label asks for another picture.

    Signals:
        hovered: The cursor is at another place. arg1: the Point of the shown picture; or None.
        region_marked: A rectangle was drawn. arg1: Rectangle in pixels of the shown picture.
        choice_wanted: A label was clicked. arg1: the slots it stands for. arg2: QPoint, global.
    """

    hovered = Signal(object)
    region_marked = Signal(object)
    choice_wanted = Signal(object, QPoint)

    def __init__(self, compare: CompareViewModel, gallery: GalleryViewModel) -> None:
        super().__init__()
        self._compare = compare
        self._gallery = gallery
        self._original: Pyramid | None = None
        self._findings = Findings()
        self._marks: tuple[Mark, ...] = ()
        self._stage = Stage()
        self._dragged_from: QPointF | None = None
        self._splitting = False
        self._marked_from: Point | None = None
        self._drawn_mark: Rectangle | None = None
        self._hovered: Point | None = None
        self._cursor: Point | None = None
        self._holding_loupe = False
        self._holding_hand = False
        self._controls = QVBoxLayout(self)
        self._blinker = QTimer(self)
        self._blinker.setInterval(_BLINK_MS)
        self._blinker.timeout.connect(compare.blink)
        compare.state_changed.connect(self._on_state_changed)
        gallery.state_changed.connect(self._on_gallery_changed)
        self._show()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(320, 240)
        self.setAccessibleDescription(
            tr(
                "Arrows move, plus and minus zoom, hold Tab or backslash for the original, "
                "hold L for a loupe that arrows move, V chooses pictures, Shift and Tab leaves."
            )
        )

    def show_findings(self, findings: Findings) -> None:
        """What the present result says besides its picture."""
        if findings != self._findings:
            self._findings = findings
            self._show()

    def show_marks(self, marks: tuple[Mark, ...]) -> None:
        """Frames over the pictures: a rectangle of the shown picture, and its number."""
        if marks != self._marks:
            self._marks = marks
            self.update()

    def add_control(self, control: QWidget) -> None:
        """Something to use over the pictures, at the lower edge."""
        self._controls.addWidget(control, 1, _AT_THE_FOOT)

    def toggle_loupe(self) -> None:
        """Take it up at the cursor, or in the middle of the first pane; or lay it down."""
        if self._compare.state.loupe is not None:
            self._compare.move_loupe(None)
            return
        pane = self._compare.state.pane
        middle = Point(pane.width / 2, pane.height / 2)
        self._compare.move_loupe(self._cursor or middle)

    def scene(self) -> tuple[Shown, ...]:
        """All that is shown now."""
        return scene(self._compare.state, self._gallery.state, self._findings)

    def sizeHint(self) -> QSize:
        return QSize(900, 600)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Dark))
        shown, marks, state = self.scene(), self._marks, self._compare.state
        if not shown:
            return
        if self._drawn_mark is not None:
            marks = (*marks, (self._drawn_mark, 0))
        look = Look(
            state,
            shown,
            self._chips(),
            marks,
            lenses(state, self._gallery.state, self._findings),
            self.size(),
            self.devicePixelRatioF(),
            self._mirrored,
            self.hasFocus(),
        )
        self._stage.paint(painter, look, self.palette())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_size()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._set_blinking(seen=True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._set_blinking(seen=False)

    def event(self, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.DevicePixelRatioChange:
            self._tell_size()
        # Tab would move the focus before keyPressEvent sees it.
        if isinstance(event, QKeyEvent) and _is_held(event):
            if kind == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                if not event.isAutoRepeat():
                    self._hold(Qt.Key(event.key()), held=kind == QEvent.Type.KeyPress)
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        direction = _ARROWS.get(Qt.Key(event.key()))
        if direction is None:
            super().keyPressEvent(event)
            return
        across, down = direction
        ratio, loupe = self.devicePixelRatioF(), self._compare.state.loupe
        if loupe is None:
            self._compare.pan(-across * _ARROW_PAN * ratio, -down * _ARROW_PAN * ratio)
        else:
            step = _ARROW_LOUPE * ratio
            self._compare.move_loupe(Point(loupe.x + across * step, loupe.y + down * step))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        for key in (*_ORIGINAL_KEYS, _LOUPE_KEY, _HAND_KEY):
            self._hold(key, held=False)
        super().focusOutEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._cursor = None
        self._hover()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        place = in_pane(self._compare.state, self._place(event.position()))
        if turned:  # sideways it is not, and what is fitted stays so
            self._compare.zoom(_WHEEL_BASE**turned, place)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            return
        position = event.position()
        left = event.button() == Qt.MouseButton.LeftButton and not self._holding_hand
        chip = self._chip_at(position) if left else None
        if chip is not None:
            corner = chip.rectangle.bottomLeft().toPoint()
            self.choice_wanted.emit(chip.slots, self.mapToGlobal(corner))
            return
        if left and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._marked_from = on_picture(self._compare.state, self._place(position))
            return
        self._splitting = left and self._on_split(position)
        self._dragged_from = position
        if not self._splitting:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        position = event.position()
        self._cursor = self._place(position)
        if self._compare.state.loupe is not None:
            self._compare.move_loupe(self._cursor)
        self._hover()
        if self._marked_from is not None:
            self._draw_mark(position)
        elif self._dragged_from is None:
            self.setCursor(self._shape_at(position))
        elif self._splitting:
            self._compare.move_split(position.x() / self.width())
        else:
            moved = (position - self._dragged_from) * self.devicePixelRatioF()
            self._dragged_from = position
            self._compare.pan(moved.x(), moved.y())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        mark = self._drawn_mark
        self._dragged_from, self._splitting = None, False
        self._marked_from, self._drawn_mark = None, None
        self.unsetCursor()
        if mark is not None:
            self.update()
            self.region_marked.emit(mark)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        position = event.position()
        taken = self._on_split(position) or self._chip_at(position) is not None
        if event.button() == Qt.MouseButton.LeftButton and not taken:
            self._compare.toggle_fit(in_pane(self._compare.state, self._place(position)))

    @Slot(object)
    def _on_state_changed(self, state: CompareState) -> None:
        self._set_blinking(seen=self.isVisible())
        self._gallery.want(wanted(state), viewer="canvas")
        self._hover()
        self._show()

    @Slot(object)
    def _on_gallery_changed(self, state: GalleryState) -> None:
        original = state.find(Original())
        if original is not None and original.picture is not self._original:
            self._original = original.picture
            if original.picture is not None:
                full = original.picture.full
                self._compare.show_picture(full.width(), full.height())
        self._compare.know(tuple(entry.key for entry in state.entries))
        self._show()

    def _show(self) -> None:
        """Paint soon, and say what there is to those who do not see it."""
        # What alternates has one name, or it would be read out again and again.
        state = replace(self._compare.state, blinked=False)
        shown = scene(state, self._gallery.state, self._findings)
        names = ", ".join(one.label for one in shown)
        self.setAccessibleName(tr("Pictures: {names}").format(names=names))
        self.update()

    def _set_blinking(self, *, seen: bool) -> None:
        wanted = seen and self._compare.state.mode is Mode.BLINK
        if wanted != self._blinker.isActive():
            if wanted:
                self._blinker.start()
            else:
                self._blinker.stop()

    def _tell_size(self) -> None:
        ratio = self.devicePixelRatioF()
        size = QSize(round(self.width() * ratio), round(self.height() * ratio))
        self._compare.resize(size.width(), size.height(), gap=round(GAP * ratio))

    def _hold(self, key: Qt.Key, *, held: bool) -> None:
        """A key that does something for as long as it is held."""
        if key in _ORIGINAL_KEYS:
            self._compare.show_original(original=held)
        elif key == _HAND_KEY:
            self._holding_hand = held
            if self._dragged_from is None:
                self.setCursor(
                    Qt.CursorShape.OpenHandCursor if held else Qt.CursorShape.ArrowCursor
                )
        elif held != self._holding_loupe:
            self._holding_loupe = held
            if held == (self._compare.state.loupe is None):
                self.toggle_loupe()

    def _hover(self) -> None:
        """Say which point is looked at: under the loupe, else under the cursor."""
        state = self._compare.state
        place = state.loupe or self._cursor
        point = None if place is None else on_picture(state, place)
        if point != self._hovered:
            self._hovered = point
            self.hovered.emit(point)

    def _draw_mark(self, position: QPointF) -> None:
        state = self._compare.state
        point = state.at(in_pane(state, self._place(position)))
        assert self._marked_from is not None  # it is being drawn
        self._drawn_mark = marked(state, self._marked_from, point)
        self.update()

    def _place(self, position: QPointF) -> Point:
        """A place in the widget, device pixels."""
        ratio = self.devicePixelRatioF()
        return Point(position.x() * ratio, position.y() * ratio)

    def _shape_at(self, position: QPointF) -> Qt.CursorShape:
        if self._holding_hand:
            return Qt.CursorShape.OpenHandCursor
        if self._chip_at(position) is not None:
            return Qt.CursorShape.PointingHandCursor
        near = self._on_split(position)
        return Qt.CursorShape.SplitHCursor if near else Qt.CursorShape.ArrowCursor

    def _on_split(self, position: QPointF) -> bool:
        state = self._compare.state
        return state.mode is Mode.SLIDER and near_split(position, state.split * self.width())

    @property
    def _mirrored(self) -> bool:
        return self.layoutDirection() == Qt.LayoutDirection.RightToLeft

    def _chips(self) -> tuple[Chip, ...]:
        shown = self.scene()
        places = [logical(one.pane, self.devicePixelRatioF()) for one in shown]
        return chips(shown, places, self.font(), mirrored=self._mirrored)

    def _chip_at(self, position: QPointF) -> Chip | None:
        under = (c for c in self._chips() if c.slots and c.rectangle.contains(position))
        return next(under, None)


def _is_held(event: QKeyEvent) -> bool:
    """Whether it is of a key that does something for as long as it is held."""
    if event.key() in _ORIGINAL_KEYS:
        return True
    return event.key() in (_LOUPE_KEY, _HAND_KEY) and not event.modifiers()
