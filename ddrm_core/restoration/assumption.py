"""What a user assumes of the compression of a file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CompressionAssumption:
    """The compression that a user states; None follows the file or its estimate.

    Attributes:
        quality: Quality factor, 1 to 100.
        grid: Pixels by which the first blocks begin left of and above the picture.
        sampling: A key of `CHROMA_SAMPLING_FACTORS`; for files that are no JPEG.
    """

    quality: int | None = None
    grid: tuple[int, int] | None = None
    sampling: str | None = None


NO_ASSUMPTION = CompressionAssumption()
