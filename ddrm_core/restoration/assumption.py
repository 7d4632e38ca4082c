"""Assumptions of the user about the compression of a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from ddrm_core.setting_fields import Help, Limits, check_limits

if TYPE_CHECKING:  # loads numpy, which the help of commands does not wait for
    from ddrm_core.jpeg.recompression import PreviousCompression


@dataclass(frozen=True, slots=True)
class CompressionAssumption:
    """The compression that a user states for an image, validated on creation.

    An attribute that is None is taken from the file or, for a file that is not a JPEG, estimated.

    Attributes:
        quality: Quality factor, 1 to 100.
        grid: Grid offset: numbers of pixels by which the first blocks begin left of and above the
            image.
        sampling: Chroma sampling, a key of `CHROMA_SAMPLING_FACTORS`; only for files that are no
            JPEG.
    """

    quality: Annotated[
        int | None,
        Limits(1, 100),
        Help("Quality factor to assume instead of the file's tables, 1 to 100."),
    ] = None
    grid: Annotated[
        tuple[int, int] | None,
        Help(
            "Grid offset to assume with --quality: pixels by which the first 8x8 blocks begin left"
            " of and above the image, as printed by inspect; default: 0,0."
        ),
    ] = None
    sampling: Annotated[
        str | None,
        Help("Chroma sampling to assume for an image that is not a JPEG, such as 4:2:0."),
    ] = None

    def __post_init__(self) -> None:
        """Raise InvalidSetting for a quality factor out of range."""
        check_limits(self)


NO_ASSUMPTION = CompressionAssumption()


def assumption_from_previous(
    previous: PreviousCompression, *, is_damaged: bool
) -> CompressionAssumption | None:
    """Return the assumption with which a JPEG is restored for an earlier compression.

    Return None if that is impossible: the levels of a damaged JPEG are known on its own grid only.

    Args:
        previous: Earlier compression of which the JPEG shows signs.
        is_damaged: Whether only a part of the JPEG can be read.
    """
    grid = previous.left, previous.top
    if is_damaged and grid != (0, 0):
        return None
    return CompressionAssumption(previous.quality, grid)
