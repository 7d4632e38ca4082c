"""Writing a result to a file."""

from __future__ import annotations

from pathlib import Path

from app.jobs.restore_job import Restored
from ddrm_core.output import check_output, write_atomically


def export(restored: Restored, path: Path) -> Path:
    """Write an 8-bit PNG with the source's metadata; replaces a file of that name.

    Raises:
        OutputIsSource, UnwritableOutput: See `check_output`.
        UnsupportedFormat: The name does not end in .png.
    """
    # Here: it imports torch, see `Engine`.
    from ddrm_core.image import EIGHT_BITS, encode_picture

    source = restored.restoration.run.image
    check_output(path, source=source.path, overwrite=True)
    picture = restored.restoration.picture
    data = encode_picture(picture, path, bits=EIGHT_BITS, metadata=source.metadata)
    write_atomically(path, data)
    return path
