"""Compression of originals by libjpeg or by the paper's operator."""

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

_PILLOW_SUBSAMPLING_420 = 2  # Pillow's number for 4:2:0


@dataclass(frozen=True, slots=True, eq=False)
class CompressedImage:
    """A compressed original, with the inverse problem of restoring it and its decoded pixels.

    Attributes:
        problem: Inverse problem on the prior's device.
        decoded_pixels: Pixels as decoded by libjpeg or by the paper's operator.
        bits_per_pixel: Number of bits in the entire file, divided by the number of pixels.
        decode_seconds: Wall time of decoding in seconds.
    """

    problem: InverseProblem[MeasuredImage]
    decoded_pixels: Uint8Pixels
    bits_per_pixel: float
    decode_seconds: float


def compress_with_libjpeg(
    pixels: Uint8Pixels, quality: int, jpeg_path: Path, device: torch.device
) -> CompressedImage:
    """Compress an original to a JPEG with libjpeg: 4:2:0, standard Huffman tables.

    Pillow's encoder is used, because its files are like those of most users.

    Args:
        pixels: Pixels of the original.
        quality: Quality factor, 1 to 100.
        jpeg_path: Path to which the JPEG is written.
        device: Device of the inverse problem.

    Raises:
        CoreError: If the file cannot be written, or if the image is too large for a JPEG that can
            be read.
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
    """Compress an original with the paper's operator.

    The operator makes no file. `bits_per_pixel` is that of a JPEG with the same levels and with
    optimized Huffman tables, which is slightly less than with the standard tables.

    Args:
        pixels: Pixels of the original, RGB; both sides are multiples of 16.
        quality: Quality factor, 1 to 100.
        original_path: Path of the original.
        device: Device of the inverse problem.

    Raises:
        LibjpegError: If the levels do not fit into a JPEG.
        UnreadableFile: If libjpeg's process does not start.
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
            original_path, Message(ReadFailure.LIBJPEG_NOT_STARTED, {"problem": error.problem})
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
    """Return a problem's levels as blocks, (block rows, block columns, 8, 8) per component."""
    planes = (k[0].permute(1, 2, 0).unflatten(2, (8, 8)) for k in problem.levels)
    return [plane.short().cpu().numpy() for plane in planes]
