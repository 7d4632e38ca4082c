"""Writing a result to a file."""

from __future__ import annotations

from pathlib import Path

from app.jobs.restore_job import Restored
from ddrm_core.output import check_output, write_atomically


def export(restored: Restored, path: Path) -> Path:
    """Write 8 bits a channel with the source's metadata; replaces a file of that name.

    Raises:
        OutputIsSource, UnwritableOutput: See `check_output`.
        UnsupportedFormat: The name's format does not hold such a picture.
    """
    # Here: it imports torch, see `Engine`.
    from ddrm_core.formats.save import encode_picture
    from ddrm_core.image import EIGHT_BITS

    source = restored.restoration.run.image
    check_output(path, source=source.path, overwrite=True)
    picture = restored.restoration.picture
    encoded = encode_picture(picture, path, bits=EIGHT_BITS, metadata=source.metadata)
    write_atomically(path, encoded.data)
    return path
