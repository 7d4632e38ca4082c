"""Images made in code, and JPEGs of them written by libjpeg."""

from __future__ import annotations

import io
from pathlib import Path

import jpeglib
import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.sampler.protocols import GRAY_LEVELS_PER_UNIT

SAMPLINGS = ("grey", "4:4:4", "4:2:2", "4:4:0", "4:2:0")
KINDS = (*SAMPLINGS, "4:1:1", "4:1:0", "RGB", "CMYK", "YCCK")
COLOURS = {kind: kind for kind in ("grey", "RGB", "CMYK", "YCCK")}  # all other kinds are YCbCr
PILLOW_SAMPLING = {"grey": 0, "4:4:4": 0, "4:2:2": 1, "4:2:0": 2}
FACTORS = {  # luma's horizontal and vertical sampling factors
    "grey": (1, 1),
    "4:4:4": (1, 1),
    "4:2:2": (2, 1),
    "4:4:0": (1, 2),
    "4:2:0": (2, 2),
    "4:1:1": (4, 1),
    "4:1:0": (4, 2),
    "RGB": (1, 1),
    "CMYK": (1, 1),
    "YCCK": (1, 1),
}


def photograph(height: int, width: int, *, grey: bool = False, seed: int = 0) -> NDArray[np.uint8]:
    """Return artificial pixels like a photograph's: color gradients, an edge, some texture.

    The shape is (h, w, 3), or (h, w) if `grey`.
    """
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width] / 16.0
    phase = rng.uniform(0, 6, (3, 1, 1))
    waves = 127 + 70 * np.sin(x + phase) * np.cos(0.7 * y + 2 * phase)
    waves += 40 * (x + 2 * y > rng.uniform(1, 3)) + rng.normal(0, 6, (3, height, width))
    pixels = waves.clip(0, 255).round().astype(np.uint8).transpose(1, 2, 0)
    return np.ascontiguousarray(pixels[:, :, 0] if grey else pixels)


def pixels_of(kind: str, height: int, width: int) -> NDArray[np.uint8]:
    """Return artificial pixels with the channels of a kind of JPEG: gray, RGB or CMYK."""
    if COLOURS.get(kind) in ("CMYK", "YCCK"):
        black = photograph(height, width, grey=True, seed=1) // 3
        return np.dstack([255 - photograph(height, width), black])
    return photograph(height, width, grey=kind == "grey")


def write_jpeg(
    path: Path,
    pixels: NDArray[np.uint8],
    *,
    quality: int = 75,
    sampling: str = "4:2:0",
    progressive: bool = False,
) -> Path:
    """Write pixels as a JPEG with libjpeg-turbo, and return its path.

    Args:
        path: Path of the file.
        pixels: Pixels of shape (h, w) or (h, w, c).
        quality: Quality factor.
        sampling: Color model and chroma sampling, one of KINDS. A YCCK file is a CMYK file whose
            Adobe segment states a color transform.
        progressive: Whether to write a progressive JPEG.
    """
    if sampling in ("4:4:0", "4:1:1", "4:1:0"):
        with jpeglib.version("turbo210"):
            image = jpeglib.from_spatial(pixels)
            horizontal, vertical = FACTORS[sampling]
            image.samp_factor = np.array([[vertical, horizontal], [1, 1], [1, 1]])
            flags = ["+FORCE_BASELINE", *(["+PROGRESSIVE_MODE"] if progressive else [])]
            image.write_spatial(str(path), qt=quality, flags=flags)
        return path
    Image.fromarray(pixels, "CMYK" if pixels.shape[2:] == (4,) else None).save(
        path,
        "JPEG",
        quality=quality,
        subsampling=PILLOW_SAMPLING.get(sampling, 0),
        progressive=progressive,
        keep_rgb=sampling == "RGB",
    )
    if sampling == "YCCK":
        data = bytearray(path.read_bytes())
        data[data.index(b"Adobe") + 11] = 2
        path.write_bytes(data)
    return path


def jpeg_of(
    folder: Path, height: int, width: int, *, quality: int = 75, sampling: str = "4:2:0"
) -> JpegImage:
    """Write an artificial photograph as a JPEG in a folder, and return the JPEG as it is read."""
    pixels = pixels_of(sampling, height, width)
    name = f"{height}x{width}-{quality}-{sampling.replace(':', '')}.jpg"
    return read_jpeg(write_jpeg(folder / name, pixels, quality=quality, sampling=sampling))


def jpeg_bytes(pixels: NDArray[np.uint8], **options: object) -> bytes:
    """Return pixels as a JPEG that Pillow writes with these options of its own."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", **options)
    return buffer.getvalue()


def as_x(pixels: NDArray[np.uint8]) -> torch.Tensor:
    """Return 8-bit pixels as an image of shape (1, c, h, w) in network units.

    Gray becomes three equal channels. CMYK is inverted and becomes six channels, the last three of
    which are equal and stand for black.
    """
    if pixels.ndim == 2:
        pixels = np.repeat(pixels[:, :, None], 3, 2)
    if pixels.shape[2] == 4:
        pixels = 255 - np.dstack([pixels[:, :, :3], *[pixels[:, :, 3]] * 3])
    return torch.from_numpy(pixels.astype(np.float32)).permute(2, 0, 1)[None] / 127.5 - 1


def as_pixels(x: torch.Tensor) -> NDArray[np.float64]:
    """Return an image in network units as unrounded gray levels of shape (h, w, 3)."""
    return ((x[0].double() + 1) * GRAY_LEVELS_PER_UNIT).permute(1, 2, 0).numpy()


def crop_without_decoding(path: Path, height: int, width: int) -> Path:
    """Crop the JPEG `path` in place without decoding, and return `path`.

    The last blocks are kept whole, so they continue past the right and bottom edges.
    """
    data = bytearray(path.read_bytes())
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    path.write_bytes(data)
    return path
