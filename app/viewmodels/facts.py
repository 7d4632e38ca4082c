"""What the panels say about a file and a result, as rows of a label and a value."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from app.errors import message_for
from app.jobs.open_job import Document
from app.jobs.result import Restored
from app.viewmodels.history import HistoryState, Looked, LookFailed
from app.words import damage_words, percent
from ddrm_core.jpeg.header import sampling_name
from ddrm_core.jpeg.history import Earlier
from ddrm_core.jpeg.measured import JpegImage
from ddrm_core.jpeg.quality import Quality

if TYPE_CHECKING:  # import torch, see `Engine`
    from ddrm_core.metrics.consistency import Consistency
    from ddrm_core.source import PixelImage

Rows = tuple[tuple[str, str], ...]

_NO_BLOCK = "Too small to compare with the file: no whole block"
_COLOURS = MappingProxyType({1: "grey", 3: "RGB", 4: "CMYK"})


@dataclass(frozen=True, slots=True)
class Agreement:
    """Whether a result agrees with the file, in a line or two.

    Attributes:
        holds: Whether every level is in its bin.
        words: The line.
        detail: What rounding to 8-bit pixels costs; empty where nothing.
    """

    holds: bool
    words: str
    detail: str


def file_facts(document: Document) -> Rows:
    """What the file says of itself, and how it is shown."""
    source, display = document.source, document.display
    turned = ", shown turned" if display.turned else ""
    width, height = source.size
    rows = [
        ("Name", source.path.name),
        ("Size", f"{width} × {height} px{turned}"),  # noqa: RUF001
    ]
    if isinstance(source, JpegImage):
        rows += _jpeg_facts(source)
    else:
        rows += [("Format", f"{document.format}, no JPEG"), *_estimates(source)]
    if document.bits is not None:
        rows.append(("Bits per channel", f"{document.bits}, estimated"))
    if display.profile_unusable:
        rows.append(("Colour profile", "not usable, shown without it"))
    return tuple(rows)


def _jpeg_facts(image: JpegImage) -> Rows:
    header, colour = image.header, image.colour
    if len(image.components) > 1:
        colour += f", {sampling_name(image.components)}"
    rows = [("Quality factor", quality_words(image.quality)), ("Colour", colour)]
    if header is not None:
        names = tuple(dict.fromkeys(s.name for s in header.segments if s.name != "JFIF"))
        rows.insert(1, ("Coding", header.coding))
        rows.append(("Metadata", ", ".join(names) or "none"))
        rows.append(("File", bytes_words(header.file_size)))
    if image.damage is not None:
        rows.append(("Damage", damage_words(image.damage.words)))
    return tuple(rows)


def _estimates(source: PixelImage) -> Rows:
    """Of a picture that is no JPEG."""
    colour = ("Colour", _COLOURS[len(source.picture)])
    earlier = source.earlier
    if earlier is None:
        return (colour, ("Earlier JPEG", "no sign of JPEG compression"))
    return (
        colour,
        ("Quality factor", f"{earlier.quality}, estimated"),
        ("Sampling", f"{earlier.sampling}, estimated"),
        ("Grid", f"{grid_words(earlier)}, estimated"),
        ("Certainty", f"{_certainty(earlier)}, from its pixels"),
    )


def history_facts(state: HistoryState) -> Rows:
    """What is known of a JPEG's earlier compression; nothing while it is looked for."""
    match state:
        case Looked(earlier=None):
            words = "no sign of a harsher one"
        case Looked(earlier=Earlier() as earlier):
            words = (
                f"QF {earlier.quality} on grid {grid_words(earlier)}, {_certainty(earlier)} sure"
            )
        case LookFailed(error=error):
            words = f"not known: {message_for(error).title}"
        case _:
            return ()
    return (("Earlier JPEG", words),)


def _certainty(earlier: Earlier) -> str:
    return f"{100 * earlier.confidence:.0f} %"


def grid_words(earlier: Earlier) -> str:
    """By how many pixels its blocks begin left of and above the picture."""
    return f"{earlier.left},{earlier.top}"


def result_facts(restored: Restored) -> Rows:
    """What a run gave, and what it used."""
    restoration = restored.restoration
    run = restoration.run
    evaluations = f"{restoration.evaluations:,}"
    if not restoration.complete:
        evaluations += f" of {run.settings.evaluations:,}, stopped"
    rows: Rows = (
        ("Consistency", share_words(restored.exact, _counted(restored))),
        ("As 8-bit pixels", percent(restored.rounded.inside) if _total(restored.exact) else "—"),
        ("Evaluations", evaluations),
        ("Start", str(run.start)),
        ("Time", duration_words(restoration.seconds)),
        ("Prior", f"{run.prior.info.name} on {run.prior.device}"),
        ("Seed", str(run.seed)),
    )
    if run.region is not None:
        left, top, width, height = astuple(run.region)
        rows = (("Region", f"{width} × {height} px at {left}, {top}"), *rows)  # noqa: RUF001
    if restoration.fallbacks:
        less = ", ".join(fallback.value for fallback in restoration.fallbacks)
        rows = (*rows, ("Memory", f"not enough; went on with {less}"))
    return rows


def agreement(restored: Restored) -> Agreement:
    """What a result's badge says."""
    exact, rounded = restored.exact, restored.rounded
    if not _total(exact):
        return Agreement(holds=False, words=_NO_BLOCK, detail="")
    holds = exact.inside == 1
    counted = _counted(restored)
    words = f"{outside_words(exact, counted)} their bins"
    if holds:
        words = f"Agrees with the file: {percent(exact.inside)} of {counted} in their bins"
    detail = "" if rounded.inside == 1 else f"{outside_words(rounded, counted)}, as 8-bit pixels"
    return Agreement(holds, words, detail)


def _counted(restored: Restored) -> str:
    """What the file holds, and has bins for."""
    return "levels" if isinstance(restored.restoration.run.image, JpegImage) else "values"


def _total(consistency: Consistency) -> int:
    """How many levels or values were held against the file."""
    return sum(c.coefficients for c in consistency.components)


def outside_words(consistency: Consistency, counted: str) -> str:
    """How many of what is `counted` are outside their bins, of how many."""
    total = _total(consistency)
    outside = total - sum(c.inside for c in consistency.components)
    return f"{outside:,} of {total:,} {counted} outside"


def quality_words(quality: Quality) -> str:
    """Where the tables are on libjpeg's scale."""
    return f"{quality.factor} (tables)" if quality.exact else str(quality)


def share_words(consistency: Consistency, counted: str) -> str:
    """The share in the bins, and of how many of what is `counted`."""
    total = _total(consistency)
    if not total:
        return "not known, without a whole block"
    return f"{percent(consistency.inside)} of {total:,} {counted} in their bins"


def bytes_words(size: int) -> str:
    """A file size."""
    if size < 1000:
        return f"{size} bytes"
    return f"{size / 1000:.1f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"


def duration_words(seconds: float) -> str:
    """A duration: seconds with a decimal below a minute, then minutes, then hours."""
    return f"{seconds:.1f} s" if seconds < 60 else f"{clock_words(seconds)} min"


def clock_words(seconds: float) -> str:
    """A duration as m:ss, or h:mm:ss from an hour on."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
