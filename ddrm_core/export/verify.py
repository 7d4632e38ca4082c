"""Verification of a result's file against the source of the result."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from ddrm_core.errors import SizeMismatch
from ddrm_core.export.replay import assumption_from_record, record_from_metadata, region_from_record
from ddrm_core.formats.defaults import MAX_PIXELS
from ddrm_core.formats.load import load_image
from ddrm_core.imaging.orientation import apply_orientation, invert_orientation
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.messages import describe_image_size
from ddrm_core.problems.protocols import PixelTensor
from ddrm_core.restoration.assumption import NO_ASSUMPTION
from ddrm_core.restoration.run import check_region
from ddrm_core.restoration.source import jpeg_image_from_source, open_source_image
from ddrm_core.verification.consistency import ARITHMETIC_SLACK
from ddrm_core.verification.verify import Verification, verify_jpeg_pixels


@dataclass(frozen=True, slots=True, eq=False)
class SavedResult:
    """A result that was read from its file, with the levels of its source.

    Attributes:
        pixels: Pixels in gray levels, in the stored orientation of the source.
        region: Region of the source that the result covers, in pixels of the stored image.
        source: Image of the source with the levels that the result was made to agree with.
    """

    pixels: PixelTensor
    region: Rectangle
    source: JpegImage


def verify(
    result: Path, against: Path, *, slack: float = ARITHMETIC_SLACK, tolerate_damage: bool = False
) -> Verification:
    """Compare the pixels in a result's file with the levels of its source.

    Args:
        result: Path of the result, or of any image of the size of the source.
        against: Path of the source.
        slack: Distance from a bin, in gray levels, up to which a coefficient counts as inside.
        tolerate_damage: Whether a damaged source is accepted, of which only intact blocks count.

    Raises:
        CoreError: See `read_saved_result`.
    """
    saved = read_saved_result(result, against, tolerate_damage=tolerate_damage)
    return verify_jpeg_pixels(saved.source, saved.pixels, saved.region, slack=slack)


def read_saved_result(
    result: Path, against: Path, *, tolerate_damage: bool, max_pixels: int = MAX_PIXELS
) -> SavedResult:
    """Read a result and its source.

    The run record in the result gives assumption, region and baked orientation; a result without a
    run record is one of the whole image with the source's own levels.

    Args:
        result: Path of the result.
        against: Path of the source.
        tolerate_damage: Whether a damaged source is read as far as possible.
        max_pixels: Largest number of pixels of an image that is read.

    Raises:
        SizeMismatch: If the result has another size or other channels than its source.
        CoreError: See `open_source_image`, `jpeg_image_from_source` and `load_image`.
    """
    opened = open_source_image(against, tolerate_damage=tolerate_damage, max_pixels=max_pixels)
    loaded = load_image(result, max_pixels=max_pixels)
    record = record_from_metadata(loaded.metadata)
    assumption = NO_ASSUMPTION if record is None else assumption_from_record(record, opened)
    source = jpeg_image_from_source(opened, assumption)
    pixels = loaded.pixels
    if record is not None:
        rows_first = pixels.permute(1, 2, 0).numpy()
        stored = apply_orientation(rows_first, invert_orientation(record.baked_orientation))
        pixels = torch.from_numpy(np.ascontiguousarray(stored.transpose(2, 0, 1)))
    if len(source.levels) == 3 and len(pixels) == 1:
        pixels = pixels.expand(3, -1, -1)  # WebP has no gray; equal channels are loaded as one
    recorded_region = None if record is None else region_from_record(record)
    check_region(recorded_region, source)
    region = recorded_region or Rectangle(0, 0, *source.size)
    found_size = (pixels.shape[2], pixels.shape[1], pixels.shape[0])
    expected_size = (region.width, region.height, len(source.levels))
    if found_size != expected_size:
        raise SizeMismatch(result, *map(describe_image_size, (found_size, expected_size)))
    return SavedResult(pixels, region, source)
