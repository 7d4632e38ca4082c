"""Numbers and facts as text, for the window and the command line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.i18n.translation import current_language, localize_number, tr, tr_noop, translate
from ddrm_core.messages import Description, describe_size

if TYPE_CHECKING:
    from ddrm_core.batch.outcome import FileOutcome
    from ddrm_core.batch.selection.select_file import Selection
    from ddrm_core.device.execution_limits import MemoryFallback
    from ddrm_core.jpeg.header import JpegHeader
    from ddrm_core.jpeg.recompression import PreviousCompression
    from ddrm_core.metadata.color_space import ColorSpace
    from ddrm_core.metadata.icc_defects import ProfileDefect
    from ddrm_core.metadata.model import Metadata
    from ddrm_core.sampler.settings import Preset

DOWNLOAD_RESUMES_TEXT = "what has arrived is kept, and the next download goes on from there"
"""Text about a download that ended early, for the command line."""
_SHORT_FORMAT_NAMES = {".tif": "TIFF", ".webp": "WebP", ".heif": "HEIC"}
_PRESET_LABELS = {
    "draft": tr_noop("Draft"),
    "fast": tr_noop("Fast"),
    "balanced": tr_noop("Balanced"),
    "best": tr_noop("Best"),
    "detail": tr_noop("Detail"),
    "paper": tr_noop("As published (very slow)"),
}
_APPROXIMATE_SIZES = (tr_noop("{count} kB"), tr_noop("{count} MB"), tr_noop("{count} GB"))


def format_count(count: int) -> str:
    """Format an integer with a thousands separator."""
    return localize_number(f"{count:,}")


def format_decimal(value: float, decimals: int) -> str:
    """Format a number with `decimals` decimals and a thousands separator."""
    return localize_number(f"{value:,.{decimals}f}")


def format_percent(share: float) -> str:
    """Format a share, 0 to 1, as a percentage with two decimals, rounded down.

    Rounding down makes sure that "100.00 %" stands for a share of exactly 1.
    """
    hundredths = int(share * 10_000) if share < 1 else 10_000
    return localize_number(f"{hundredths / 100:.2f}") + current_language().percent_suffix


def format_whole_percent(share: float) -> str:
    """Format a share, 0 to 1, as a percentage without decimals."""
    return f"{round(100 * share)}{current_language().percent_suffix}"


def renamed_result_text(result: Path, occupied: Path) -> str:
    """Return the text, without a period, that says why a result did not get its usual name.

    Args:
        result: File of the result.
        occupied: File with the usual name, which is the result of another image.
    """
    template = tr("its result is {name}, because {kept} is the result of another picture")
    return template.format(name=result.name, kept=occupied.name)


def format_size(count: int) -> str:
    """Format a number of bytes with a suitable unit."""
    return translate(describe_size(count))


def format_approximate_size(count: int) -> str:
    """Format a number of bytes with two significant digits, such as "430 kB" or "1.2 MB"."""
    *smaller_units, template = _APPROXIMATE_SIZES
    rounded = float(f"{count:.2g}") / 1000
    for smaller_unit in smaller_units:
        if rounded < 1000:
            template = smaller_unit
            break
        rounded /= 1000
    number = localize_number(f"{rounded:,.1f}" if rounded < 10 else f"{rounded:,.0f}")
    return tr(template).format(count=number)


def format_approximate_duration(seconds: float) -> str:
    """Return a duration as text, rounded to the precision of an estimate.

    Durations are rounded to 1 s below 10 s, 5 s below a minute, 10 s below ten minutes, one minute
    below an hour, else to 5 minutes.
    """
    if seconds < 10:
        return tr("{seconds} s").format(seconds=max(round(seconds), 1))
    if seconds < 57.5:
        return tr("{seconds} s").format(seconds=round(seconds / 5) * 5)
    if seconds < 600:
        minutes, remaining_seconds = divmod(round(seconds / 10) * 10, 60)
        if remaining_seconds:
            return tr("{minutes} min {seconds} s").format(
                minutes=minutes, seconds=remaining_seconds
            )
        return tr("{minutes} min").format(minutes=minutes)
    minutes = round(seconds / 60)
    if minutes < 60:
        return tr("{minutes} min").format(minutes=minutes)
    hours, minutes = divmod(round(minutes / 5) * 5, 60)
    if minutes:
        return tr("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    return tr("{hours} h").format(hours=hours)


def format_alternatives(names: Sequence[str]) -> str:
    """Join at least one name to a list of alternatives, such as "PNG, TIFF or WebP"."""
    *others, last = names
    if not others:
        return last
    return tr("{others} or {last}").format(others=", ".join(others), last=last)


def format_format_counts(
    suffix_counts: Sequence[tuple[str, int]], suffixes: Collection[str]
) -> str:
    """Return the numbers of files per format, such as "3 PNG, 1 TIFF".

    Args:
        suffix_counts: Suffixes in lower case, with the dot, and the number of files.
        suffixes: Suffixes to include.
    """
    counts: Counter[str] = Counter()
    for suffix, count in suffix_counts:
        if suffix in suffixes:
            counts[_SHORT_FORMAT_NAMES.get(suffix, suffix[1:].upper())] += count
    return ", ".join(f"{format_count(count)} {name}" for name, count in counts.most_common())


def preset_label(preset: Preset) -> str:
    """Return the translated name of a built-in preset."""
    return tr(_PRESET_LABELS[preset])


def fallback_text(fallback: MemoryFallback) -> str:
    """Return the text, without a period, that says a run continues with a memory fallback."""
    template = tr("there is not enough memory, so the run goes on with {less}")
    return template.format(less=translate(fallback))


def damage_text(damage: Description) -> str:
    """Return the text, without a period, about the damage of a file restored in part."""
    template = tr("{damage}; that part is restored, the rest is as decoded")
    return template.format(damage=translate(damage))


def estimated_compression_text(compression: PreviousCompression) -> str:
    """Return the text, without a period, about a compression that was estimated from pixels.

    The text names quality factor, chroma sampling, grid offset and certainty.
    """
    from ddrm_core.jpeg.color_markers import describe_color_model

    template = tr(
        "quality factor {quality}, {sampling} and grid {grid} are estimated from its pixels,"
        " {certainty} sure"
    )
    return template.format(
        quality=compression.quality,
        sampling=tr(describe_color_model(compression.sampling)),
        grid=f"{compression.left},{compression.top}",
        certainty=format_whole_percent(compression.confidence),
    )


def list_outcome_notes(outcome: FileOutcome) -> tuple[str, ...]:
    """Return the notes about the result of one file of a batch, each without a period."""
    notes = [translate(note).rstrip(".") for note in outcome.notes]
    if outcome.damage is not None:
        text = tr("the file is damaged: {damage}")
        notes.insert(0, text.format(damage=damage_text(outcome.damage)))
    if outcome.previous_compression is not None:
        text = tr("the file is not a JPEG: {estimate}")
        estimate = estimated_compression_text(outcome.previous_compression)
        notes.insert(0, text.format(estimate=estimate))
    if outcome.selection is not None and outcome.selection.sign is not None:
        notes.insert(0, _earlier_compression_text(outcome.selection, outcome.selection.sign))
    if outcome.conflicting_result is not None:
        notes.insert(0, renamed_result_text(outcome.target, outcome.conflicting_result))
    if outcome.retention_reason is not None:
        text = tr("not replaced, because {reason}")
        notes.insert(0, text.format(reason=translate(outcome.retention_reason)))
    return (*notes, *map(fallback_text, outcome.fallbacks))


def other_file_text(outcome: FileOutcome) -> str:
    """Return why a file of a batch was left as it is, empty for a selected file."""
    selection = outcome.selection
    if selection is None or selection.other_reason is None:
        return ""
    return translate(selection.other_reason)


def _earlier_compression_text(selection: Selection, sign: PreviousCompression) -> str:
    """Return the text, without a period, about signs of an earlier compression of a JPEG."""
    template = tr("signs of an earlier compression at JPEG quality {quality}, {certainty} sure")
    if selection.assumption is not None:
        template = tr(
            "restored for an earlier compression at JPEG quality {quality}, {certainty} sure"
        )
    certainty = format_whole_percent(sign.confidence)
    return template.format(quality=sign.quality, certainty=certainty)


def restart_markers_text(header: JpegHeader) -> str:
    """Return the text that gives the interval of a file's restart markers, if the file has any.

    Decoding can continue at a restart marker after damaged data.
    """
    if not header.restart_interval:
        return tr("no restart markers")
    template = tr("restart markers every {interval} MCUs")
    return template.format(interval=header.restart_interval)


def color_space_text(space: ColorSpace) -> str:
    """Return the translated name of an image's color space.

    The text adds whether a profile or the EXIF data states the color space.
    """
    from ddrm_core.metadata.color_space import ColorSpaceSource  # reads profiles, with numpy

    match space.source:
        case ColorSpaceSource.PROFILE:
            return tr("{name}, by its profile").format(name=translate(space.name))
        case ColorSpaceSource.EXIF:
            return tr("{name}, told by EXIF").format(name=tr(space.name))
        case ColorSpaceSource.NONE:
            return tr(space.name)


def profile_defect_text(defect: ProfileDefect, metadata: Metadata, channels: int) -> str:
    """Return why a file's color profile is not used, and the color space that is shown instead.

    Args:
        defect: Defect of the profile.
        metadata: Metadata of the file.
        channels: Number of channels of the file's pixels: 1 for gray, 3 for RGB, 4 for CMYK.
    """
    from ddrm_core.metadata.color_space import ExifColorSpace, read_exif_color_space  # numpy

    if channels == 4:
        return tr("not usable: {defect}; shown without it").format(defect=translate(defect))
    is_adobe_rgb = read_exif_color_space(metadata.exif) is ExifColorSpace.ADOBE_RGB
    space = ExifColorSpace.ADOBE_RGB if is_adobe_rgb else ExifColorSpace.SRGB
    template = tr("not usable: {defect}; shown as {space}")
    return template.format(defect=translate(defect), space=tr(space))


def attachments_text(header: JpegHeader) -> str:
    """Return names and sizes of everything behind the image of a JPEG, empty if nothing is there.

    Bytes that belong to no attachment are named, too.
    """
    from ddrm_core.attachments.notes import describe_attachments

    description = describe_attachments(header.attachments)
    return "" if description is None else translate(description)


def embedded_data_text(metadata: Metadata) -> str:
    """Return names and sizes of depth maps, pictures and audio recordings inside of extended XMP.

    The text is empty if nothing is there.
    """
    from ddrm_core.attachments.embedded_data import find_embedded_data
    from ddrm_core.attachments.notes import describe_embedded_data
    from ddrm_core.metadata.extended_xmp import join_extension

    data = find_embedded_data(join_extension(metadata.xmp_extensions))
    return translate(describe_embedded_data(data)) if data else ""


def metadata_segments_text(header: JpegHeader) -> str:
    """Return the names and sizes of a file's metadata segments as a list with commas.

    The text is "none" without such segments.
    """
    template = tr("{name} ({size} bytes)")
    sizes = [template.format(name=tr(s.name), size=format_count(s.size)) for s in header.segments]
    return ", ".join(sizes) or tr("none")


def unused_accelerator_text(maker: str) -> str:
    """Return a line, without a period, about a GPU of a maker that torch cannot use."""
    text = tr(
        "This computer has a GPU by {maker}, but the installed torch uses only the CPU;"
        " the page on graphics cards in the user guide says how to change that"
    )
    return text.format(maker=maker)
