"""Pictures in files: results out, results back in.

Pixels stay in the file's own colour space and orientation.
"""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import tifffile
import torch
from jaxtyping import Float
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError
from torch import Tensor

from ddrm_core.contracts import GREY_LEVELS_PER_UNIT
from ddrm_core.errors import NotAPicture, UnreadableFile, UnsupportedFormat
from ddrm_core.metadata.model import Metadata

EIGHT_BITS, FLOAT_BITS = 8, 32
# What Pillow and tifffile raise on damaged data; tifffile's own checks are few.
_DAMAGED = (
    UnidentifiedImageError,
    tifffile.TiffFileError,
    ArithmeticError,
    LookupError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
)


def rounded(picture: Float[Tensor, "c h w"]) -> NDArray[np.uint8]:
    """A picture in grey levels as 8-bit pixels: (h, w, 3), or (h, w) for one channel."""
    pixels = rounded_picture(picture).byte().permute(1, 2, 0).numpy()
    return pixels[:, :, 0] if pixels.shape[2] == 1 else pixels


def rounded_picture(picture: Float[Tensor, "c h w"], *, bits: int = 8) -> Float[Tensor, "c h w"]:
    """A picture in grey levels as 8, 16 or 32 (floats) bits a channel hold it."""
    match bits:
        case 8:
            return picture.round().clamp(0, 255)
        case 16:
            return (picture.clamp(0, 255) * 257).round() / 257
        case _:
            return picture


def encode_picture(
    picture: Float[Tensor, "c h w"], path: Path, *, bits: int, metadata: Metadata
) -> bytes:
    """The content of `path`: PNG with 8 bits a channel, or TIFF with unclipped 32-bit floats.

    Args:
        picture: Grey levels.
        path: Its suffix names the format.
        bits: Per channel, 8 or 32.
        metadata: For PNG; a float TIFF is for measuring and carries the profile only.

    Raises:
        UnsupportedFormat: No such format here, or it has not that many bits.
    """
    check_format(path, bits=bits)
    buffer = io.BytesIO()
    if bits == FLOAT_BITS:
        pixels = (
            picture.permute(1, 2, 0).numpy().squeeze(2)
            if len(picture) == 1
            else picture.permute(1, 2, 0).numpy()
        )
        kind = "minisblack" if len(picture) == 1 else "rgb"
        tifffile.imwrite(buffer, pixels, photometric=kind, iccprofile=metadata.icc_profile)
    else:
        Image.fromarray(rounded(picture)).save(
            buffer, "PNG", icc_profile=metadata.icc_profile, exif=metadata.exif
        )
    return buffer.getvalue()


def check_format(path: Path, *, bits: int) -> None:
    """Raises UnsupportedFormat where `encode_picture` would."""
    if (path.suffix.lower(), bits) not in ((".png", 8), (".tif", 32), (".tiff", 32)):
        raise UnsupportedFormat(path, bits)


def load_picture(path: Path) -> Float[Tensor, "c h w"]:
    """RGB or one grey channel in grey levels: PNG and whatever Pillow reads, float TIFF as stored.

    Raises:
        UnreadableFile: The system did not give the bytes.
        NotAPicture: They are no picture, or one with alpha, a palette or more than 8 bits a
            channel.
    """
    try:
        if path.suffix.lower() in (".tif", ".tiff"):
            pixels = tifffile.imread(path)
            if pixels.dtype != np.float32:
                raise NotAPicture(path)
        else:
            with Image.open(path) as image:
                if image.mode not in ("L", "RGB"):
                    raise NotAPicture(path)
                pixels = np.asarray(image, np.float32)
    except _DAMAGED as error:
        raise NotAPicture(path) from error
    except OSError as error:
        if error.errno is None:  # Pillow's word for damaged data
            raise NotAPicture(path) from error
        raise UnreadableFile(path, error.strerror or str(error)) from error
    if pixels.ndim == 2:
        pixels = pixels[:, :, None]
    if pixels.ndim != 3 or pixels.shape[2] not in (1, 3):
        raise NotAPicture(path)
    return torch.from_numpy(np.ascontiguousarray(pixels)).permute(2, 0, 1)


def network_units(picture: Float[Tensor, "c h w"]) -> Float[Tensor, "1 3 h w"]:
    """A picture in grey levels as the operators take it."""
    return (picture / GREY_LEVELS_PER_UNIT - 1).expand(3, -1, -1)[None]
