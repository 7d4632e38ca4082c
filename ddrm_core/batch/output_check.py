"""Checks of the output folder before a batch starts."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ddrm_core.errors import UnwritableOutput
from ddrm_core.formats.suffixes import WRITABLE_JPEG_SUFFIXES
from ddrm_core.os_errors import SystemFailure, writing

# Measured on photographs of QF 85 (docs/DECISIONS.md, 59): 5.4 to 8.3 times the size of the JPEG.
# JPEGs of lower quality factors have larger ratios, so that the estimate is a low one.
_LOSSLESS_RATIO = 6
_BITS_OF_RATIO = 8


@dataclass(frozen=True, slots=True)
class DiskSpace:
    """The space on the disk of an output folder.

    Attributes:
        needed_bytes: Low estimate of the size of all results, in bytes.
        free_bytes: Free space, in bytes.
    """

    needed_bytes: int
    free_bytes: int

    @property
    def is_scarce(self) -> bool:
        return self.needed_bytes > self.free_bytes


def check_output_folder(folder: Path) -> None:
    """Check whether results can be written to a folder, which is not created if it is missing.

    Raises:
        UnwritableOutput: If the folder, or the nearest existing folder above, is not writable.
    """
    with writing(folder):
        existing = next(path for path in (folder, *folder.parents) if os.path.lexists(path))
        if not existing.is_dir():
            raise UnwritableOutput(folder, SystemFailure.ENOTDIR)
        with tempfile.TemporaryFile(dir=existing):
            pass


def measure_disk_space(
    folder: Path, sources: Iterable[Path], *, suffix: str, bits: int
) -> DiskSpace:
    """Estimate from the sizes of the sources how much space the results of a batch need.

    Args:
        folder: Output folder, which need not exist.
        sources: Sources of the results; missing files are ignored.
        suffix: Suffix of the results, which determines their format.
        bits: Bits per channel of the results.

    Raises:
        UnwritableOutput: If the system does not report the free space.
    """
    source_bytes = 0
    for source in sources:
        try:
            source_bytes += os.stat(source).st_size
        except OSError:
            continue
    is_lossy = suffix.lower() in WRITABLE_JPEG_SUFFIXES
    ratio = 1.0 if is_lossy else _LOSSLESS_RATIO * bits / _BITS_OF_RATIO
    with writing(folder):
        existing = next(path for path in (folder, *folder.parents) if path.exists())
        free_bytes = shutil.disk_usage(existing).free
    return DiskSpace(round(source_bytes * ratio), free_bytes)
