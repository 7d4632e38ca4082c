"""What of a lossless picture is compressed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from ddrm_core.errors import NotAPicture
from ddrm_core.evaluation.protocol import OperatorKind, Protocol
from ddrm_core.formats.load import load_picture
from ddrm_core.formats.save import check_format
from ddrm_core.imaging.quantize_pixels import rounded
from ddrm_core.metrics.psnr import Pixels

PAPER_PX = 256
_MULTIPLE_PX = 16  # the surrogate operator's 4:2:0 MCU


def original(path: Path, protocol: Protocol, operator: OperatorKind) -> Pixels:
    """The pixels that are compressed and measured against: grey or RGB, 8 bits.

    The paper's protocol is its authors': the central square of the short side, made 256x256 by
    Pillow's bilinear filter, in RGB. For the surrogate operator sides are cropped, alike at both
    ends, to multiples of 16, and grey becomes RGB.

    Raises:
        UnreadableFile, TooManyPixels, OutOfMemory: See `formats.load`.
        NotAPicture: Also of CMYK pictures, and of those that leave nothing to compress.
        UnsupportedFormat: A side is longer than a JPEG can be.
    """
    picture = load_picture(path).picture
    if len(picture) == 4:
        raise NotAPicture(path)
    pixels = rounded(picture)
    surrogate, paper = operator is OperatorKind.SURROGATE, protocol is Protocol.PAPER256
    if pixels.ndim == 2 and (surrogate or paper):
        pixels = np.dstack([pixels] * 3)
    height, width = pixels.shape[:2]
    if paper:
        square = _central(pixels, min(height, width), min(height, width))
        resized = Image.fromarray(square).resize((PAPER_PX,) * 2, Image.Resampling.BILINEAR)
        return np.array(resized)
    if surrogate:
        pixels = _central(
            pixels, height // _MULTIPLE_PX * _MULTIPLE_PX, width // _MULTIPLE_PX * _MULTIPLE_PX
        )
        if not pixels.size:
            raise NotAPicture(path)
    height, width = pixels.shape[:2]
    check_format(path.with_suffix(".jpg"), bits=8, channels=1, width=width, height=height)
    return pixels


def _central(pixels: Pixels, height: int, width: int) -> Pixels:
    top, left = (pixels.shape[0] - height) // 2, (pixels.shape[1] - width) // 2
    return np.ascontiguousarray(pixels[top : top + height, left : left + width])
