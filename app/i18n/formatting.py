"""Numbers and facts in words, the same in the window and on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.i18n.translation import current_language, localize_number, tr, tr_noop, translate
from ddrm_core.messages import Description, describe_size

if TYPE_CHECKING:
    from ddrm_core.device.execution_limits import MemoryFallback
    from ddrm_core.jpeg.header import JpegHeader
    from ddrm_core.jpeg.recompression import PreviousCompression
    from ddrm_core.metadata.color_space import ColorSpace
    from ddrm_core.sampler.settings import Preset

DOWNLOAD_RESUMES_TEXT = "what has arrived is kept, and the next download goes on from there"
"""Of a download that ended early, on the command line."""
_PRESET_LABELS = {
    "fast": tr_noop("Fast"),
    "balanced": tr_noop("Balanced"),
    "best": tr_noop("Best"),
    "detail": tr_noop("Detail"),
    "paper": tr_noop("Paper"),
}


def format_count(count: int) -> str:
    """A whole number, in groups of three digits."""
    return localize_number(f"{count:,}")


def format_decimal(value: float, decimals: int) -> str:
    """A number with so many decimals."""
    return localize_number(f"{value:,.{decimals}f}")


def format_percent(share: float) -> str:
    """A share with two decimals; 100 % only where nothing is missing."""
    hundredths = int(share * 10_000) if share < 1 else 10_000
    return localize_number(f"{hundredths / 100:.2f}") + current_language().percent_suffix


def format_whole_percent(share: float) -> str:
    """A share without decimals."""
    return f"{round(100 * share)}{current_language().percent_suffix}"


def renamed_result_text(result: Path, occupied: Path) -> str:
    """Say that a result has another name than usual, and why; without a full stop."""
    template = tr("its result is {name}, because {kept} is the result of another picture")
    return template.format(name=result.name, kept=occupied.name)


def format_size(count: int) -> str:
    """A number of bytes, in the unit that suits it."""
    return translate(describe_size(count))


def format_alternatives(names: Sequence[str]) -> str:
    """At least one, of which one is to be taken: "PNG, TIFF or WebP"."""
    *others, last = names
    if not others:
        return last
    return tr("{others} or {last}").format(others=", ".join(others), last=last)


def preset_label(preset: Preset) -> str:
    """The name of a preset that comes with the program."""
    return tr(_PRESET_LABELS[preset])


def fallback_text(fallback: MemoryFallback) -> str:
    """What a run does differently because memory did not suffice."""
    template = tr("there is not enough memory, so the run goes on with {less}")
    return template.format(less=translate(fallback))


def damage_text(damage: Description) -> str:
    """What is wrong with a file that is restored all the same."""
    template = tr("{damage}; that part is restored, the rest is as decoded")
    return template.format(damage=translate(damage))


def estimated_compression_text(compression: PreviousCompression) -> str:
    """What the pixels of a picture that is no JPEG say, and how sure that is."""
    template = tr(
        "quality factor {quality}, {sampling} and grid {grid} are estimated from its pixels,"
        " {certainty} sure"
    )
    return template.format(
        quality=compression.quality,
        sampling=compression.sampling,
        grid=f"{compression.left},{compression.top}",
        certainty=format_whole_percent(compression.confidence),
    )


def restart_markers_text(header: JpegHeader) -> str:
    """Whether a damaged file could be read on after the damage."""
    if not header.restart_interval:
        return tr("no restart markers")
    template = tr("restart markers every {interval} MCUs")
    return template.format(interval=header.restart_interval)


def color_space_text(space: ColorSpace) -> str:
    """The color space of a file's pixels, and the part of the file that tells it."""
    from ddrm_core.metadata.color_space import ColorSpaceSource  # reads profiles, with numpy

    match space.source:
        case ColorSpaceSource.PROFILE:
            return tr("{name}, by its profile").format(name=translate(space.name))
        case ColorSpaceSource.EXIF:
            return tr("{name}, told by EXIF").format(name=tr(space.name))
        case ColorSpaceSource.NONE:
            return tr(space.name)


def metadata_segments_text(header: JpegHeader) -> str:
    """What a file holds besides its picture, and how large that is."""
    template = tr("{name} ({size} bytes)")
    sizes = [template.format(name=tr(s.name), size=format_count(s.size)) for s in header.segments]
    return ", ".join(sizes) or tr("none")
