"""What is found out about an earlier compression."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PreviousCompression:
    """A compression that a picture went through before.

    Attributes:
        quality: Factor on libjpeg's scale, 1 to 100.
        left: Pixels of its first blocks that lie before the picture's first pixel: pad by as many
            to be on its grid. 0 to 7, or to 15 where `sampling` halves chroma across.
        top: The same above; to 15 where `sampling` halves chroma down.
        sampling: "grey", "4:4:4", "4:2:2" or "4:2:0"; in a JPEG also "4:4:0" or "4:1:1".
        confidence: Share of findings with such evidence that were right, 0 to 1.
    """

    quality: int
    left: int
    top: int
    sampling: str
    confidence: float


def find_confidence(
    evidence: float, confidence_steps: tuple[tuple[float, float], ...]
) -> float | None:
    """The share that belongs to the highest step reached; None below the first.

    Args:
        evidence: In the unit of `confidence_steps`.
        confidence_steps: (least evidence, share of such findings that were right), ascending.
    """
    reached = [share for least, share in confidence_steps if evidence >= least]
    return reached[-1] if reached else None
