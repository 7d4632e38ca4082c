"""A cell with one region of one image at the common scale."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

from app.imaging.mipmap_image import MipmapImage
from app.imaging.scaling import IntegerScale, render_scaled_crop
from app.ui.widgets.view_gestures import read_view_gesture
from ddrm_core.imaging.rectangle import Rectangle


class RegionView(QWidget):
    """A rectangle of an image; each image pixel is a square of whole device pixels.

    The wheel, a pinch and a drag are passed on, since they apply to all cells.

    Signals:
        zoom_requested: The scale is to be changed. arg1: factor. arg2: QPointF of the pointer from
            the middle of the cell, in device pixels.
        pan_requested: The images are to be moved. arg1: QPointF with the distance, in device
            pixels.
        fit_requested: The cell was double-clicked.
    """

    zoom_requested = Signal(float, QPointF)
    pan_requested = Signal(QPointF)
    fit_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._source_image: MipmapImage | None = None
        self._rectangle = Rectangle(0, 0, 1, 1)
        self._scale = IntegerScale()
        self._rendered_image: QImage | None = None
        self._drag_position: QPointF | None = None

    def show_image(
        self, image: MipmapImage | None, rectangle: Rectangle, scale: IntegerScale
    ) -> None:
        """Show a rectangle of `image`, or a dotted frame for None while the image is loaded."""
        if (image, rectangle, scale) != (self._source_image, self._rectangle, self._scale):
            self._source_image, self._rectangle, self._scale = image, rectangle, scale
            self._rendered_image = None
            self.update()

    @property
    def rendered_image(self) -> QImage | None:
        """The rectangle in device pixels, or None while no image is loaded."""
        ratio = self.devicePixelRatioF()
        if self._source_image is not None and (
            self._rendered_image is None or self._rendered_image.devicePixelRatio() != ratio
        ):
            self._rendered_image = render_scaled_crop(
                self._source_image, self._rectangle, self._scale
            )
            self._rendered_image.setDevicePixelRatio(ratio)
        return self._rendered_image

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, image = QPainter(self), self.rendered_image
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Dark))
        if image is not None:
            painter.scale(1 / self.devicePixelRatioF(), 1 / self.devicePixelRatioF())
            painter.drawImage(self._image_rect(image), image)
            return
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Mid), 1, Qt.PenStyle.DotLine))
        painter.drawRect(QRect(0, 0, self.width() - 1, self.height() - 1))

    def event(self, event: QEvent) -> bool:
        gesture = read_view_gesture(event)
        if gesture is None:
            return super().event(event)
        ratio = self.devicePixelRatioF()
        if not gesture.distance.isNull():
            self.pan_requested.emit(gesture.distance * ratio)
        if gesture.zoom_factor != 1:
            anchor = gesture.position - QPointF(self.width() / 2, self.height() / 2)
            self.zoom_requested.emit(gesture.zoom_factor, anchor * ratio)
        event.accept()
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._drag_position = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag_position is not None:
            distance = event.position() - self._drag_position
            self._drag_position = event.position()
            self.pan_requested.emit(distance * self.devicePixelRatioF())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._drag_position = None
        self.unsetCursor()

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.fit_requested.emit()

    def _image_rect(self, image: QImage) -> QRect:
        """Return the rectangle of the image in the middle of the cell, in device pixels."""
        ratio = self.devicePixelRatioF()
        left = (round(self.width() * ratio) - image.width()) // 2
        top = (round(self.height() * ratio) - image.height()) // 2
        return QRect(QPoint(left, top), image.size())
