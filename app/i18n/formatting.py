"""Numbers and facts in words, the same in the window and on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.i18n.core_messages import core_words
from app.i18n.translation import figures, mark, spoken, tr
from ddrm_core.metadata.color_space import ColorSpace, ToldBy

if TYPE_CHECKING:
    from ddrm_core.device.execution_limits import Fallback
    from ddrm_core.jpeg.header import JpegHeader
    from ddrm_core.jpeg.recompression import Earlier
    from ddrm_core.sampler.settings import Preset

GOES_ON = "what has arrived is kept, and the next download goes on from there"
"""Of a download that ended early, on the command line."""
_PRESETS = {
    "fast": mark("Fast"),
    "balanced": mark("Balanced"),
    "best": mark("Best"),
    "detail": mark("Detail"),
    "paper": mark("Paper"),
}


def count_words(count: int) -> str:
    """A whole number, in groups of three digits."""
    return figures(f"{count:,}")


def decimal_words(value: float, places: int) -> str:
    """A number with so many decimals."""
    return figures(f"{value:,.{places}f}")


def percent(share: float) -> str:
    """A share with two decimals; 100 % only where nothing is missing."""
    hundredths = int(share * 10_000) if share < 1 else 10_000
    return figures(f"{hundredths / 100:.2f}") + spoken().percent


def whole_percent(share: float) -> str:
    """A share without decimals."""
    return f"{round(100 * share)}{spoken().percent}"


def renamed_words(result: Path, kept: Path) -> str:
    """Say that a result has another name than usual, and why; without a full stop."""
    words = tr("its result is {name}, because {kept} is the result of another picture")
    return words.format(name=result.name, kept=kept.name)


def size_words(count: int) -> str:
    """A number of bytes, in the unit that suits it."""
    size, unit = float(count), ""
    for larger in ("kB", "MB", "GB"):
        if size < 1000:
            break
        size, unit = size / 1000, larger
    if not unit:
        return tr("{count} bytes").format(count=count)
    return f"{decimal_words(size, 1)} {unit}"


def either_words(names: Sequence[str]) -> str:
    """At least one, of which one is to be taken: "PNG, TIFF or WebP"."""
    *others, last = names
    if not others:
        return last
    return tr("{others} or {last}").format(others=", ".join(others), last=last)


def preset_words(preset: Preset) -> str:
    """The name of a preset that comes with the program."""
    return tr(_PRESETS[preset])


def fallback_words(fallback: Fallback) -> str:
    """What a run does differently because memory did not suffice."""
    words = tr("there is not enough memory, so the run goes on with {less}")
    return words.format(less=core_words(fallback.value))


def damage_words(damage: str) -> str:
    """What is wrong with a file that is restored all the same."""
    words = tr("{damage}; that part is restored, the rest is as decoded")
    return words.format(damage=core_words(damage))


def estimate_words(earlier: Earlier) -> str:
    """What the pixels of a picture that is no JPEG say, and how sure that is."""
    words = tr(
        "quality factor {quality}, {sampling} and grid {grid} are estimated from its pixels,"
        " {certainty} sure"
    )
    return words.format(
        quality=earlier.quality,
        sampling=earlier.sampling,
        grid=f"{earlier.left},{earlier.top}",
        certainty=whole_percent(earlier.confidence),
    )


def restart_words(header: JpegHeader) -> str:
    """Whether a damaged file could be read on after the damage."""
    if not header.restart_interval:
        return tr("no restart markers")
    words = tr("restart markers every {interval} MCUs")
    return words.format(interval=header.restart_interval)


def color_space_words(space: ColorSpace) -> str:
    """The color space of a file's pixels, and the part of the file that tells it."""
    match space.told_by:
        case ToldBy.PROFILE:
            return tr("{name}, by its profile").format(name=core_words(space.name))
        case ToldBy.EXIF:
            return tr("{name}, told by EXIF").format(name=core_words(space.name))
        case ToldBy.NOTHING:
            return core_words(space.name)


def metadata_words(header: JpegHeader) -> str:
    """What a file holds besides its picture, and how large that is."""
    words = tr("{name} ({size} bytes)")
    sizes = [
        words.format(name=core_words(s.name), size=count_words(s.size)) for s in header.segments
    ]
    return ", ".join(sizes) or tr("none")
