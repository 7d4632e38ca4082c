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
        UnreadableFile: The source is no longer there to take its metadata from.
    """
    # Here: it imports torch, see `Engine`.
    from ddrm_core.image import EIGHT_BITS, encode_picture, read_metadata

    source = restored.restoration.run.image.path
    check_output(path, source=source, overwrite=True)
    metadata = read_metadata(source)
    data = encode_picture(restored.restoration.picture, path, bits=EIGHT_BITS, metadata=metadata)
    write_atomically(path, data)
    return path
