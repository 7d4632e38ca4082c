"""The description of an earlier compression, and the confidence in its detection."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PreviousCompression:
    """An earlier JPEG compression of which an image still has signs.

    Attributes:
        quality: Quality factor on libjpeg's scale, 1 to 100.
        left: Number of pixels by which the first blocks begin left of the image; padding by this
            number restores the grid. 0 to 7, or to 15 if `sampling` halves chroma horizontally.
        top: Number of pixels by which the first blocks begin above the image; 0 to 7, or to 15 if
            `sampling` halves chroma vertically.
        sampling: Chroma sampling: "grey", "4:4:4", "4:2:2" or "4:2:0"; found in a JPEG also "4:4:0"
            or "4:1:1".
        confidence: Share of findings with as much evidence that were right, 0 to 1.
    """

    quality: int
    left: int
    top: int
    sampling: str
    confidence: float


def find_confidence(
    evidence: float, confidence_steps: tuple[tuple[float, float], ...]
) -> float | None:
    """Return the confidence in a finding with this evidence; None if the evidence is too weak.

    The confidence is the share in the last of `confidence_steps` whose least evidence is reached.

    Args:
        evidence: Evidence in the unit of `confidence_steps`.
        confidence_steps: Pairs (least evidence, share of such findings that were right), ascending.
    """
    reached = [share for least, share in confidence_steps if evidence >= least]
    return reached[-1] if reached else None
