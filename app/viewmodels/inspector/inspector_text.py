"""Texts of the inspector."""

from __future__ import annotations

from collections.abc import Mapping

from app.i18n.formatting import (
    format_count,
    format_decimal,
    format_percent,
    format_size,
    format_whole_percent,
    metadata_segments_text,
    restart_markers_text,
)
from app.i18n.translation import tr, translate
from app.jobs.document.open import Document
from app.jobs.inspector.inspect import BandInspection
from app.viewmodels.document.facts import FactRows, file_facts, trailing_data_facts
from app.viewmodels.document.recompression import RecompressionChecked, RecompressionState
from ddrm_core.jpeg.color_markers import describe_color_model
from ddrm_core.jpeg.header import ZIGZAG, JpegHeader, format_chroma_sampling
from ddrm_core.jpeg.image import JpegImage, QualitySource
from ddrm_core.jpeg.quality_factor import LibjpegQuality
from ddrm_core.jpeg.recompression import PreviousCompression
from ddrm_core.metadata.exif import summarize_exif

_COMPONENT_NAMES = {
    "grey": ("Y",),
    "YCbCr": ("Y", "Cb", "Cr"),
    "RGB": ("R", "G", "B"),
    "CMYK": ("C", "M", "Y", "K"),
    "YCCK": ("Y", "Cb", "Cr", "K"),
}


def component_names(image: JpegImage) -> tuple[str, ...]:
    """Return the names of an image's components, such as Y, Cb and Cr."""
    return _COMPONENT_NAMES[image.color_model_name]


def band_name(band: int) -> str:
    """Return a short name of a band: "DC" or its horizontal and vertical frequency."""
    if band == 0:
        return tr("DC")
    vertical, horizontal = divmod(band, 8)
    return tr("band {across},{down}").format(across=horizontal, down=vertical)


def band_step_text(band: int, step: int) -> str:
    """Return the text about one band of a quantization table: frequencies and step."""
    vertical, horizontal = divmod(band, 8)
    if band == 0:
        return tr("DC, the mean of a block: step {step}").format(step=step)
    return tr("horizontal {across}, vertical {down}: step {step}").format(
        across=horizontal, down=vertical, step=step
    )


def band_tooltip_text(band: int, step: int) -> str:
    """Return the tooltip of one band of a quantization table.

    The tooltip states the frequencies, the quantizer step and the position in zigzag order.
    """
    zigzag_number = ZIGZAG.tolist().index(band) + 1
    return tr(
        "{band}\nNumber {order} of 64 in the file's zigzag order.\n"
        "Coefficients of this band are stored in whole steps of {step} gray levels."
    ).format(band=band_step_text(band, step), order=zigzag_number, step=step)


def format_signed_number(value: float, max_decimals: int) -> str:
    """Format a number with a true minus sign (U+2212), and without decimals if it is whole."""
    text = format_decimal(abs(value), 0 if value == int(value) else max_decimals)
    return f"−{text}" if value < 0 else text  # noqa: RUF001


def inspector_facts(document: Document) -> FactRows:
    """Return labels and texts of the facts about a file that the inspector shows."""
    source = document.source
    header = source.header if isinstance(source, JpegImage) else None
    if not isinstance(source, JpegImage) or header is None:
        return file_facts(document)
    width, height = source.size
    orientation_text = tr(", shown turned") if document.display.is_reoriented else ""
    rows = [
        (tr("Size"), f"{width} × {height} px{orientation_text}"),  # noqa: RUF001
        (tr("File"), format_size(header.file_size)),
        (tr("Coding"), _format_coding(header)),
        (tr("Restarts"), restart_markers_text(header)),
        (tr("Color"), tr(describe_color_model(source.color_model_name))),
        (tr("Sampling"), tr(describe_color_model(format_chroma_sampling(source.components)))),
        (tr("JPEG quality"), quality_factor_exactness_text(source.quality)),
        (tr("Metadata"), metadata_segments_text(header)),
        *trailing_data_facts(header),
    ]
    rows += _camera_facts(source)
    listed_labels = {tr("Name"), *(label for label, _ in rows)}
    return (*rows, *(row for row in file_facts(document) if row[0] not in listed_labels))


def fact_tooltip_texts() -> Mapping[str, str]:
    """Return the tooltip of each fact that has one, by the fact's translated label."""
    return {
        tr("Coding"): tr("In one go from top to bottom (baseline), or from coarse to fine"),
        tr("Restarts"): tr("Places from which a damaged file can be read on"),
        tr("Color"): tr("YCbCr splits brightness (Y) from color (Cb and Cr)"),
        tr("Sampling"): tr("How much more coarsely color is stored than brightness"),
        tr("JPEG quality"): tr(
            "From the tables, on libjpeg's scale from 1 to 100: the lower, the more was lost"
        ),
        tr("Metadata"): tr("What the file holds besides its picture, and how large that is"),
        tr("Saved before"): tr("Signs that the picture was compressed before, more harshly"),
        tr("After it"): tr(
            "Behind the end of the picture, as some cameras add it; a JPEG result keeps what is"
            " recognized"
        ),
        tr("Place"): tr("Whether the metadata says where the picture was taken"),
        tr("Grid"): tr("Pixels by which the first blocks begin left of and above the picture"),
        tr("Certainty"): tr("Share of findings with such evidence that were right"),
    }


