"""Where everything lies on a contact sheet, as in the paper's Figure 4."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.imaging.scaling import Enlargement, enlargement_for
from ddrm_core.imaging.rectangle import Rectangle

TEXT_PX = 15
TITLE_PX = 20
_LINE_PX = 21
_TITLE_LINE_PX = 30
_MARGIN_PX = 24
_GAP_PX = 16
_ROOM_PX = 320  # of each picture, across and down


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text in a box that is as wide as it may be.

    Attributes:
        text: The line.
        box: In pixels of the sheet.
        title: Whether it is the sheet's title.
    """

    text: str
    box: Rectangle
    title: bool = False


@dataclass(frozen=True, slots=True)
class Inset:
    """The whole picture, small, with a region's frame in it.

    Attributes:
        crop: Which of the regions, from 0.
        box: In pixels of the sheet; in the picture's proportions.
        frame: The region in it, at least three pixels wide and high.
    """

    crop: int
    box: Rectangle
    frame: Rectangle


@dataclass(frozen=True, slots=True)
class Piece:
    """A region of one of the pictures, enlarged.

    Attributes:
        crop: Which of the regions, from 0.
        version: Which of the pictures, from 0.
        box: In pixels of the sheet.
        by: How much it is enlarged.
    """

    crop: int
    version: int
    box: Rectangle
    by: Enlargement


@dataclass(frozen=True, slots=True)
class Sheet:
    """A planned contact sheet.

    Attributes:
        width: In pixels.
        height: In pixels.
        words: All text.
        insets: One per region.
        pieces: One per region and picture.
    """

    width: int
    height: int
    words: tuple[Words, ...]
    insets: tuple[Inset, ...]
    pieces: tuple[Piece, ...]


def plan_sheet(
    crops: Sequence[tuple[str, Rectangle]],
    picture: tuple[int, int],
    *,
    title: str,
    lines: Sequence[str],
    inset: str,
    versions: Sequence[str],
    words_of: Callable[[Enlargement], str],
    measure: Callable[[str], int],
) -> Sheet:
    """A row per region: the whole picture with its frame, then the region in each picture.

    Args:
        crops: What each region is called, and where it is.
        picture: Width and height of the picture.
        title: The first line.
        lines: Below it; broken where they are too wide.
        inset: What is above the whole pictures.
        versions: What is above each picture's regions.
        words_of: How much a region is enlarged, in words.
        measure: Width of a line of text, in pixels.
    """
    columns = [_MARGIN_PX + (_ROOM_PX + _GAP_PX) * i for i in range(1 + len(versions))]
    width = columns[-1] + _ROOM_PX + _MARGIN_PX
    inner = width - 2 * _MARGIN_PX
    words = [Words(title, Rectangle(_MARGIN_PX, _MARGIN_PX, inner, _TITLE_LINE_PX), title=True)]
    top = _MARGIN_PX + _TITLE_LINE_PX
    for line in (part for whole in lines for part in broken(whole, inner, measure)):
        words.append(Words(line, Rectangle(_MARGIN_PX, top, inner, _LINE_PX)))
        top += _LINE_PX
    top += _GAP_PX
    for left, label in zip(columns, (inset, *versions), strict=True):
        words.append(Words(label, Rectangle(left, top, _ROOM_PX, _LINE_PX)))
    top += _LINE_PX
    insets, pieces = [], []
    for number, (name, place) in enumerate(crops):
        by = enlargement_for(place, (_ROOM_PX, _ROOM_PX))
        insets.append(_inset(number, place, picture, columns[0], top))
        across, down = by.size(place)
        for version, left in enumerate(columns[1:]):
            pieces.append(Piece(number, version, Rectangle(left, top, across, down), by))
        top += max(down, insets[-1].box.height) + 4
        caption = f"{name}, {words_of(by)}"
        words.append(Words(caption, Rectangle(_MARGIN_PX, top, inner, _LINE_PX)))
        top += _LINE_PX + _GAP_PX
    height = top - _GAP_PX + _MARGIN_PX
    return Sheet(width, height, tuple(words), tuple(insets), tuple(pieces))


def _inset(number: int, place: Rectangle, picture: tuple[int, int], left: int, top: int) -> Inset:
    scale = min(_ROOM_PX / picture[0], _ROOM_PX / picture[1], 1.0)
    width, height = (max(round(side * scale), 1) for side in picture)
    frame = Rectangle(
        left + int(place.left * scale),
        top + int(place.top * scale),
        max(round(place.width * scale), 3),
        max(round(place.height * scale), 3),
    )
    return Inset(number, Rectangle(left, top, width, height), frame)


def broken(line: str, width: int, measure: Callable[[str], int]) -> list[str]:
    """A line as several that are no wider, if their words are not; broken between words."""
    lines = [""]
    for word in line.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and measure(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
