"""What a file says besides its picture."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from ddrm_core.errors import UnreadableFile


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a result takes over from its source, byte for byte.

    Attributes:
        icc_profile: The colour profile, None where there is none.
        exif: The EXIF block, None where there is none.
    """

    icc_profile: bytes | None
    exif: bytes | None


def read_metadata(path: Path) -> Metadata:
    """Of a JPEG that was read already. Raises UnreadableFile."""
    try:
        with Image.open(path) as image:
            return Metadata(image.info.get("icc_profile"), image.info.get("exif"))
    except OSError as error:
        raise UnreadableFile(path, error.strerror or str(error)) from error
