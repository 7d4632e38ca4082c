"""Facts about a file and about a result, as rows of a label and a value."""

from __future__ import annotations

from dataclasses import astuple
from types import MappingProxyType
from typing import TYPE_CHECKING

from app.i18n.error_messages import message_from_error
from app.i18n.formatting import (
    attachments_text,
    color_space_text,
    damage_text,
    embedded_data_text,
    format_count,
    format_decimal,
    format_percent,
    format_size,
    format_whole_percent,
    profile_defect_text,
)
from app.i18n.translation import tr, tr_noop, translate
from app.jobs.document.open import Document
from app.jobs.run.result import RunResult
from app.viewmodels.document.recompression import RecompressionChecked, RecompressionState
from app.viewmodels.state_view_model import JobFailed
from ddrm_core.jpeg.color_markers import describe_color_model
from ddrm_core.jpeg.header import JpegHeader, format_chroma_sampling
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.quality_factor import LibjpegQuality
from ddrm_core.jpeg.recompression import PreviousCompression
from ddrm_core.metadata.color_space import ColorSpaceSource, find_color_space
from ddrm_core.metadata.icc_defects import find_profile_defect

if TYPE_CHECKING:  # import torch, see `PriorCache`
    from ddrm_core.restoration.source import PixelImage
    from ddrm_core.verification.consistency import Consistency

FactRows = tuple[tuple[str, str], ...]

_ESTIMATED_VALUE_TEXT = tr_noop("{value}, estimated")
_COLOR_NAMES = MappingProxyType({1: tr_noop("gray"), 3: "RGB", 4: "CMYK"})


def file_facts(document: Document) -> FactRows:
    """Return labels and texts of the facts about a file and its display."""
    source, display = document.source, document.display
    size = tr("{width} × {height} px")  # noqa: RUF001
    if display.is_reoriented:
        size = tr("{width} × {height} px, shown turned")  # noqa: RUF001
    width, height = source.size
    rows = [(tr("Name"), source.path.name), (tr("Size"), size.format(width=width, height=height))]
    if isinstance(source, JpegImage):
        rows += _jpeg_facts(source)
    else:
        format_text = tr("{format}, no JPEG").format(format=document.format)
        rows += [(tr("Format"), format_text), *_pixel_image_facts(source)]
    color_space_info = find_color_space(source.metadata)
    if color_space_info.source is not ColorSpaceSource.NONE:
        rows.append((tr("Color space"), color_space_text(color_space_info)))
    if document.estimated_bits is not None:
        rows.append(
            (
                tr("Bits per channel"),
                tr(_ESTIMATED_VALUE_TEXT).format(value=document.estimated_bits),
            )
        )
    defect = find_profile_defect(source.metadata)
    if defect is not None:
        text = profile_defect_text(defect, source.metadata, display.channels)
        rows.append((tr("Color profile"), text))
    elif display.has_unusable_profile:
        rows.append((tr("Color profile"), tr("not usable, shown without it")))
    return tuple(rows)


def _jpeg_facts(image: JpegImage) -> FactRows:
    header, color = image.header, tr(describe_color_model(image.color_model_name))
    if len(image.components) > 1:
        color += f", {format_chroma_sampling(image.components)}"
    rows = [(tr("JPEG quality"), quality_factor_text(image.quality)), (tr("Color"), color)]
    if header is not None:
        segment_names = dict.fromkeys(
            segment.name for segment in header.segments if segment.name != "JFIF"
        )
        names = ", ".join(tr(name) for name in segment_names)
        rows.insert(1, (tr("Coding"), translate(header.coding)))
        rows.append((tr("Metadata"), names or tr("none")))
        rows.append((tr("File"), format_size(header.file_size)))
        rows += trailing_data_facts(header)
    if embedded_text := embedded_data_text(image.metadata):
        rows.append((tr("In XMP"), embedded_text))
    if image.damage is not None:
        rows.append((tr("Damage"), damage_text(image.damage.description)))
    return tuple(rows)


def trailing_data_facts(header: JpegHeader) -> FactRows:
    """Return a row with names and sizes of everything behind the image; no row without it."""
    text = attachments_text(header)
    return ((tr("After it"), text),) if text else ()


def _pixel_image_facts(source: PixelImage) -> FactRows:
    """Return labels and texts of the facts about a file that is not a JPEG."""
    color = (tr("Color"), tr(_COLOR_NAMES[len(source.pixels)]))
    previous, estimated_text = source.previous_compression, tr(_ESTIMATED_VALUE_TEXT)
    if previous is None:
        return (color, (tr("Saved before"), tr("no sign of JPEG compression")))
    certainty_text = tr("{certainty}, from its pixels")
    return (
        color,
        (tr("JPEG quality"), estimated_text.format(value=previous.quality)),
        (tr("Sampling"), estimated_text.format(value=tr(describe_color_model(previous.sampling)))),
        (tr("Grid"), estimated_text.format(value=format_grid_offset(previous))),
        (
            tr("Certainty"),
            certainty_text.format(certainty=format_whole_percent(previous.confidence)),
        ),
    )


