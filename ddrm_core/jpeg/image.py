"""The levels of a JPEG and the facts that belong to them."""

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

DctLevels = NDArray[np.int16]  # (block rows, block columns, 8, 8), bands in natural order


class QualitySource(StrEnum):
    """The origin of an image's quantization tables."""

    TABLES = "tables"  # stored in the file
    ASSUMED = "assumed"  # stated by the user
    ESTIMATED = "estimated"  # estimated from the pixels of a lossless file


@dataclass(frozen=True, slots=True, eq=False)
class Damage:
    """The fault of a JPEG that is readable in part.

    Attributes:
        description: Description, e.g. "it ends in the middle of the picture".
        intact_mcus: Mask of the MCUs that could be read, (rows, columns).
    """

    description: Description
    intact_mcus: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class JpegImage:
    """Levels and tables of an image as stored, neither turned upright nor color-converted.

    Attributes:
        path: The file.
        width: Width of the image in pixels.
        height: Height of the image in pixels.
        color_model_name: Color model: "grey", "YCbCr", "RGB", "CMYK" or "YCCK".
        components: Components with their sampling factors.
        levels: Levels per component, for the blocks that cover the image, without MCU padding.
        quantization_tables: Quantizer steps per component.
        metadata: Metadata that results take over.
        header: Content of the file's markers; None for a file that is not a JPEG.
        quality_source: Origin of the quantization tables.
        grid_left: Number of pixels by which the first blocks begin left of the image; 0 for a
            JPEG's own levels.
        grid_top: Number of pixels by which the first blocks begin above the image.
        damage: Fault of the file; None for an undamaged file.
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
        """Number of channels per pixel: 1 for gray, 3 for RGB, 4 for CMYK."""
        return len(self.components)

    @property
    def quality(self) -> LibjpegQuality:
        """Quality factor of the libjpeg tables nearest to the quantization tables."""
        return find_nearest_quality(self.quantization_tables)