def _camera_facts(image: JpegImage) -> FactRows:
    """Return labels and texts of what EXIF states about camera, time, software and GPS."""
    exif_tags = summarize_exif(image.metadata.exif) if image.metadata.exif is not None else None
    if exif_tags is None:
        return ()
    camera = " ".join(exif_tags[name] for name in ("Make", "Model") if name in exif_tags)
    gps_text = tr("in the metadata") if exif_tags["GPS"] == "yes" else tr("not in the metadata")
    rows = (
        (tr("Camera"), camera),
        (tr("Taken"), exif_tags.get("DateTimeOriginal", "")),
        (tr("Written by"), exif_tags.get("Software", "")),
        (tr("Place"), gps_text),
    )
    return tuple(row for row in rows if row[1])


def recompression_text(state: RecompressionState) -> str:
    """Return a sentence about a previous compression, empty before the search has ended."""
    match state:
        case RecompressionChecked(previous_compression=None):
            return tr("There is no sign that this picture was compressed more harshly before.")
        case RecompressionChecked(
            previous_compression=PreviousCompression() as previous_compression
        ):
            return tr(
                "This picture was compressed before, at about quality factor {quality}"
                " ({certainty} sure). What was lost then is lost in this file too; a run restores"
                " it once the earlier compression is assumed."
            ).format(
                quality=previous_compression.quality,
                certainty=format_whole_percent(previous_compression.confidence),
            )
        case _:
            return ""


def _format_coding(header: JpegHeader) -> str:
    return tr("{coding}, {bits} bits").format(
        coding=translate(header.coding), bits=header.precision
    )


def quality_factor_exactness_text(quality: LibjpegQuality) -> str:
    """Return the quality factor, and whether the file has exactly libjpeg's tables for it."""
    if quality.is_exact:
        return tr("{factor}, exactly libjpeg's tables").format(factor=quality.factor)
    return tr("near {factor}; the tables are not libjpeg's own").format(factor=quality.factor)


def chroma_sampling_text(image: JpegImage) -> str:
    """Return a sentence about how many pixels share a chroma sample."""
    if len(image.components) == 1:
        return tr("A gray picture: every pixel has a sample of its own.")
    across, down = pixels_per_chroma_sample(image)
    if (across, down) == (1, 1):
        return tr("Every pixel has a sample of every component.")
    return tr(
        "Brightness has a sample for every pixel; color one for each {across} × {down} pixels."  # noqa: RUF001
    ).format(across=across, down=down)


def pixels_per_chroma_sample(image: JpegImage) -> tuple[int, int]:
    """Return how many pixels across and down share one sample.

    The component with the fewest samples counts.
    """
    max_horizontal = max(c.horizontal_factor for c in image.components)
    max_vertical = max(c.vertical_factor for c in image.components)
    across = max(max_horizontal // c.horizontal_factor for c in image.components)
    return across, max(max_vertical // c.vertical_factor for c in image.components)


def quantization_table_title(image: JpegImage, component: int) -> str:
    """Return the heading of a component's quantization table."""
    component_name = component_names(image)[component]
    if image.quality_source is QualitySource.TABLES:
        return tr("Quantization table of {component}").format(component=component_name)
    return tr("Quantization table of {component}, estimated or assumed").format(
        component=component_name
    )


def level_tooltip_text(inspection: BandInspection, level: int) -> str:
    """Return the tooltip of a level in the histogram: its blocks, its bin, the result's blocks."""
    level_counts, result_histogram = inspection.level_counts, inspection.result_histogram
    low, high = level_counts.bin_edges(level)
    count = level_counts.count_of(level)
    lines = [
        tr("Level {level}: {count} of {total} blocks, {share}").format(
            level=format_signed_number(level, 0),
            count=format_count(count),
            total=format_count(level_counts.total_count),
            share=format_percent(count / max(level_counts.total_count, 1)),
        ),
        tr("Bin from {low} to {high} gray levels").format(
            low=format_signed_number(low, 1), high=format_signed_number(high, 1)
        ),
    ]
    if result_histogram is not None:
        result_count = int(result_histogram.counts_in_bin(level).sum())
        lines.append(
            tr("Blocks of the result here: {count}").format(count=format_count(result_count))
        )
    return "\n".join(lines)


def band_summary_text(inspection: BandInspection) -> str:
    """Return the summary below the histogram of a band.

    The summary has the number of blocks, the range of levels and the share of the result's
    coefficients in their bins.
    """
    level_counts, result_histogram = inspection.level_counts, inspection.result_histogram
    blocks_text = tr("{blocks} blocks, levels {first} to {last}").format(
        blocks=format_count(level_counts.total_count),
        first=format_signed_number(level_counts.lowest_level, 0),
        last=format_signed_number(level_counts.highest_level, 0),
    )
    if result_histogram is None:
        return tr("{blocks}. The result's coefficients appear here after a run.").format(
            blocks=blocks_text
        )
    if not result_histogram.examined_blocks:
        return blocks_text
    inside_text = format_percent(result_histogram.inside_count / result_histogram.examined_blocks)
    if result_histogram.examined_blocks == result_histogram.total_blocks:
        return tr("{blocks}. Result: {inside} in their bins.").format(
            blocks=blocks_text, inside=inside_text
        )
    return tr("{blocks}. Result: {inside} in their bins, of {looked} blocks looked at.").format(
        blocks=blocks_text,
        inside=inside_text,
        looked=format_count(result_histogram.examined_blocks),
    )