def recompression_facts(state: RecompressionState) -> FactRows:
    """Return a row about a previous compression; no row before the search has ended."""
    match state:
        case RecompressionChecked(previous_compression=None):
            text = tr("not at lower quality")
        case RecompressionChecked(previous_compression=PreviousCompression() as previous):
            text = tr("at quality {quality} on grid {grid}, {certainty} sure").format(
                quality=previous.quality,
                grid=format_grid_offset(previous),
                certainty=format_whole_percent(previous.confidence),
            )
        case JobFailed(error=error):
            text = tr("not known: {reason}").format(reason=message_from_error(error).title)
        case _:
            return ()
    return ((tr("Saved before"), text),)


def format_grid_offset(previous: PreviousCompression) -> str:
    """Return how many pixels the first blocks begin left of and above the image, as "left,top"."""
    return f"{previous.left},{previous.top}"


def result_facts(result: RunResult) -> FactRows:
    """Return labels and texts of the facts about a result and the settings of its run."""
    restoration = result.restoration
    run = restoration.run
    evaluations = format_count(restoration.evaluation_count)
    if not restoration.complete:
        planned_evaluations = format_count(run.settings.evaluation_count)
        text = tr("{done} of {total}")
        evaluations = text.format(done=evaluations, total=planned_evaluations)
    prior_text = tr("{prior} on {device}").format(
        prior=run.prior.info.name, device=run.prior.device
    )
    rows: FactRows = (
        (tr("Before rounding"), _differing_values_text(result.exact_consistency)),
        (tr("Rounded to 8 bits"), _differing_values_text(result.rounded_consistency)),
        (tr("Evaluations"), evaluations),
        (tr("Start"), str(run.start)),
        (tr("Time"), format_duration(restoration.seconds)),
        (tr("Model"), prior_text),
        (tr("Seed"), str(run.seed)),
    )
    if run.region is not None:
        left, top, width, height = astuple(run.region)
        text = tr("{width} × {height} px at {left}, {top}")  # noqa: RUF001
        region_text = text.format(width=width, height=height, left=left, top=top)
        rows = ((tr("Region"), region_text), *rows)
    if restoration.fallbacks:
        fallback_names = ", ".join(translate(fallback) for fallback in restoration.fallbacks)
        rows = (
            *rows,
            (tr("Memory"), tr("not enough; went on with {less}").format(less=fallback_names)),
        )
    return rows


def _differing_values_text(consistency: Consistency) -> str:
    """Return how many values of the file a result does not reproduce."""
    total, differing = consistency.coefficient_count, consistency.outside_count
    if not total:
        return tr("not known, without a whole block")
    if not differing:
        return tr("all {total} values agree").format(total=format_count(total))
    text = tr("{differing} of {total} values differ")
    return text.format(differing=format_count(differing), total=format_count(total))


def _count_coefficients(consistency: Consistency) -> int:
    """Return how many levels, or pixel values, of the result were compared with the file."""
    return sum(component.coefficients for component in consistency.components)


def quality_factor_text(quality: LibjpegQuality) -> str:
    """Return the quality factor of the quantization tables on libjpeg's scale, as text."""
    return translate(quality.description)


def consistency_share_text(consistency: Consistency, *, has_levels: bool) -> str:
    """Return a text such as "99.9 % of 1,000 levels in their bins".

    Args:
        consistency: Consistency of the result.
        has_levels: Whether the compared values are levels of a JPEG; otherwise they are called
            values.
    """
    total = _count_coefficients(consistency)
    if not total:
        return tr("not known, without a whole block")
    text = tr("{share} of {total} values in their bins")
    if has_levels:
        text = tr("{share} of {total} levels in their bins")
    share = format_percent(consistency.inside_fraction)
    return text.format(share=share, total=format_count(total))


def format_duration(seconds: float) -> str:
    """Format a duration: seconds with a decimal below a minute, then minutes, then hours."""
    if seconds < 60:
        return f"{format_decimal(seconds, 1)} s"
    return tr("{time} min").format(time=format_clock_time(seconds))


def format_clock_time(seconds: float) -> str:
    """Format a duration as m:ss, or as h:mm:ss from an hour on."""
    minutes, remaining_seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return (
        f"{hours}:{minutes:02}:{remaining_seconds:02}"
        if hours
        else f"{minutes}:{remaining_seconds:02}"
    )
