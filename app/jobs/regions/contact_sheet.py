"""Drawing a contact sheet and writing it to a file."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPen

from app.imaging.pyramid import Pyramid
from app.imaging.qimage import pixels_of, qrect
from app.imaging.scaling import Enlargement, enlarged
from app.jobs.regions.contact_sheet_layout import TEXT_PX, TITLE_PX, Inset, Sheet, Words, plan_sheet
from ddrm_core.cancel import CancelToken
from ddrm_core.files.atomic_write import check_output, write_atomically
from ddrm_core.formats.png import encode_png
from ddrm_core.imaging.rectangle import Rectangle

# For paper: the same in a dark window.
_PAPER, _INK, _FAINT, _BORDER = QColor("#ffffff"), QColor("#1c1c1c"), QColor("#5c5c5c"), "#8a8a8a"


@dataclass(frozen=True, slots=True, eq=False)
class SheetRequest:
    """Everything that is on a contact sheet.

    Attributes:
        source: The picture's file, which is not to be replaced.
        title: The first line.
        lines: Below it.
        inset: What is above the whole pictures.
        whole: The picture in which regions are framed.
        versions: What each picture is called, and the picture; of the same size.
        crops: What each region is called, and where it is, in pixels as shown.
        words_of: How much a region is enlarged, in words.
    """

    source: Path
    title: str
    lines: tuple[str, ...]
    inset: str
    whole: Pyramid
    versions: tuple[tuple[str, Pyramid], ...]
    crops: tuple[tuple[str, Rectangle], ...]
    words_of: Callable[[Enlargement], str]


def exporting_sheet(
    request: SheetRequest, path: Path, token: CancelToken
) -> Generator[None, None, Path]:
    """Draw the sheet and write it as PNG; replaces a file of that name. Gives its path.

    Raises:
        Cancelled: `token` was cancelled; nothing is written.
        OutputIsSource, UnwritableOutput: See `check_output`.
    """
    yield from ()
    check_output(path, source=request.source, overwrite=True)
    sheet = sheet_for(request)
    token.raise_if_cancelled()
    data = encode_png(pixels_of(drawn(request, sheet)))
    token.raise_if_cancelled()
    write_atomically(path, bytes(data))
    return path


def sheet_for(request: SheetRequest) -> Sheet:
    """Where everything lies."""
    full = request.whole.full
    return plan_sheet(
        request.crops,
        (full.width(), full.height()),
        title=request.title,
        lines=request.lines,
        inset=request.inset,
        versions=[label for label, _ in request.versions],
        words_of=request.words_of,
        measure=QFontMetrics(_font(TEXT_PX)).horizontalAdvance,
    )


def drawn(request: SheetRequest, sheet: Sheet) -> QImage:
    """The sheet's pixels; this may be called on any thread."""
    canvas = QImage(sheet.width, sheet.height, QImage.Format.Format_RGB32)
    canvas.fill(_PAPER)
    painter = QPainter(canvas)
    for words in sheet.words:
        _draw_words(painter, words)
    for inset in sheet.insets:
        _draw_inset(painter, request.whole, inset)
    for piece in sheet.pieces:
        place = request.crops[piece.crop][1]
        picture = request.versions[piece.version][1]
        # Around it: every pixel of the piece is the picture's own.
        _outline(painter, piece.box, QColor(_BORDER))
        painter.drawImage(piece.box.left, piece.box.top, enlarged(picture, place, piece.by))
    painter.end()
    return canvas


def _draw_words(painter: QPainter, words: Words) -> None:
    font = _font(TITLE_PX if words.title else TEXT_PX, bold=words.title)
    painter.setFont(font)
    painter.setPen(_INK if words.title else _FAINT)
    middle, where = Qt.TextElideMode.ElideMiddle, Qt.AlignmentFlag.AlignVCenter
    text = QFontMetrics(font).elidedText(words.text, middle, words.box.width)
    painter.drawText(qrect(words.box), where, text)


def _draw_inset(painter: QPainter, whole: Pyramid, inset: Inset) -> None:
    box = inset.box
    small = whole.for_scale(box.width / whole.full.width())
    aspect = Qt.AspectRatioMode.IgnoreAspectRatio
    smooth = Qt.TransformationMode.SmoothTransformation
    _outline(painter, box, QColor(_BORDER))
    painter.drawImage(box.left, box.top, small.scaled(box.width, box.height, aspect, smooth))
    _outline(painter, inset.frame, QColor(Qt.GlobalColor.white))
    _outline(painter, inset.frame.grown(1), QColor(Qt.GlobalColor.black))


def _outline(painter: QPainter, around: Rectangle, colour: QColor) -> None:
    """A line of one pixel just outside."""
    painter.setPen(QPen(colour, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(around.left - 1, around.top - 1, around.width + 1, around.height + 1)


def _font(pixels: int, *, bold: bool = False) -> QFont:
    font = QFont()
    font.setPixelSize(pixels)
    font.setBold(bold)
    return font
