"""The decision whether a batch restores a file, from facts about the file's compression.

The facts of a file that is not opened for a restoration, such as those of a table of a folder's
files, give the same decision. Nothing here loads torch.
"""

from __future__ import annotations

from dataclasses import dataclass

from ddrm_core.batch.selection.compression_facts import CompressionFacts
from ddrm_core.batch.selection.rule import SelectionRule
from ddrm_core.jpeg.quality_factor import LibjpegQuality
from ddrm_core.jpeg.quantization_error import compute_standard_error
from ddrm_core.jpeg.recompression.previous_compression import PreviousCompression
from ddrm_core.messages import Message, Reason, tr_noop
from ddrm_core.restoration.assumption import CompressionAssumption, assumption_from_previous


class OtherReason(Reason):
    """The reason why a batch leaves a file as it is."""

    QUALITY = tr_noop("JPEG quality {quality} is not below {limit}")
    CUSTOM_TABLES = tr_noop(
        "its tables are custom, near {quality}, and lose less than those of JPEG quality {limit}"
    )
    ASSUMED_QUALITY = tr_noop("the assumed JPEG quality {quality} is not below {limit}")
    ESTIMATED_QUALITY = tr_noop("the estimated JPEG quality {quality} is not below {limit}")
    NO_COMPRESSION = tr_noop("no JPEG, and no sign of having been one")


@dataclass(frozen=True, slots=True)
class Selection:
    """The decision about one file of a batch.

    Attributes:
        other_reason: Reason why the file is left as it is; None for a file that is restored.
        assumption: Assumption of the earlier compression that the file is restored for, None for
            its own tables.
        sign: Earlier, harsher compression of which a JPEG shows signs, whether the file is restored
            for it or not; None without signs.
    """

    other_reason: Message | OtherReason | None = None
    assumption: CompressionAssumption | None = None
    sign: PreviousCompression | None = None

    @property
    def is_selected(self) -> bool:
        """Whether the file is restored."""
        return self.other_reason is None


def select_file(
    facts: CompressionFacts, rule: SelectionRule, *, assumed_quality: int | None = None
) -> Selection:
    """Decide whether a rule selects a file, and for which compression the file is restored.

    A JPEG is selected by its own tables. Signs of an earlier compression do not select it, unless
    the rule assumes earlier compressions. Any other file is selected by the assumed quality factor
    or, without one, by the estimated one; a file that never was a JPEG is not selected.

    Args:
        facts: Facts about the file.
        rule: Rule of the batch.
        assumed_quality: Quality factor that the user assumes for all files, None without one.
    """
    previous = facts.previous_compression
    if facts.quality is None:
        reason = _find_reason_of_pixels(previous, rule, assumed_quality)
        return Selection(reason)
    reason = _find_reason_of_tables(facts, facts.quality, rule)
    if previous is None:
        return Selection(reason)
    assumption = assumption_from_previous(previous, is_damaged=facts.is_damaged)
    if not rule.assume_earlier or assumption is None:
        return Selection(reason, sign=previous)
    if rule.below_quality is not None and previous.quality < rule.below_quality:
        reason = None
    return Selection(reason, assumption if reason is None else None, previous)


def _find_reason_of_tables(
    facts: CompressionFacts, quality: LibjpegQuality, rule: SelectionRule
) -> Message | None:
    """Return why the tables of a JPEG do not need a restoration, None if they do."""
    limit = rule.below_quality
    if limit is None:
        return None
    numbers = {"quality": quality.factor, "limit": limit}
    if quality.is_exact:
        return None if quality.factor < limit else Message(OtherReason.QUALITY, numbers)
    # The run of a file with another color model fails, whatever its tables are.
    error = facts.quantization_error
    if error is None or error >= compute_standard_error(limit, facts.color_model_name):
        return None
    return Message(OtherReason.CUSTOM_TABLES, numbers)


def _find_reason_of_pixels(
    previous: PreviousCompression | None, rule: SelectionRule, assumed_quality: int | None
) -> Message | OtherReason | None:
    """Return why a file without tables does not need a restoration, None if it does."""
    limit = rule.below_quality
    if limit is None:
        return None
    quality, kind = assumed_quality, OtherReason.ASSUMED_QUALITY
    if quality is None and previous is not None:
        quality, kind = previous.quality, OtherReason.ESTIMATED_QUALITY
    if quality is None:
        return OtherReason.NO_COMPRESSION
    return None if quality < limit else Message(kind, {"quality": quality, "limit": limit})
