"""The quantised DCT levels in a file. The only module that knows jpeglib."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import numpy as np

from ddrm_core.errors import DamagedJpeg, TooManyPixels, UnsupportedJpeg
from ddrm_core.jpeg.header import JpegHeader, read_header
from ddrm_core.jpeg.measured import JpegImage
from ddrm_core.metadata.segments import metadata_from_segments

# Their levels take up to 1.1 GB; a file of a few hundred bytes can claim twenty times as many.
# Pillow, which decodes for the screen, refuses from 179 million on.
MAX_PIXELS = 178_000_000
_SAMPLINGS = ("grey", "4:4:4", "4:2:2", "4:4:0", "4:2:0")
_stderr_lock = Lock()


def check_supported(header: JpegHeader) -> None:
    """Raises UnsupportedJpeg where the file's coding cannot be inverted."""
    feature = None
    if header.coding not in ("baseline", "extended sequential", "progressive"):
        feature = header.coding
    elif header.precision != 8:
        feature = f"{header.precision}-bit samples"
    elif header.height == 0:
        feature = "a height given after the picture (DNL)"
    elif header.colour not in ("grey", "YCbCr"):
        feature = f"{header.colour} colour"
    elif header.sampling not in _SAMPLINGS:
        feature = f"chroma sampling {header.sampling}"
    if feature is not None:
        raise UnsupportedJpeg(header.path, feature)


def read_jpeg(path: Path) -> JpegImage:
    """Read levels and tables.

    Raises:
        UnreadableFile, NotAJpeg, DamagedJpeg: See `header.read_header`; also DamagedJpeg where
            the picture's data is cut off or does not decode.
        UnsupportedJpeg: See `check_supported`.
        TooManyPixels: The picture is larger than MAX_PIXELS.
    """
    header = read_header(path)
    check_supported(header)
    if header.width * header.height > MAX_PIXELS:
        raise TooManyPixels(path, header.width, header.height, MAX_PIXELS)
    if not header.complete:
        raise DamagedJpeg(path, "it ends in the middle of the picture")
    import jpeglib  # type: ignore[import-untyped]  # here: the window starts without it

    with _captured_stderr() as complaints:
        try:
            dct = jpeglib.read_dct(str(path))
            planes = [dct.Y, dct.Cb, dct.Cr][: len(header.components)]
            levels = tuple(np.array(plane) for plane in planes)
            numbers = [int(n) for n in dct.quant_tbl_no]
            tables = tuple(np.array(dct.qt[n], np.uint16).reshape(64) for n in numbers)
        except (OSError, ValueError, IndexError) as error:
            raise DamagedJpeg(path, "its data does not decode") from error
    damage = [c for c in complaints if c.startswith(("Corrupt JPEG data", "Premature end"))]
    if damage:
        raise DamagedJpeg(path, damage[0])
    segments = [(s.marker, s.payload) for s in header.segments]
    return JpegImage(
        path=path,
        width=header.width,
        height=header.height,
        colour=header.colour,
        components=header.components,
        levels=levels,
        tables=tables,
        metadata=metadata_from_segments(segments),
        header=header,
    )


@contextmanager
def _captured_stderr() -> Iterator[list[str]]:
    """Collect what the C library prints to standard error, its only way to report damage.

    The descriptor belongs to the whole process, so one reader at a time; what other threads
    print meanwhile is captured too and passed on afterwards.
    """
    lines: list[str] = []
    with _stderr_lock, tempfile.TemporaryFile() as file:
        sys.stderr and sys.stderr.flush()
        saved = os.dup(2)
        try:
            os.dup2(file.fileno(), 2)
            yield lines
        finally:
            os.dup2(saved, 2)
            os.close(saved)
            file.seek(0)
            lines += file.read().decode(errors="replace").splitlines()
