"""What the panels say about a file and a result, as rows of a label and a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.display import Display
from app.jobs.restore_job import Restored
from app.words import percent
from ddrm_core.jpeg.header import Table, sampling_name
from ddrm_core.jpeg.measured import JpegImage
from ddrm_core.jpeg.quality import Quality

if TYPE_CHECKING:
    from ddrm_core.metrics.consistency import Consistency

Rows = tuple[tuple[str, str], ...]


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


def file_facts(image: JpegImage, display: Display) -> Rows:
    """What the file says of itself, and how it is shown."""
    header, colour = image.header, image.colour
    if len(image.components) > 1:
        colour += f", {sampling_name(image.components)}"
    turned = ", shown turned" if display.turned else ""
    rows = [
        ("Name", image.path.name),
        ("Size", f"{image.width} × {image.height} px{turned}"),  # noqa: RUF001
        ("Quality factor", quality_words(image.quality)),
        ("Colour", colour),
    ]
    if display.profile_unusable:
        rows.append(("Colour profile", "not usable, shown without it"))
    if header is not None:
        names = tuple(dict.fromkeys(s.name for s in header.segments if s.name != "JFIF"))
        rows.insert(3, ("Coding", header.coding))
        rows.append(("Metadata", ", ".join(names) or "none"))
        rows.append(("File", bytes_words(header.file_size)))
    return tuple(rows)


def result_facts(restored: Restored) -> Rows:
    """What a run gave, and what it used."""
    restoration = restored.restoration
    run = restoration.run
    evaluations = f"{restoration.evaluations:,}"
    if not restoration.complete:
        evaluations += f" of {run.settings.evaluations:,}, stopped"
    return (
        ("Consistency", share_words(restoration.consistency)),
        ("As 8-bit pixels", percent(restored.rounded.inside)),
        ("Evaluations", evaluations),
        ("Start", str(run.start)),
        ("Time", duration_words(restoration.seconds)),
        ("Prior", f"{run.prior.info.name} on {run.prior.device}"),
        ("Seed", str(run.seed)),
    )


def agreement(restored: Restored) -> Agreement:
    """What a result's badge says."""
    exact, rounded = restored.restoration.consistency, restored.rounded
    holds = exact.inside == 1
    words = f"{outside_words(exact)} their bins"
    if holds:
        words = f"Agrees with the file: {percent(exact.inside)} of levels in their bins"
    detail = "" if rounded.inside == 1 else f"{outside_words(rounded)}, as 8-bit pixels"
    return Agreement(holds, words, detail)


def outside_words(consistency: Consistency) -> str:
    """How many levels are outside their bins, of how many."""
    total = sum(c.coefficients for c in consistency.components)
    outside = total - sum(c.inside for c in consistency.components)
    return f"{outside:,} of {total:,} levels outside"


def quality_words(quality: Quality) -> str:
    """Where the tables are on libjpeg's scale."""
    return f"{quality.factor} (tables)" if quality.exact else str(quality)


def share_words(consistency: Consistency) -> str:
    """The share in the bins, and of how many levels."""
    total = sum(c.coefficients for c in consistency.components)
    return f"{percent(consistency.inside)} of {total:,} levels in their bins"


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


def table_words(table: Table) -> str:
    """A quantisation table as eight lines of eight columns."""
    width = len(str(table.max()))
    return "\n".join(
        " ".join(f"{step:{width}}" for step in row) for row in table.reshape(8, 8).tolist()
    )
