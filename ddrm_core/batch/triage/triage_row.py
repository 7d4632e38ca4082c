"""The row of one file in the report of a triage, and the summary of all rows."""

from __future__ import annotations

from dataclasses import dataclass, field

from ddrm_core.batch.triage.image_facts import ImageFacts

QUALITY_BIN_WIDTH = 10
"""Number of quality factors that are counted together: 1 to 10, 11 to 20, ..., 91 to 100."""


@dataclass(frozen=True, slots=True)
class TriageRow:
    """The row of one file in a report, with values that CSV and JSON can hold.

    Attributes:
        file: Path of the file.
        bytes: Size of the file in bytes.
        format: Format of the content, e.g. "JPEG"; empty if the file is not an image.
        width: Width of the stored image in pixels, None if unknown.
        height: Height of the stored image in pixels, None if unknown.
        coding: Coding process of a JPEG, empty for any other file.
        colors: Color model of a JPEG, empty for any other file.
        sampling: Chroma sampling of a JPEG, empty for any other file.
        quality: Nearest quality factor of the quantization tables, None without tables.
        quality_exact: Whether the tables are exactly libjpeg's, None without tables.
        expected_error: Expected error of the tables in gray levels, None without tables.
        earlier_quality: Quality factor of the earlier compression, None without signs of one.
        earlier_grid: Offsets of its grid, such as "3,5"; empty without signs.
        earlier_confidence: Confidence in the finding, 0 to 1; None without signs.
        earlier_searched: Whether the file was searched for signs of an earlier compression.
        restorable: "yes", "partly" for a damaged file whose intact part can be restored, "no", or
            "unknown" for a file without tables that was not searched for a compression.
        damage: Damage of a JPEG as shown to the user, empty for an undamaged file.
        problem: Error of a restoration as shown to the user, empty if there is none.
        attachments: Names and sizes of everything behind the image, empty without any.
        bytes_behind: Number of bytes behind the image.
        seconds: Expected wall time of the restoration in seconds; None if the file is not
            restorable, or no throughput is recorded.
    """

    file: str
    bytes: int
    format: str
    width: int | None
    height: int | None
    coding: str
    colors: str
    sampling: str
    quality: int | None
    quality_exact: bool | None
    expected_error: float | None
    earlier_quality: int | None
    earlier_grid: str
    earlier_confidence: float | None
    earlier_searched: bool
    restorable: str
    damage: str
    problem: str
    attachments: str
    bytes_behind: int
    seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageTexts:
    """The texts of a row, in the language of the user; each is empty if there is nothing to say.

    Attributes:
        damage: Damage of the file.
        problem: Error of a restoration.
        attachments: Names and sizes of everything behind the image.
    """

    damage: str = ""
    problem: str = ""
    attachments: str = ""


def build_triage_row(facts: ImageFacts, texts: TriageTexts, seconds: float | None) -> TriageRow:
    """Return the row of a file.

    Args:
        facts: Facts about the file.
        texts: Texts of the row.
        seconds: Expected wall time of the restoration, None if unknown.
    """
    quality, earlier, error = facts.quality, facts.previous_compression, facts.quantization_error
    return TriageRow(
        file=str(facts.path),
        bytes=facts.file_size,
        format=facts.format_name,
        width=facts.width or None,
        height=facts.height or None,
        coding=facts.coding,
        colors=facts.color_model_name,
        sampling=facts.chroma_sampling,
        quality=None if quality is None else quality.factor,
        quality_exact=None if quality is None else quality.is_exact,
        expected_error=None if error is None else round(error, 3),
        earlier_quality=None if earlier is None else earlier.quality,
        earlier_grid="" if earlier is None else f"{earlier.left},{earlier.top}",
        earlier_confidence=None if earlier is None else earlier.confidence,
        earlier_searched=facts.was_searched,
        restorable=_name_restorability(facts),
        damage=texts.damage,
        problem=texts.problem,
        attachments=texts.attachments,
        bytes_behind=facts.trailing_size,
        seconds=None if seconds is None or not facts.is_restorable else round(seconds, 3),
    )


def _name_restorability(facts: ImageFacts) -> str:
    if not facts.is_restorability_known:
        return "unknown"
    if facts.is_restorable:
        return "yes"
    return "partly" if facts.is_partially_restorable else "no"


@dataclass(slots=True)
class TriageSummary:
    """The number of files by what can be done with them, counted row by row.

    Attributes:
        files: Number of files.
        restorable: Number of files by `TriageRow.restorable`.
        not_images: Number of files that could not be read as an image.
        qualities: Number of files whose tables are on libjpeg's scale, by the lowest quality factor
            of their bin: 1, 11, 21, ..., 91.
        custom_tables: Number of files whose tables are custom.
        without_tables: Number of images that have no tables.
        earlier: Number of files with signs of an earlier compression.
        seconds: Expected wall time of all restorations in seconds.
    """

    files: int = 0
    restorable: dict[str, int] = field(default_factory=dict)
    not_images: int = 0
    qualities: dict[int, int] = field(default_factory=dict)
    custom_tables: int = 0
    without_tables: int = 0
    earlier: int = 0
    seconds: float = 0.0

    def add(self, row: TriageRow) -> None:
        """Count one more file."""
        self.files += 1
        self.restorable[row.restorable] = self.restorable.get(row.restorable, 0) + 1
        self.earlier += row.earlier_quality is not None
        self.seconds += row.seconds or 0.0
        if row.width is None:
            self.not_images += 1
        elif row.quality is None:
            self.without_tables += 1
        elif row.quality_exact:
            lowest = find_quality_bin(row.quality)
            self.qualities[lowest] = self.qualities.get(lowest, 0) + 1
        else:
            self.custom_tables += 1


def find_quality_bin(quality: int) -> int:
    """Return the lowest quality factor of the bin in which a quality factor is counted."""
    return (quality - 1) // QUALITY_BIN_WIDTH * QUALITY_BIN_WIDTH + 1
