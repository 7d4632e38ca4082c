"""A widget with one region of one image, enlarged."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

from app.imaging.mipmap_image import MipmapImage
from app.imaging.scaling import IntegerScale, fit_integer_scale, render_scaled_crop
from ddrm_core.imaging.rectangle import Rectangle

MAX_REGION_VIEW_PX = 168
"""Maximum width and height in logical pixels."""


class RegionView(QWidget):
    """An enlarged region; each image pixel is a square of whole device pixels."""

    def __init__(self, rectangle: Rectangle) -> None:
        super().__init__()
        self._rectangle = rectangle
        self._source_image: MipmapImage | None = None
        self._rendered_image: QImage | None = None
        self.setFixedSize(MAX_REGION_VIEW_PX, MAX_REGION_VIEW_PX)

    def show_image(self, image: MipmapImage | None) -> None:
        """Show the region of `image`, or a dotted frame for None while the image is loaded."""
        if image is not self._source_image:
            self._source_image, self._rendered_image = image, None
            self.update()
        _, height = self._enlargement.scaled_size(self._rectangle)
        self.setFixedHeight(max(round(height / self.devicePixelRatioF()), 1))

    @property
    def rendered_image(self) -> QImage | None:
        """The enlarged region in device pixels, or None while no image is loaded."""
        ratio = self.devicePixelRatioF()
        if self._source_image is not None and (
            self._rendered_image is None or self._rendered_image.devicePixelRatio() != ratio
        ):
            self._rendered_image = render_scaled_crop(
                self._source_image, self._rectangle, self._enlargement
            )
            self._rendered_image.setDevicePixelRatio(ratio)
        return self._rendered_image

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, image = QPainter(self), self.rendered_image
        if image is not None:
            painter.drawImage(0, 0, image)
            return
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Mid), 1, Qt.PenStyle.DotLine))
        painter.drawRect(QRect(0, 0, self.width() - 1, self.height() - 1))

    @property
    def _enlargement(self) -> IntegerScale:
        max_side = int(MAX_REGION_VIEW_PX * self.devicePixelRatioF())
        return fit_integer_scale(self._rectangle, (max_side, max_side))
