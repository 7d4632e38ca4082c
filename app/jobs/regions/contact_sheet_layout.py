"""The layout of a contact sheet, arranged like Figure 4 of the paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.imaging.scaling import IntegerScale
from ddrm_core.imaging.rectangle import Rectangle

TEXT_SIZE_PX = 15
TITLE_SIZE_PX = 20
_LINE_HEIGHT_PX = 21
_TITLE_HEIGHT_PX = 30
_MARGIN_PX = 24
_GAP_PX = 16
_OVERVIEW_SIZE_PX = 320  # width and height of the space for each overview inset
_MIN_COLUMN_WIDTH_PX = 240  # for the label of an image whose regions are narrow


@dataclass(frozen=True, slots=True)
class SheetTextLine:
    """A line of text on a contact sheet.

    Attributes:
        text: Text of the line.
        rectangle: Space for the line, in pixels of the sheet; longer text is elided.
        is_title: Whether the line is the sheet's title.
    """

    text: str
    rectangle: Rectangle
    is_title: bool = False


@dataclass(frozen=True, slots=True)
class OverviewInset:
    """An inset of a contact sheet: the whole image, reduced, with a frame around one region.

    Attributes:
        region_index: Index of the region, from 0.
        rectangle: Rectangle of the inset in pixels of the sheet, with the image's aspect ratio.
        region_frame: Rectangle of the region in pixels of the sheet; width and height at least 3.
    """

    region_index: int
    rectangle: Rectangle
    region_frame: Rectangle


@dataclass(frozen=True, slots=True)
class EnlargedRegion:
    """An element of a contact sheet: one region of one image, enlarged or reduced.

    Attributes:
        region_index: Index of the region, from 0.
        image_index: Index of the image, from 0.
        rectangle: Rectangle of the enlarged region, in pixels of the sheet.
        enlargement: Scale of the region.
    """

    region_index: int
    image_index: int
    rectangle: Rectangle
    enlargement: IntegerScale


@dataclass(frozen=True, slots=True)
class ContactSheetLayout:
    """The size of a contact sheet and the positions of its elements.

    Attributes:
        width: Width of the sheet in pixels.
        height: Height of the sheet in pixels.
        text_lines: All lines of text.
        insets: One overview inset per region.
        enlarged_regions: One enlarged region per region and image.
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
    scale: IntegerScale,
    title: str,
    info_lines: Sequence[str],
    overview_heading: str,
    image_labels: Sequence[str],
    format_enlargement: Callable[[IntegerScale], str],
    measure_text: Callable[[str], int],
) -> ContactSheetLayout:
    """Arrange a contact sheet with one row per region: an overview inset, then all images.

    Args:
        labeled_regions: Label and rectangle of each region.
        image_size: Width and height of the images.
        scale: Scale of all regions.
        title: First line of the sheet.
        info_lines: Lines below the title, which are wrapped to the sheet's width.
        overview_heading: Heading of the column of overview insets.
        image_labels: Heading of each image's column.
        format_enlargement: Function that returns a scale as text.
        measure_text: Function that returns the width of a line of text in pixels.
    """
    widths = [scale.scaled_size(region)[0] for _, region in labeled_regions]
    column_width = max(*widths, _MIN_COLUMN_WIDTH_PX)
    column_widths = (_OVERVIEW_SIZE_PX, *(column_width for _ in image_labels))
    column_lefts = [
        _MARGIN_PX + sum(column_widths[:i]) + _GAP_PX * i for i in range(len(column_widths))
    ]
    width = column_lefts[-1] + column_widths[-1] + _MARGIN_PX
    text_width = width - 2 * _MARGIN_PX
    text_lines = _compute_heading_lines(title, info_lines, text_width, measure_text)
    top = text_lines[-1].rectangle.bottom + _GAP_PX
    labels = (overview_heading, *image_labels)
    text_lines += [
        SheetTextLine(label, Rectangle(left, top, column_width, _LINE_HEIGHT_PX))
        for label, left, column_width in zip(labels, column_lefts, column_widths, strict=True)
    ]
    top += _LINE_HEIGHT_PX
    insets, enlarged_regions = [], []
    for region_index, (name, region) in enumerate(labeled_regions):
        inset = _compute_inset(region_index, region, image_size, column_lefts[0], top)
        insets.append(inset)
        enlarged_width, enlarged_height = scale.scaled_size(region)
        for image_index, left in enumerate(column_lefts[1:]):
            rectangle = Rectangle(left, top, enlarged_width, enlarged_height)
            enlarged_regions.append(EnlargedRegion(region_index, image_index, rectangle, scale))
        top += max(enlarged_height, inset.rectangle.height) + 4
        caption = f"{name}, {format_enlargement(scale)}"
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
    """Return the title line and, below it, the information lines, wrapped to `width` pixels."""
    title_rectangle = Rectangle(_MARGIN_PX, _MARGIN_PX, width, _TITLE_HEIGHT_PX)
    text_lines = [SheetTextLine(title, title_rectangle, is_title=True)]
    for info_line in info_lines:
        for line in wrap_line(info_line, width, measure_text):
            top = text_lines[-1].rectangle.bottom
            text_lines.append(
                SheetTextLine(line, Rectangle(_MARGIN_PX, top, width, _LINE_HEIGHT_PX))
            )
    return text_lines


def _compute_inset(
    region_index: int, region: Rectangle, image_size: tuple[int, int], left: int, top: int
) -> OverviewInset:
    scale = min(_OVERVIEW_SIZE_PX / image_size[0], _OVERVIEW_SIZE_PX / image_size[1], 1.0)
    width, height = (max(round(side * scale), 1) for side in image_size)
    region_frame = Rectangle(
        left + int(region.left * scale),
        top + int(region.top * scale),
        max(round(region.width * scale), 3),
        max(round(region.height * scale), 3),
    )
    return OverviewInset(region_index, Rectangle(left, top, width, height), region_frame)


def wrap_line(line: str, width: int, measure_text: Callable[[str], int]) -> list[str]:
    """Break a line between words into lines of at most `width` pixels.

    A word that is wider than `width` gets a line of its own.
    """
    lines = [""]
    for word in line.split():
        extended_line = f"{lines[-1]} {word}".strip()
        if lines[-1] and measure_text(extended_line) > width:
            lines.append(word)
        else:
            lines[-1] = extended_line
    return lines
