"""Check whether a file can be restored completely, in part or not at all.

The check reads the file by `read_jpeg` or `open_source_image`, and returns an error of these
functions together with the readable part of the file. Every command and the window use this check.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ddrm_core.errors import CompressionNotDetected, CoreError, DamagedJpeg, NotAJpeg
from ddrm_core.formats.defaults import MAX_PIXELS
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.read import read_jpeg

if TYPE_CHECKING:  # imports torch at runtime, which is not needed to read levels
    from ddrm_core.restoration.source import PixelImage


@dataclass(frozen=True, slots=True, eq=False)
class Restorability:
    """The readable part of a file, and whether a run with default settings accepts the file.

    Attributes:
        source: Readable part of the file, None if nothing can be read.
        refusal: Error of a run with default settings, None if such a run accepts the file.
    """

    source: JpegImage | PixelImage | None
    refusal: CoreError | None

    @property
    def is_partially_restorable(self) -> bool:
        """Whether the file is damaged, but a run that tolerates damage accepts the file."""
        return self.source is not None and isinstance(self.refusal, DamagedJpeg)


def check_restorability(path: Path, *, max_pixels: int = MAX_PIXELS) -> Restorability:
    """Read an entire file and return whether a run accepts it, with its readable part.

    Raises the errors of `open_source_image` for a file that is not a JPEG.
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
