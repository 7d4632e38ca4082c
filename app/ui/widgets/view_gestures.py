"""Wheel and touchpad gestures that move or zoom an image."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QInputDevice, QNativeGestureEvent, QWheelEvent

# A wheel notch is 120 units and zooms by a factor of about 1.2.
_ZOOM_PER_WHEEL_UNIT = 1.0015
# Distance of a notch in logical pixels, for touchpads whose drivers report notches only.
_PAN_PX_PER_WHEEL_UNIT = 0.5


@dataclass(frozen=True, slots=True)
class ViewGesture:
    """A movement or a zoom of the image under the pointer.

    Attributes:
        position: Position of the pointer in the widget, in logical pixels.
        zoom_factor: Factor on the scale; 1 for a movement.
        distance: Movement of the image in logical pixels; (0, 0) for a zoom.
    """

    position: QPointF
    zoom_factor: float = 1.0
    distance: QPointF = field(default_factory=QPointF)


def read_view_gesture(event: QEvent) -> ViewGesture | None:
    """Return the gesture of a wheel or a touchpad event, None for every other event.

    The wheel of a mouse zooms. On a touchpad, two fingers move the image and a pinch zooms; with
    Ctrl, two fingers zoom as well, since some systems report a pinch in this way.
    """
    if isinstance(event, QWheelEvent):
        return _read_wheel(event)
    if isinstance(event, QNativeGestureEvent):
        match event.gestureType():
            case Qt.NativeGestureType.ZoomNativeGesture:
                # The value is the change of the scale; a fast pinch must not turn the image over.
                return ViewGesture(event.position(), zoom_factor=max(1 + event.value(), 0.1))
            case Qt.NativeGestureType.PanNativeGesture:
                return ViewGesture(event.position(), distance=event.delta())
    return None


def _read_wheel(event: QWheelEvent) -> ViewGesture:
    angle, pixels = event.angleDelta(), event.pixelDelta()
    has_ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    if _is_from_touchpad(event) and not has_ctrl:
        distance = QPointF(angle) * _PAN_PX_PER_WHEEL_UNIT if pixels.isNull() else QPointF(pixels)
        return ViewGesture(event.position(), distance=distance)
    # The factor is 1 for horizontal scrolling.
    return ViewGesture(event.position(), zoom_factor=_ZOOM_PER_WHEEL_UNIT ** angle.y())


def _is_from_touchpad(event: QWheelEvent) -> bool:
    """Return whether fingers on a touchpad made the event, not the wheel of a mouse.

    Only touchpads have both distances in pixels and phases; some drivers name the device alone.
    """
    if event.device().type() is QInputDevice.DeviceType.TouchPad:
        return True
    return not event.pixelDelta().isNull() and event.phase() is not Qt.ScrollPhase.NoScrollPhase
