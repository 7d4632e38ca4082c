"""What a file measured of its picture."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ddrm_core.jpeg.header import Component, JpegHeader, Table
from ddrm_core.jpeg.quality_factor import Quality, estimate_quality
from ddrm_core.metadata.model import Metadata

Levels = NDArray[np.int16]  # (rows, columns, 8, 8) of blocks, bands in natural order


class QualitySource(StrEnum):
    """Where the tables come from."""

    TABLES = "tables"  # they are in the file
    ASSUMED = "assumed"  # the user said so
    ESTIMATED = "estimated"  # from the pixels of a file that has none


@dataclass(frozen=True, slots=True, eq=False)
class Damage:
    """What is wrong with a file that is read all the same.

    Attributes:
        words: E.g. "it ends in the middle of the picture".
        whole: (rows, columns) of MCUs: those that could be read.
    """

    words: str
    whole: NDArray[np.bool_]

    @property
    def share(self) -> float:
        """Of the picture that could be read, 0 to 1."""
        return float(self.whole.mean())


@dataclass(frozen=True, slots=True, eq=False)
class JpegImage:
    """Levels and tables of a picture, as stored: neither turned upright nor converted.

    Attributes:
        path: The file.
        width: Of the picture, in pixels.
        height: Of the picture, in pixels.
        colour: What the components are: grey, YCbCr, RGB, CMYK or YCCK.
        components: Their sampling factors.
        levels: Per component; as many blocks as cover the true size, no MCU padding.
        tables: Quantiser steps per component.
        metadata: What results take over.
        header: What the markers say; None for a file that is no JPEG.
        source: Where the tables come from.
        left: Pixels of the first blocks before the picture's first, 0 in a JPEG's own levels.
        top: The same above it.
        damage: None for a whole file.
    """

    path: Path
    width: int
    height: int
    colour: str
    components: tuple[Component, ...]
    levels: tuple[Levels, ...]
    tables: tuple[Table, ...]
    metadata: Metadata
    header: JpegHeader | None
    source: QualitySource = QualitySource.TABLES
    left: int = 0
    top: int = 0
    damage: Damage | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.width, self.height

    @property
    def channels(self) -> int:
        """Of its pixels: 1 grey, 3 RGB, 4 CMYK."""
        return len(self.components)

    @property
    def quality(self) -> Quality:
        return estimate_quality(self.tables)
