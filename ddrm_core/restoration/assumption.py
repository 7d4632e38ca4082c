"""Assumptions of the user about the compression of a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from ddrm_core.setting_fields import Help, Limits, check_limits


@dataclass(frozen=True, slots=True)
class CompressionAssumption:
    """The compression that a user states, validated on creation.

    An attribute that is None follows the file, or the estimate for a file that is no JPEG.

    Attributes:
        quality: Quality factor, 1 to 100.
        grid: Grid offset, the pixels by which the first blocks begin left of and above the image.
        sampling: Chroma sampling, a key of `CHROMA_SAMPLING_FACTORS`; only for files that are no
            JPEG.
    """

    quality: Annotated[
        int | None,
        Limits(1, 100),
        Help("Assume this quality factor, 1 to 100, instead of the file's tables."),
    ] = None
    grid: Annotated[
        tuple[int, int] | None,
        Help(
            "With --quality: pixels by which its first blocks begin left of and above the picture,"
            " as inspect reports them; 0,0 if left out."
        ),
    ] = None
    sampling: Annotated[
        str | None, Help("Chroma sampling of a picture that is no JPEG, e.g. 4:2:0.")
    ] = None

    def __post_init__(self) -> None:
        """Raise InvalidSetting for a quality factor out of range."""
        check_limits(self)


NO_ASSUMPTION = CompressionAssumption()
