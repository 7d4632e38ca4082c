"""One region of one picture, enlarged."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

from app.imaging.pyramid import Pyramid
from app.imaging.scaling import Enlargement, enlarged, enlargement_for
from ddrm_core.imaging.rectangle import Rectangle

ROOM_PX = 168
"""Across and down, logical pixels."""


class CropView(QWidget):
    """Its pixels are squares of whole screen pixels."""

    def __init__(self, place: Rectangle) -> None:
        super().__init__()
        self._place = place
        self._picture: Pyramid | None = None
        self._image: QImage | None = None
        self.setFixedSize(ROOM_PX, ROOM_PX)

    def show_picture(self, picture: Pyramid | None) -> None:
        """The picture that it is a region of, None while that is fetched."""
        if picture is not self._picture:
            self._picture, self._image = picture, None
            self.update()
        _, height = self._enlargement.size(self._place)
        self.setFixedHeight(max(round(height / self.devicePixelRatioF()), 1))

    @property
    def image(self) -> QImage | None:
        """What is painted, in screen pixels."""
        ratio = self.devicePixelRatioF()
        if self._picture is not None and (
            self._image is None or self._image.devicePixelRatio() != ratio
        ):
            self._image = enlarged(self._picture, self._place, self._enlargement)
            self._image.setDevicePixelRatio(ratio)
        return self._image

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, image = QPainter(self), self.image
        if image is not None:
            painter.drawImage(0, 0, image)
            return
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Mid), 1, Qt.PenStyle.DotLine))
        painter.drawRect(QRect(0, 0, self.width() - 1, self.height() - 1))

    @property
    def _enlargement(self) -> Enlargement:
        room = int(ROOM_PX * self.devicePixelRatioF())
        return enlargement_for(self._place, (room, room))
