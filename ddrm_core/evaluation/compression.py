"""An original compressed: what was measured of it, and what a decoder shows."""

from __future__ import annotations

import io
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from ddrm_core.errors import UnreadableFile
from ddrm_core.files.atomic_write import write_atomically
from ddrm_core.formats.jpeg import decode_jpeg
from ddrm_core.imaging.quantize_pixels import to_uint8
from ddrm_core.jpeg.image import DctLevels
from ddrm_core.jpeg.libjpeg.client import LibjpegUnavailable, write_levels
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.jpeg.reasons import ReadFailure
from ddrm_core.messages import Message
from ddrm_core.metrics.psnr import Uint8Pixels
from ddrm_core.problems.ddrm_paper import DdrmPaperProblem, create_ddrm_paper_problem
from ddrm_core.problems.jpeg import create_jpeg_problem
from ddrm_core.problems.protocols import InverseProblem, MeasuredImage

_PILLOW_SUBSAMPLING_420 = 2  # Pillow's name for 4:2:0


@dataclass(frozen=True, slots=True, eq=False)
class CompressedImage:
    """A compressed picture.

    Attributes:
        problem: What was measured, on the prior's device.
        decoded_pixels: What libjpeg shows of the file, or the surrogate decodes.
        bits_per_pixel: Of the whole file.
        decode_seconds: That decoding took.
    """

    problem: InverseProblem[MeasuredImage]
    decoded_pixels: Uint8Pixels
    bits_per_pixel: float
    decode_seconds: float


def compress_with_libjpeg(
    pixels: Uint8Pixels, quality: int, jpeg_path: Path, device: torch.device
) -> CompressedImage:
    """By libjpeg through Pillow, 4:2:0 with the standard Huffman tables, as users get it.

    Args:
        pixels: The original.
        quality: 1 to 100.
        jpeg_path: Is written.
        device: Where the problem is wanted.

    Raises:
        CoreError: It cannot be written, or the picture is larger than a JPEG can be read.
    """
    data = _encode_pillow_jpeg(pixels, quality)
    write_atomically(jpeg_path, data)
    problem = create_jpeg_problem(read_jpeg(jpeg_path), device)
    began = time.monotonic()
    decoded = np.asarray(decode_jpeg(data).pixels, np.uint8).reshape(pixels.shape)
    seconds = time.monotonic() - began
    return CompressedImage(problem, decoded, _compute_bits_per_pixel(data, pixels), seconds)


def compress_with_paper_operator(
    pixels: Uint8Pixels, quality: int, original_path: Path, device: torch.device
) -> CompressedImage:
    """By the authors' operator.

    It has no file; `bits_per_pixel` is that of a JPEG which holds its levels, with Huffman tables
    made for it: a little less than with the standard ones.

    Args:
        pixels: The original, RGB; sides are multiples of 16.
        quality: 1 to 100.
        original_path: Of the original.
        device: Where the problem is wanted.

    Raises:
        ReaderFailed: The levels do not fit into a JPEG.
        UnreadableFile: libjpeg could not be started.
    """
    problem = create_ddrm_paper_problem(original_path, pixels, quality, device)
    began = time.monotonic()
    part = problem.create_tile(problem.canvas)
    decoded = to_uint8(part.to_pixels(part.decoded_image, problem.canvas))
    seconds = time.monotonic() - began
    try:
        data = write_levels(_encode_pillow_jpeg(pixels, quality), _levels_as_blocks(problem))
    except LibjpegUnavailable as error:
        raise UnreadableFile(
            original_path, Message(ReadFailure.LIBJPEG_NOT_STARTED, {"problem": str(error)})
        ) from error
    return CompressedImage(problem, decoded, _compute_bits_per_pixel(data, pixels), seconds)


def _encode_pillow_jpeg(pixels: Uint8Pixels, quality: int) -> bytes:
    buffer = io.BytesIO()
    pillow_subsampling = 0 if pixels.ndim == 2 else _PILLOW_SUBSAMPLING_420
    Image.fromarray(pixels).save(buffer, "JPEG", quality=quality, subsampling=pillow_subsampling)
    return buffer.getvalue()


def _compute_bits_per_pixel(jpeg_bytes: bytes, pixels: Uint8Pixels) -> float:
    height, width = pixels.shape[:2]
    return 8 * len(jpeg_bytes) / int(height * width)


def _levels_as_blocks(problem: DdrmPaperProblem) -> Sequence[DctLevels]:
    """Levels as a file has them: (rows, columns, 8, 8)."""
    planes = (k[0].permute(1, 2, 0).unflatten(2, (8, 8)) for k in problem.levels)
    return [plane.short().cpu().numpy() for plane in planes]
