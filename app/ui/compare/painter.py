"""Painting everything that the view shows."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette

from app.imaging.qimage import qrect
from app.ui.compare.image_painting import origin, paint
from app.ui.compare.loupe_painting import paint_loupe
from app.ui.compare.pane_cache import Layer
from app.ui.compare.pane_labels import Chip, paint_chip, paint_focus
from app.ui.compare.region_painting import Mark, paint_marks
from app.ui.compare.split_line import paint_split
from app.viewmodels.compare.compare import CompareState, Mode
from app.viewmodels.compare.scene import Lens, Shown, Words
from ddrm_core.imaging.rectangle import Rectangle

GAP = 4
"""Between panes, logical pixels."""
_WORDS_MARGIN = (24, 48)


@dataclass(frozen=True, slots=True)
class Look:
    """All of it.

    Attributes:
        state: Scale, centre and mode.
        shown: The pictures.
        chips: Their labels.
        marks: Frames over them.
        lenses: Of the loupe.
        size: Of the view, logical pixels.
        ratio: Device pixels in a logical one.
        mirrored: Whether lines begin at the right.
        focused: Whether keys go there.
    """

    state: CompareState
    shown: tuple[Shown, ...]
    chips: tuple[Chip, ...]
    marks: tuple[Mark, ...]
    lenses: tuple[Lens, ...]
    size: QSize
    ratio: float
    mirrored: bool
    focused: bool


class Stage:
    """Paints it, and keeps the pictures as they were painted for the next time."""

    def __init__(self) -> None:
        self._layers: list[Layer] = []

    def paint(self, painter: QPainter, look: Look, palette: QPalette) -> None:
        """Paint all.

        Args:
            painter: In logical pixels.
            look: What.
            palette: Its Dark is around the pictures.
        """
        painter.save()
        painter.scale(1 / look.ratio, 1 / look.ratio)
        for index, one in enumerate(look.shown):
            self._paint_picture(painter, look.state, one, index, palette)
        del self._layers[len(look.shown) :]
        for one in look.shown:
            pane, seen = qrect(one.pane), qrect(one.seen)
            paint_marks(painter, look.marks, look.state, pane, seen, look.ratio)
        _paint_gaps(painter, look, palette.color(QPalette.ColorRole.Window))
        painter.restore()
        if look.state.mode is Mode.SLIDER:
            paint_split(painter, look.state.split * look.size.width(), look.size.height())
        _paint_words(painter, look, palette)
        for chip in look.chips:
            paint_chip(painter, chip, mirrored=look.mirrored)
        painter.save()
        painter.scale(1 / look.ratio, 1 / look.ratio)
        paint_loupe(painter, look.lenses, look.state, look.ratio)
        painter.restore()
        if look.focused:
            whole = QRect(0, 0, look.size.width(), look.size.height())
            paint_focus(painter, whole, palette.color(QPalette.ColorRole.Accent))

    def _paint_picture(
        self, painter: QPainter, state: CompareState, shown: Shown, index: int, palette: QPalette
    ) -> None:
        if index == len(self._layers):
            self._layers.append(Layer())
        drawn, pane, seen = shown.drawn, qrect(shown.pane), qrect(shown.seen)
        if isinstance(drawn, Words) or seen.isEmpty():
            return
        around = palette.color(QPalette.ColorRole.Dark)

        def anew(painter: QPainter, part: QRect) -> None:
            painter.fillRect(part, around)
            paint(painter, drawn, state, pane, part)

        what = (drawn, state.scale, state.picture, pane, state.smooth, state.grid, around.rgb())
        image = self._layers[index].painted(what, origin(state, pane), seen, anew)
        painter.drawImage(seen.topLeft(), image)


def logical(place: Rectangle, ratio: float) -> QRectF:
    """A rectangle of device pixels in logical ones."""
    return QRectF(place.left / ratio, place.top / ratio, place.width / ratio, place.height / ratio)


def _paint_gaps(painter: QPainter, look: Look, between: QColor) -> None:
    """All that lies between panes, device pixels."""
    first, last, space = look.shown[0].pane, look.shown[-1].pane, look.state.space
    if last.left > first.left:
        painter.fillRect(first.right, 0, last.left - first.right, space.height, between)
    if last.top > first.top:
        painter.fillRect(0, first.bottom, space.width, last.top - first.bottom, between)


def _paint_words(painter: QPainter, look: Look, palette: QPalette) -> None:
    """Where there is no picture."""
    across, down = _WORDS_MARGIN
    painter.setPen(palette.color(QPalette.ColorRole.WindowText))
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    for one in look.shown:
        if isinstance(one.drawn, Words):
            place = logical(one.seen, look.ratio).adjusted(across, down, -across, -down)
            painter.drawText(place, flags, one.drawn.text)
