"""Whether a file can be restored, wholly or in part: one answer for every command and the window.

`read_jpeg` and `open_source_image` decide; here their answer is kept beside what they read.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ddrm_core.errors import CompressionNotDetected, CoreError, DamagedJpeg, NotAJpeg
from ddrm_core.formats.defaults import MAX_PIXELS
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.read import read_jpeg

if TYPE_CHECKING:  # imports torch, which a JPEG's levels do not need
    from ddrm_core.restoration.source import PixelImage


@dataclass(frozen=True, slots=True, eq=False)
class Restorability:
    """Whether a run with default settings takes a file.

    Attributes:
        source: The readable part of the file; None where nothing can be read.
        refusal: Why such a run refuses the file, None where it does not.
    """

    source: JpegImage | PixelImage | None
    refusal: CoreError | None

    @property
    def is_partially_restorable(self) -> bool:
        """Whether the file is damaged, and a run that tolerates damage restores a part of it."""
        return self.source is not None and isinstance(self.refusal, DamagedJpeg)


def check_restorability(path: Path, *, max_pixels: int = MAX_PIXELS) -> Restorability:
    """Read the whole file and say whether it can be restored. Needs the memory of a reading.

    Raises NotAJpeg where the file is no picture that the program reads.
    """
    source: JpegImage | PixelImage
    try:
        source = read_jpeg(path, tolerate_damage=True, max_pixels=max_pixels)
    except NotAJpeg:
        from ddrm_core.restoration.source import open_source_image

        source = open_source_image(path, max_pixels=max_pixels)
    except CoreError as error:
        return Restorability(None, error)
    if not isinstance(source, JpegImage):
        return Restorability(
            source, None if source.previous_compression else CompressionNotDetected(path)
        )
    if source.damage is not None:
        return Restorability(source, DamagedJpeg(path, source.damage.description))
    return Restorability(source, None)
