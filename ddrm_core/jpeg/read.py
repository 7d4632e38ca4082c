"""Reading of a JPEG's quantized levels, also from damaged files."""

from __future__ import annotations

from pathlib import Path

from ddrm_core.errors import (
    DamagedJpeg,
    OutOfMemory,
    TooManyPixels,
    UnreadableFile,
    UnsupportedJpeg,
)
from ddrm_core.formats.defaults import MAX_PIXELS
from ddrm_core.jpeg.damage.recover import holds_too_little_data, recover_levels
from ddrm_core.jpeg.header import Component, JpegHeader, parse_header, read_file_bytes
from ddrm_core.jpeg.image import Damage, JpegImage
from ddrm_core.jpeg.libjpeg.client import (
    DecodedLevels,
    LibjpegError,
    LibjpegOutOfMemory,
    LibjpegUnavailable,
    read_levels,
)
from ddrm_core.jpeg.marker_segments import fill_in_height
from ddrm_core.jpeg.reasons import Coding, DamageReason, ReadFailure, UnsupportedFeature
from ddrm_core.jpeg.stream_layout import parse_stream_layout
from ddrm_core.messages import Description, Message
from ddrm_core.metadata.segments import metadata_from_segments

MAX_SIDE = 65_500  # libjpeg's JPEG_MAX_DIMENSION
_UNSUPPORTED_CODINGS = (Coding.LOSSLESS, Coding.HIERARCHICAL)
_SUPPORTED_COLOR_MODELS = ("grey", "YCbCr", "RGB", "CMYK", "YCCK")


def check_supported(header: JpegHeader) -> None:
    """Raise UnsupportedJpeg if the program cannot restore files with this header.

    The header then has an unsupported coding process, bit depth, size, color model or chroma
    sampling.
    """
    feature: Description | None = None
    if header.coding in _UNSUPPORTED_CODINGS:
        feature = header.coding
    elif header.precision != 8:
        feature = Message(UnsupportedFeature.BITS, {"bits": header.precision})
    elif max(header.width, header.height) > MAX_SIDE:
        feature = Message(UnsupportedFeature.SIDE, {"pixels": MAX_SIDE})
    elif header.color_model_name not in _SUPPORTED_COLOR_MODELS:
        feature = Message(UnsupportedFeature.COLOR_MODEL, {"color_model": header.color_model_name})
    elif not _has_integer_ratios(header.components):
        feature = Message(UnsupportedFeature.CHROMA_SAMPLING, {"sampling": header.chroma_sampling})
    if feature is not None:
        raise UnsupportedJpeg(header.path, feature)


def _has_integer_ratios(components: tuple[Component, ...]) -> bool:
    across = [c.horizontal_factor for c in components]
    down = [c.vertical_factor for c in components]
    return all(max(factors) % f == 0 for factors in (across, down) for f in factors)


def read_jpeg(
    path: Path, *, tolerate_damage: bool = False, max_pixels: int = MAX_PIXELS
) -> JpegImage:
    """Read levels, tables and metadata of a JPEG file.

    Args:
        path: A JPEG file.
        tolerate_damage: Whether a damaged file is read as far as possible; `JpegImage.damage` then
            describes the fault.
        max_pixels: Largest number of pixels of an image that is read.

    Raises:
        UnreadableFile, NotAJpeg, DamagedJpeg: As in `header.read_header`. UnreadableFile also if
            libjpeg's process does not start. DamagedJpeg also if nothing decodes, or if the file is
            damaged and `tolerate_damage` is False.
        UnsupportedJpeg: If the program cannot restore files of this kind, see `check_supported`.
        TooManyPixels: If the image has more than `max_pixels` pixels.
        OutOfMemory: If the levels do not fit into memory.
    """
    data = fill_in_height(read_file_bytes(path))
    header = parse_header(data, path)
    check_supported(header)
    if header.width * header.height > max_pixels:
        raise TooManyPixels(path, header.width, header.height, max_pixels)
    try:
        decoded, damage = _decode_levels(path, data)
    except LibjpegOutOfMemory as error:
        raise OutOfMemory("cpu", header.width, header.height) from error
    if damage is not None and not tolerate_damage:
        raise DamagedJpeg(path, damage.description)
    segments = [(s.marker, s.payload) for s in header.segments]
    return JpegImage(
        path=path,
        width=header.width,
        height=header.height,
        color_model_name=header.color_model_name,
        components=header.components,
        levels=decoded.levels,
        quantization_tables=decoded.quantization_tables,
        metadata=metadata_from_segments(segments),
        header=header,
        damage=damage,
    )


def _decode_levels(path: Path, data: bytes) -> tuple[DecodedLevels, Damage | None]:
    try:
        layout = parse_stream_layout(data)
        if layout.has_table_changes:
            raise UnsupportedJpeg(path, UnsupportedFeature.CHANGING_TABLES)
        if holds_too_little_data(layout):
            raise DamagedJpeg(path, DamageReason.TOO_LITTLE_DATA)
        decoded, damage = recover_levels(data, read_levels)
    except LibjpegOutOfMemory:
        raise
    except (LibjpegError, ValueError) as error:
        raise DamagedJpeg(path, DamageReason.UNDECODABLE) from error
    except LibjpegUnavailable as error:
        raise UnreadableFile(
            path, Message(ReadFailure.LIBJPEG_NOT_STARTED, {"problem": error.problem})
        ) from error
    if decoded is None:
        raise DamagedJpeg(
            path, DamageReason.NOTHING_DECODES if damage is None else damage.description
        )
    return decoded, damage
