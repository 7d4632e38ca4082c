"""Layout and painting of pane labels and of the focus frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from app.viewmodels.compare.scene import PaneContent

_BACKGROUND_COLOR = QColor(0, 0, 0, 175)
_BORDER_COLOR = QColor(255, 255, 255, 90)
_LABEL_MARGIN = 10.0
_PADDING_X, _PADDING_Y = 8.0, 4.0
# The triangle on labels that open a menu.
_ARROW_WIDTH, _ARROW_GAP = 8.0, 6.0


@dataclass(frozen=True, slots=True)
class PaneLabel:
    """A label on a pane.

    Attributes:
        text: Caption in one line.
        rectangle: Position and size in logical pixels.
        selectable_slots: Slots whose images can be changed by a click on the label.
    """

    text: str
    rectangle: QRectF
    selectable_slots: tuple[int, ...]


def lay_out_pane_labels(
    contents: Sequence[PaneContent], pane_rects: Sequence[QRectF], font: QFont, *, is_mirrored: bool
) -> tuple[PaneLabel, ...]:
    """Return a label for each pane content.

    Args:
        contents: Contents of the panes.
        pane_rects: Rectangles of the panes in logical pixels, in the order of `contents`.
        font: Font of the view; labels use its bold variant.
        is_mirrored: Whether the layout is right-to-left.
    """
    metrics, labels = QFontMetricsF(_bold_font(font)), []
    for content, pane_rect in zip(contents, pane_rects, strict=True):
        is_pane_shared = any(
            other_content is not content and other_content.pane_rectangle == content.pane_rectangle
            for other_content in contents
        )
        max_width = pane_rect.width() / (2 if is_pane_shared else 1) - 2 * _LABEL_MARGIN
        text_size = metrics.size(Qt.TextFlag.TextSingleLine, content.label)
        width = (
            text_size.width()
            + 2 * _PADDING_X
            + (_ARROW_WIDTH + _ARROW_GAP if content.selectable_slots else 0)
        )
        width = min(width, max_width)
        # In a shared pane, before is left of after in every language.
        is_right = content.is_label_right if is_pane_shared else is_mirrored
        left = (
            pane_rect.right() - _LABEL_MARGIN - width
            if is_right
            else pane_rect.left() + _LABEL_MARGIN
        )
        label_rect = QRectF(
            left, pane_rect.top() + _LABEL_MARGIN, width, text_size.height() + 2 * _PADDING_Y
        )
        labels.append(PaneLabel(content.label, label_rect, content.selectable_slots))
    return tuple(labels)


def paint_pane_label(painter: QPainter, label: PaneLabel, *, is_mirrored: bool) -> None:
    """Paint a label on a dark background.

    Args:
        painter: Painter with coordinates in logical pixels.
        label: The label, whose text is elided to its rectangle.
        is_mirrored: Whether the menu triangle is at the left.
    """
    painter.save()
    painter.setFont(_bold_font(painter.font()))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(_BORDER_COLOR, 1))
    painter.setBrush(_BACKGROUND_COLOR)
    painter.drawRoundedRect(label.rectangle.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    text_rect = label.rectangle.adjusted(_PADDING_X, 0, -_PADDING_X, 0)
    if label.selectable_slots:
        left = text_rect.left() if is_mirrored else text_rect.right() - _ARROW_WIDTH
        top = text_rect.center().y() - _ARROW_WIDTH / 4
        arrow = [
            QPointF(left, top),
            QPointF(left + _ARROW_WIDTH, top),
            QPointF(left + _ARROW_WIDTH / 2, top + _ARROW_WIDTH / 2),
        ]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(Qt.GlobalColor.white)
        painter.drawPolygon(QPolygonF(arrow))
        arrow_space = _ARROW_WIDTH + _ARROW_GAP
        text_rect.adjust(
            arrow_space if is_mirrored else 0, 0, 0 if is_mirrored else -arrow_space, 0
        )
    painter.setPen(Qt.GlobalColor.white)
    # Rounding loses up to half a pixel, which would elide the last letter.
    elide_mode = Qt.TextElideMode.ElideRight
    elided_text = QFontMetricsF(painter.font()).elidedText(
        label.text, elide_mode, text_rect.width() + 1
    )
    painter.drawText(text_rect, Qt.AlignmentFlag.AlignCenter, elided_text)
    painter.restore()


def paint_focus_frame(painter: QPainter, view_rect: QRect, accent: QColor) -> None:
    """Paint a focus frame in the accent color with a white and a black line inside."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    colors = (accent, accent, QColor(Qt.GlobalColor.white), QColor(Qt.GlobalColor.black))
    for inset, color in enumerate(colors):
        painter.setPen(QPen(color, 1))
        painter.drawRect(view_rect.adjusted(inset, inset, -inset - 1, -inset - 1))
    painter.restore()


def _bold_font(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setBold(True)
    return bold
