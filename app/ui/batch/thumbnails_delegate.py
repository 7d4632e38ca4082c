"""The delegate that paints the images of a file before and after its restoration."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.imaging.scaling import fit_image
from app.ui.batch.batch_table_model import THUMBNAILS_ROLE
from app.ui.widgets.theme import Theme
from app.viewmodels.batch.batch_thumbnails import ItemThumbnails

THUMBNAIL_SIZE = QSize(52, 38)
THUMBNAIL_GAP_PX = 4
THUMBNAILS_WIDTH_PX = 2 * THUMBNAIL_SIZE.width() + 3 * THUMBNAIL_GAP_PX
ROW_HEIGHT_PX = THUMBNAIL_SIZE.height() + 6


class ThumbnailsDelegate(QStyledItemDelegate):
    """A delegate that paints two thumbnails; an empty frame stands for a missing one."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().paint(painter, option, index)
        thumbnails = index.data(THUMBNAILS_ROLE)
        cell: QRect = option.rect
        direction: Qt.LayoutDirection = option.direction
        images: tuple[QImage | None, QImage | None] = (None, None)
        if isinstance(thumbnails, ItemThumbnails):
            images = (thumbnails.before, thumbnails.after)
        if direction is Qt.LayoutDirection.RightToLeft:
            images = images[::-1]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for number, image in enumerate(images):
            left = (
                cell.left()
                + THUMBNAIL_GAP_PX
                + number * (THUMBNAIL_SIZE.width() + THUMBNAIL_GAP_PX)
            )
            top = cell.top() + (cell.height() - THUMBNAIL_SIZE.height()) // 2
            frame = QRect(left, top, THUMBNAIL_SIZE.width(), THUMBNAIL_SIZE.height())
            if image is None:
                painter.setPen(QColor(self._theme.colors.border))
                painter.drawRect(frame.adjusted(0, 0, -1, -1))
            else:
                painter.drawImage(fit_image(image, QRectF(frame)), image)
        painter.restore()
