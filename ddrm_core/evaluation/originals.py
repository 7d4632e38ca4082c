"""Originals: the pixels of lossless images that are compressed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from ddrm_core.evaluation.protocol import EvaluationProtocol, OperatorKind
from ddrm_core.formats.capabilities import check_format
from ddrm_core.formats.load import load_image
from ddrm_core.formats.unsupported_format import UnsupportedImage
from ddrm_core.imaging.quantize_pixels import to_uint8
from ddrm_core.metrics.psnr import Uint8Pixels

PAPER_SIDE_PX = 256
_MCU_SIDE_PX = 16  # MCU of the paper's operator, 4:2:0


def load_original(path: Path, protocol: EvaluationProtocol, operator: OperatorKind) -> Uint8Pixels:
    """Load the original that is compressed and that results are compared with.

    The pixels are gray or RGB with 8 bits. The protocol `PAPER256` takes the largest central
    square, resized to 256x256 by Pillow's bilinear filter, in RGB, as the paper's authors do. For
    the paper's operator, sides are cropped to multiples of 16, equally at both ends, and gray
    becomes RGB.

    Raises:
        UnreadableFile, TooManyPixels, OutOfMemory: See `load_image`.
        UnsupportedImage: See `load_image`; also if the image is CMYK or nothing is left to
            compress.
        UnsupportedFormat: If a side is longer than a JPEG allows.
    """
    image = load_image(path).pixels
    if len(image) == 4:
        raise UnsupportedImage(path)
    pixels = to_uint8(image)
    is_paper_operator = operator is OperatorKind.DDRM_PAPER
    is_paper_protocol = protocol is EvaluationProtocol.PAPER256
    if pixels.ndim == 2 and (is_paper_operator or is_paper_protocol):
        pixels = np.dstack([pixels] * 3)
    height, width = pixels.shape[:2]
    if is_paper_protocol:
        square = _crop_center(pixels, min(height, width), min(height, width))
        resized = Image.fromarray(square).resize((PAPER_SIDE_PX,) * 2, Image.Resampling.BILINEAR)
        return np.array(resized)
    if is_paper_operator:
        pixels = _crop_center(
            pixels, height // _MCU_SIDE_PX * _MCU_SIDE_PX, width // _MCU_SIDE_PX * _MCU_SIDE_PX
        )
        if not pixels.size:
            raise UnsupportedImage(path)
    height, width = pixels.shape[:2]
    check_format(path.with_suffix(".jpg"), bits=8, channels=1, width=width, height=height)
    return pixels


def _crop_center(pixels: Uint8Pixels, height: int, width: int) -> Uint8Pixels:
    top, left = (pixels.shape[0] - height) // 2, (pixels.shape[1] - width) // 2
    return np.ascontiguousarray(pixels[top : top + height, left : left + width])
