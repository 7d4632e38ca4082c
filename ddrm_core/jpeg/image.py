"""What a file measured of its picture."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ddrm_core.jpeg.header import Component, JpegHeader, QuantizationTable
from ddrm_core.jpeg.quality_factor import LibjpegQuality, find_nearest_quality
from ddrm_core.messages import Description
from ddrm_core.metadata.model import Metadata

DctLevels = NDArray[np.int16]  # (rows, columns, 8, 8) of blocks, bands in natural order


class QualitySource(StrEnum):
    """Where the tables come from."""

    TABLES = "tables"  # they are in the file
    ASSUMED = "assumed"  # the user said so
    ESTIMATED = "estimated"  # from the pixels of a file that has none


@dataclass(frozen=True, slots=True, eq=False)
class Damage:
    """What is wrong with a file that is read all the same.

    Attributes:
        description: Kind of the damage, and the part that could be read.
        intact_mcus: (rows, columns) of MCUs: those that could be read.
    """

    description: Description
    intact_mcus: NDArray[np.bool_]

    @property
    def intact_share(self) -> float:
        """Of the picture that could be read, 0 to 1."""
        return float(self.intact_mcus.mean())


@dataclass(frozen=True, slots=True, eq=False)
class JpegImage:
    """Levels and tables of a picture, as stored: neither turned upright nor converted.

    Attributes:
        path: The file.
        width: Of the picture, in pixels.
        height: Of the picture, in pixels.
        color_model_name: What the components are: grey, YCbCr, RGB, CMYK or YCCK.
        components: Their sampling factors.
        levels: Per component; as many blocks as cover the true size, no MCU padding.
        quantization_tables: Quantiser steps per component.
        metadata: What results take over.
        header: What the markers say; None for a file that is no JPEG.
        quality_source: Where the tables come from.
        grid_left: Pixels of the first blocks before the picture's first, 0 in a JPEG's own levels.
        grid_top: The same above it.
        damage: None for a whole file.
    """

    path: Path
    width: int
    height: int
    color_model_name: str
    components: tuple[Component, ...]
    levels: tuple[DctLevels, ...]
    quantization_tables: tuple[QuantizationTable, ...]
    metadata: Metadata
    header: JpegHeader | None
    quality_source: QualitySource = QualitySource.TABLES
    grid_left: int = 0
    grid_top: int = 0
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
    def quality(self) -> LibjpegQuality:
        return find_nearest_quality(self.quantization_tables)
