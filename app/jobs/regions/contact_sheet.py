"""Job that renders a contact sheet and writes it to a file."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPen

from app.imaging.mipmap_image import MipmapImage
from app.imaging.qimage import pixels_from_qimage, qrect_from_rectangle
from app.imaging.scaling import IntegerScale, render_scaled_crop
from app.jobs.regions.contact_sheet_layout import (
    TEXT_SIZE_PX,
    TITLE_SIZE_PX,
    ContactSheetLayout,
    OverviewInset,
    SheetTextLine,
    compute_contact_sheet_layout,
)
from ddrm_core.cancel import CancelToken
from ddrm_core.files.atomic_write import check_output_path, write_atomically
from ddrm_core.formats.png import encode_png
from ddrm_core.imaging.rectangle import Rectangle

# The sheet is made for print, so its colors do not depend on the window's scheme.
_BACKGROUND_COLOR = QColor("#ffffff")
_TITLE_COLOR = QColor("#1c1c1c")
_TEXT_COLOR = QColor("#5c5c5c")
_BORDER_COLOR = "#8a8a8a"


@dataclass(frozen=True, slots=True, eq=False)
class ContactSheetRequest:
    """The content of a contact sheet.

    Attributes:
        source_path: File of the document, which must not be overwritten.
        title: First line of the sheet.
        info_lines: Lines below the title.
        overview_heading: Heading of the column of overview insets.
        overview_image: Image in which each region is framed.
        labeled_images: Label and image of each column; all images have the same size.
        labeled_regions: Label and rectangle of each region, in pixels of the displayed image.
        scale: Scale of all regions.
        format_enlargement: Function that returns a scale as text.
    """

    source_path: Path
    title: str
    info_lines: tuple[str, ...]
    overview_heading: str
    overview_image: MipmapImage
    labeled_images: tuple[tuple[str, MipmapImage], ...]
    labeled_regions: tuple[tuple[str, Rectangle], ...]
    scale: IntegerScale
    format_enlargement: Callable[[IntegerScale], str]


def export_contact_sheet_job(
    request: ContactSheetRequest, path: Path, token: CancelToken
) -> Generator[None, None, Path]:
    """Render a contact sheet, write it as PNG to `path`, and return `path`.

    An existing file is replaced.

    Raises:
        OperationCancelled: If `token` was cancelled; no file is written then.
        OutputIsInput, UnwritableOutput: See `check_output_path`.
    """
    yield from ()
    check_output_path(path, source=request.source_path, overwrite=True)
    layout = layout_from_request(request)
    token.raise_if_cancelled()
    data = encode_png(pixels_from_qimage(render_contact_sheet(request, layout)))
    token.raise_if_cancelled()
    write_atomically(path, bytes(data))
    return path


def layout_from_request(request: ContactSheetRequest) -> ContactSheetLayout:
    """Compute the layout of a contact sheet, with text widths measured in the sheet's font."""
    overview = request.overview_image.full_size
    return compute_contact_sheet_layout(
        request.labeled_regions,
        (overview.width(), overview.height()),
        scale=request.scale,
        title=request.title,
        info_lines=request.info_lines,
        overview_heading=request.overview_heading,
        image_labels=[label for label, _ in request.labeled_images],
        format_enlargement=request.format_enlargement,
        measure_text=QFontMetrics(_create_sheet_font(TEXT_SIZE_PX)).horizontalAdvance,
    )


def render_contact_sheet(request: ContactSheetRequest, layout: ContactSheetLayout) -> QImage:
    """Draw a contact sheet with the given layout into a new image, and return the image.

    The function may be called on any thread.
    """
    image = QImage(layout.width, layout.height, QImage.Format.Format_RGB32)
    image.fill(_BACKGROUND_COLOR)
    painter = QPainter(image)
    for text_line in layout.text_lines:
        _draw_text_line(painter, text_line)
    for inset in layout.insets:
        _draw_inset(painter, request.overview_image, inset)
    for enlarged_region in layout.enlarged_regions:
        rectangle = request.labeled_regions[enlarged_region.region_index][1]
        source_image = request.labeled_images[enlarged_region.image_index][1]
        # The outline is drawn around the region so that it covers no pixel of the image.
        _draw_outline(painter, enlarged_region.rectangle, QColor(_BORDER_COLOR))
        painter.drawImage(
            enlarged_region.rectangle.left,
            enlarged_region.rectangle.top,
            render_scaled_crop(source_image, rectangle, enlarged_region.enlargement),
        )
    painter.end()
    return image


def _draw_text_line(painter: QPainter, text_line: SheetTextLine) -> None:
    font = _create_sheet_font(
        TITLE_SIZE_PX if text_line.is_title else TEXT_SIZE_PX, bold=text_line.is_title
    )
    painter.setFont(font)
    painter.setPen(_TITLE_COLOR if text_line.is_title else _TEXT_COLOR)
    elide_mode, alignment = Qt.TextElideMode.ElideMiddle, Qt.AlignmentFlag.AlignVCenter
    text = QFontMetrics(font).elidedText(text_line.text, elide_mode, text_line.rectangle.width)
    painter.drawText(qrect_from_rectangle(text_line.rectangle), alignment, text)


def _draw_inset(painter: QPainter, overview_image: MipmapImage, inset: OverviewInset) -> None:
    box = inset.rectangle
    scaled_level = overview_image.choose_mipmap(box.width / overview_image.full_size.width())
    aspect = Qt.AspectRatioMode.IgnoreAspectRatio
    smooth = Qt.TransformationMode.SmoothTransformation
    _draw_outline(painter, box, QColor(_BORDER_COLOR))
    painter.drawImage(box.left, box.top, scaled_level.scaled(box.width, box.height, aspect, smooth))
    _draw_outline(painter, inset.region_frame, QColor(Qt.GlobalColor.white))
    _draw_outline(painter, inset.region_frame.expanded(1), QColor(Qt.GlobalColor.black))


def _draw_outline(painter: QPainter, rectangle: Rectangle, color: QColor) -> None:
    """Draw a one-pixel outline directly around `rectangle`."""
    painter.setPen(QPen(color, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(
        rectangle.left - 1, rectangle.top - 1, rectangle.width + 1, rectangle.height + 1
    )


def _create_sheet_font(size_px: int, *, bold: bool = False) -> QFont:
    font = QFont()
    font.setPixelSize(size_px)
    font.setBold(bold)
    return font
