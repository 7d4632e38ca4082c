"""Verdict in plain words: whether a result agrees with its file, and if not, why.

A result is faithful if all levels are in their bins before rounding, and if the saved pixels differ
from it by rounding and clipping alone. A share of levels after rounding cannot be the criterion: 8
bits keep 99.97 % at quality factor 75, but 96.95 % at 98.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ddrm_core.jpeg.image import JpegImage, QualitySource
from ddrm_core.messages import Message, Reason, tr_noop

if TYPE_CHECKING:  # import torch, which the texts of a verdict do not need
    from ddrm_core.problems.protocols import MeasuredImage
    from ddrm_core.restoration.restore import Restoration
    from ddrm_core.verification.consistency import Consistency


class VerdictKind(Reason):
    """The kind of a verdict; the value is its title."""

    FAITHFUL = tr_noop("Faithful to your file")
    PARTLY_FAITHFUL = tr_noop("Partly faithful to your file")
    NOT_FAITHFUL = tr_noop("Not faithful to your file")
    INTERMEDIATE = tr_noop("Intermediate result")
    NOT_CHECKED = tr_noop("Not checked against a file")


class VerdictReason(Reason):
    """A reason why a result is not, or not known to be, faithful to its file."""

    DAMAGED = tr_noop(
        "the file is damaged, and {percent} % of it can be read; the rest is left as decoded"
    )
    LOSSY = tr_noop("saving as a lossy JPEG changes the picture again")
    METHOD = tr_noop(
        'the correction "{correction}" does not keep every value of the file'
        " ({outside:,} of {total:,} differ)"
    )
    OUTSIDE = tr_noop("{outside:,} of {total:,} values of the file differ before rounding")
    UNFINISHED = tr_noop("step {step} of {steps}")
    NO_JPEG = tr_noop("a picture that is not a JPEG holds only pixels")
    NO_WHOLE_BLOCK = tr_noop("the restored area has no whole block to compare")


class VerdictCondition(Reason):
    """A statement about the file on which a verdict depends."""

    ASSUMED_QUALITY = tr_noop("for the assumed JPEG quality {quality}")
    BITS = tr_noop("for {bits} bits per channel")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on a result; `str` gives it as an English sentence without a period.

    Attributes:
        kind: Kind of the verdict.
        reasons: Everything that keeps the result from being faithful; none for a faithful one.
        condition: Assumption about the file that the verdict is about, None for the file's own
            tables.
    """

    kind: VerdictKind
    reasons: tuple[Message | VerdictReason, ...] = ()
    condition: Message | None = None

    def __str__(self) -> str:
        condition = "" if self.condition is None else f", {self.condition}"
        reasons = "; ".join(map(str, self.reasons))
        return f"{self.kind}{condition}" + (f": {reasons}" if reasons else "")


def judge_result(
    result: Restoration[MeasuredImage],
    unrounded_consistency: Consistency,
    *,
    is_lossy: bool = False,
) -> Verdict:
    """Return the verdict on an image of a result.

    Args:
        result: Result of a run.
        unrounded_consistency: Consistency of the image before rounding and clipping.
        is_lossy: Whether the image is saved in a format that changes its pixels.
    """
    image = result.run.image
    if isinstance(image, JpegImage) and image.header is None:
        return Verdict(VerdictKind.NOT_CHECKED, (VerdictReason.NO_JPEG,), _find_condition(image))
    total = unrounded_consistency.coefficient_count
    if not total:
        return Verdict(VerdictKind.NOT_CHECKED, (VerdictReason.NO_WHOLE_BLOCK,))
    reasons: list[tuple[VerdictKind, Message | VerdictReason]] = []
    if not result.complete:
        reasons.append((VerdictKind.INTERMEDIATE, _describe_progress(result)))
    outside = unrounded_consistency.outside_count
    if outside:
        reasons.append((VerdictKind.NOT_FAITHFUL, _describe_outside(result, outside, total)))
    if is_lossy:
        reasons.append((VerdictKind.NOT_FAITHFUL, VerdictReason.LOSSY))
    if isinstance(image, JpegImage) and image.damage is not None:
        # Rounded down, because a damaged file is never read completely.
        percent = int(100 * image.damage.intact_mcus.mean())
        reason = Message(VerdictReason.DAMAGED, {"percent": percent})
        reasons.append((VerdictKind.PARTLY_FAITHFUL, reason))
    kind = reasons[0][0] if reasons else VerdictKind.FAITHFUL
    return Verdict(kind, tuple(reason for _, reason in reasons), _find_condition(image))


def _describe_progress(result: Restoration[MeasuredImage]) -> Message:
    """Return the step of an unfinished result, the average over its samples and tiles."""
    settings = result.run.settings
    step = max(round(result.evaluation_count / settings.samples), 1)
    return Message(VerdictReason.UNFINISHED, {"step": step, "steps": settings.steps})


def _describe_outside(result: Restoration[MeasuredImage], outside: int, total: int) -> Message:
    counts = {"outside": outside, "total": total}
    if result.run.correction_parameters.projects_to_bins:
        return Message(VerdictReason.OUTSIDE, counts)
    facts = {"correction": result.run.settings.correction, **counts}
    return Message(VerdictReason.METHOD, facts)


def _find_condition(image: MeasuredImage) -> Message | None:
    """Return the statement about the file that a run of the image assumes."""
    from ddrm_core.problems.bit_depth.image import QuantizedImage

    match image:
        case JpegImage(quality_source=QualitySource.TABLES):
            return None
        case JpegImage(quality=quality):
            return Message(VerdictCondition.ASSUMED_QUALITY, {"quality": quality.factor})
        case QuantizedImage(bits=bits):
            return Message(VerdictCondition.BITS, {"bits": bits})
        case _:
            return None
