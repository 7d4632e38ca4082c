"""A larger view of one file of the batch, before and after its restoration."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.i18n.translation import tr
from app.imaging.scaling import fit_image
from app.ui.widgets.theme import SPACING, Theme
from app.viewmodels.batch.batch_thumbnails import ItemThumbnails

_MIN_SIZE = QSize(220, 120)
_MAX_SCALE = 2.0


class BatchPreviewView(QWidget):
    """Two images with captions, beside each other or one above the other, as there is room."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._before: QImage | None = None
        self._after: QImage | None = None
        self.setMinimumSize(_MIN_SIZE)
        self.setAccessibleName(tr("Picture of the folder"))
        theme.colors_changed.connect(self.update)

    def show_item(self, thumbnails: ItemThumbnails | None) -> None:
        """Show the images of a batch item, and nothing without one."""
        self._before = None if thumbnails is None else thumbnails.before
        self._after = None if thumbnails is None else thumbnails.after
        name = "" if thumbnails is None else thumbnails.item.source.name
        self.setAccessibleName(tr("Picture of the folder: {name}").format(name=name))
        self.setToolTip(name)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.colors.canvas))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        shown = [
            (caption, image)
            for caption, image in ((tr("Before"), self._before), (tr("After"), self._after))
            if image is not None
        ]
        for (caption, image), frame in zip(shown, self._lay_out(len(shown)), strict=True):
            self._paint_image(painter, caption, image, frame)

    def _lay_out(self, count: int) -> list[QRectF]:
        """Return the frames in which the images are largest."""
        area = QRectF(self.rect()).adjusted(SPACING, SPACING, -SPACING, -SPACING)
        image = self._before or self._after
        if count < 2 or image is None:
            return [area] * count
        width, height = (area.width() - SPACING) / 2, (area.height() - SPACING) / 2
        beside = [
            QRectF(area.left(), area.top(), width, area.height()),
            QRectF(area.right() - width, area.top(), width, area.height()),
        ]
        above = [
            QRectF(area.left(), area.top(), area.width(), height),
            QRectF(area.left(), area.bottom() - height, area.width(), height),
        ]
        if fit_image(image, beside[0]).width() >= fit_image(image, above[0]).width():
            is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
            return beside[::-1] if is_mirrored else beside
        return above

    def _paint_image(self, painter: QPainter, caption: str, image: QImage, frame: QRectF) -> None:
        caption_height = self.fontMetrics().height() + 2
        image_frame = frame.adjusted(0, 0, 0, -caption_height)
        if image_frame.height() < 1:
            return
        target = fit_image(image, image_frame, max_scale=_MAX_SCALE / self.devicePixelRatioF())
        painter.drawImage(target, image)
        painter.setPen(QColor(self._theme.colors.text))
        caption_frame = QRectF(frame.left(), target.bottom(), frame.width(), caption_height)
        painter.drawText(caption_frame, Qt.AlignmentFlag.AlignCenter, caption)
