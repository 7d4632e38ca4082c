"""Where everything lies on a contact sheet, as in the paper's Figure 4."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.imaging.scaling import IntegerScale, fit_integer_scale
from ddrm_core.imaging.rectangle import Rectangle

TEXT_SIZE_PX = 15
TITLE_SIZE_PX = 20
_LINE_HEIGHT_PX = 21
_TITLE_HEIGHT_PX = 30
_MARGIN_PX = 24
_GAP_PX = 16
_CELL_SIZE_PX = 320  # of each picture, across and down


@dataclass(frozen=True, slots=True)
class SheetTextLine:
    """A line of text in a box that is as wide as it may be.

    Attributes:
        text: The line.
        rectangle: In pixels of the sheet.
        is_title: Whether it is the sheet's title.
    """

    text: str
    rectangle: Rectangle
    is_title: bool = False


@dataclass(frozen=True, slots=True)
class OverviewInset:
    """The whole picture, small, with a region's frame in it.

    Attributes:
        region_index: Which of the regions, from 0.
        rectangle: In pixels of the sheet; in the picture's proportions.
        region_frame: The region in it, at least three pixels wide and high.
    """

    region_index: int
    rectangle: Rectangle
    region_frame: Rectangle


@dataclass(frozen=True, slots=True)
class EnlargedRegion:
    """A region of one of the pictures, enlarged.

    Attributes:
        region_index: Which of the regions, from 0.
        image_index: Which of the pictures, from 0.
        rectangle: In pixels of the sheet.
        enlargement: How much it is enlarged.
    """

    region_index: int
    image_index: int
    rectangle: Rectangle
    enlargement: IntegerScale


@dataclass(frozen=True, slots=True)
class ContactSheetLayout:
    """A planned contact sheet.

    Attributes:
        width: In pixels.
        height: In pixels.
        text_lines: All text.
        insets: One per region.
        enlarged_regions: One per region and picture.
    """

    width: int
    height: int
    text_lines: tuple[SheetTextLine, ...]
    insets: tuple[OverviewInset, ...]
    enlarged_regions: tuple[EnlargedRegion, ...]


def compute_contact_sheet_layout(
    labeled_regions: Sequence[tuple[str, Rectangle]],
    image_size: tuple[int, int],
    *,
    title: str,
    info_lines: Sequence[str],
    overview_heading: str,
    image_labels: Sequence[str],
    format_enlargement: Callable[[IntegerScale], str],
    measure_text: Callable[[str], int],
) -> ContactSheetLayout:
    """A row per region: the whole picture with its frame, then the region in each picture.

    Args:
        labeled_regions: What each region is called, and where it is.
        image_size: Width and height of the picture.
        title: The first line.
        info_lines: Below it; broken where they are too wide.
        overview_heading: What is above the whole pictures.
        image_labels: What is above each picture's regions.
        format_enlargement: How much a region is enlarged, in words.
        measure_text: Width of a line of text, in pixels.
    """
    column_lefts = [
        _MARGIN_PX + (_CELL_SIZE_PX + _GAP_PX) * i for i in range(1 + len(image_labels))
    ]
    width = column_lefts[-1] + _CELL_SIZE_PX + _MARGIN_PX
    text_width = width - 2 * _MARGIN_PX
    text_lines = _compute_heading_lines(title, info_lines, text_width, measure_text)
    top = text_lines[-1].rectangle.bottom + _GAP_PX
    text_lines += _compute_column_labels((overview_heading, *image_labels), column_lefts, top)
    top += _LINE_HEIGHT_PX
    insets, enlarged_regions = [], []
    for region_index, (name, region) in enumerate(labeled_regions):
        inset = _compute_inset(region_index, region, image_size, column_lefts[0], top)
        insets.append(inset)
        enlargement = fit_integer_scale(region, (_CELL_SIZE_PX, _CELL_SIZE_PX))
        enlarged_width, enlarged_height = enlargement.scaled_size(region)
        for image_index, left in enumerate(column_lefts[1:]):
            rectangle = Rectangle(left, top, enlarged_width, enlarged_height)
            enlarged_regions.append(
                EnlargedRegion(region_index, image_index, rectangle, enlargement)
            )
        top += max(enlarged_height, inset.rectangle.height) + 4
        caption = f"{name}, {format_enlargement(enlargement)}"
        text_lines.append(
            SheetTextLine(caption, Rectangle(_MARGIN_PX, top, text_width, _LINE_HEIGHT_PX))
        )
        top += _LINE_HEIGHT_PX + _GAP_PX
    height = top - _GAP_PX + _MARGIN_PX
    return ContactSheetLayout(
        width, height, tuple(text_lines), tuple(insets), tuple(enlarged_regions)
    )


def _compute_heading_lines(
    title: str, info_lines: Sequence[str], width: int, measure_text: Callable[[str], int]
) -> list[SheetTextLine]:
    """Return the title and, below it, the information lines, wrapped to `width` pixels."""
    title_rectangle = Rectangle(_MARGIN_PX, _MARGIN_PX, width, _TITLE_HEIGHT_PX)
    text_lines = [SheetTextLine(title, title_rectangle, is_title=True)]
    for info_line in info_lines:
        for line in wrap_line(info_line, width, measure_text):
            top = text_lines[-1].rectangle.bottom
            text_lines.append(
                SheetTextLine(line, Rectangle(_MARGIN_PX, top, width, _LINE_HEIGHT_PX))
            )
    return text_lines


def _compute_column_labels(
    labels: Sequence[str], column_lefts: Sequence[int], top: int
) -> list[SheetTextLine]:
    return [
        SheetTextLine(label, Rectangle(left, top, _CELL_SIZE_PX, _LINE_HEIGHT_PX))
        for label, left in zip(labels, column_lefts, strict=True)
    ]


def _compute_inset(
    region_index: int, region: Rectangle, image_size: tuple[int, int], left: int, top: int
) -> OverviewInset:
    scale = min(_CELL_SIZE_PX / image_size[0], _CELL_SIZE_PX / image_size[1], 1.0)
    width, height = (max(round(side * scale), 1) for side in image_size)
    region_frame = Rectangle(
        left + int(region.left * scale),
        top + int(region.top * scale),
        max(round(region.width * scale), 3),
        max(round(region.height * scale), 3),
    )
    return OverviewInset(region_index, Rectangle(left, top, width, height), region_frame)


def wrap_line(line: str, width: int, measure_text: Callable[[str], int]) -> list[str]:
    """A line as several that are no wider, if their words are not; broken between words."""
    lines = [""]
    for word in line.split():
        extended_line = f"{lines[-1]} {word}".strip()
        if lines[-1] and measure_text(extended_line) > width:
            lines.append(word)
        else:
            lines[-1] = extended_line
    return lines
