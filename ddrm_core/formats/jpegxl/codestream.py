"""The image header of a JPEG XL codestream. Source: ISO/IEC 18181-1:2024, annexes A and D."""

from __future__ import annotations

from ddrm_core.formats.jpegxl.bits import (
    ENUM_DISTRIBUTION,
    BitReader,
    BitWriter,
    U32Distribution,
)
from ddrm_core.formats.jpegxl.icc_stream import read_icc_profile, write_icc_profile
from ddrm_core.imaging.orientation import is_transposed

CODESTREAM_SIGNATURE = b"\xff\x0a"
_SIZE_DISTRIBUTION: U32Distribution = ((9, 1), (13, 1), (18, 1), (30, 1))
_BIT_DEPTH_DISTRIBUTION: U32Distribution = ((0, 8), (0, 10), (0, 12), (6, 1))
_EXTRA_CHANNELS_DISTRIBUTION: U32Distribution = ((0, 0), (0, 1), (4, 2), (12, 1))
_RATIOS = ((1, 1), (1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))  # by selector
_GRAY, _SRGB_CURVE = 1, 13  # ColorSpace, TransferFunction


def read_upright_size(codestream: bytes) -> tuple[int, int]:
    """Return width and height in pixels of the image, turned as its orientation states.

    Raises:
        ValueError: If the header is incomplete or the image is an animation.
    """
    reader = BitReader(codestream, 8 * len(CODESTREAM_SIGNATURE))
    width, height = _read_size(reader)
    return (height, width) if is_transposed(_read_orientation(reader)) else (width, height)


def set_color_space(codestream: bytes, profile: bytes | None) -> bytes:
    """Return a codestream whose color space is an ICC profile, or sRGB.

    Encoders state an enumerated color space, for 16 bits a linear one.

    Args:
        codestream: Codestream of an encoder, of gray or RGB pixels that are not coded as XYB.
        profile: ICC profile for such pixels; None for sRGB.

    Raises:
        ValueError: If the header has parts that no image of this program needs.
    """
    reader = BitReader(codestream, 8 * len(CODESTREAM_SIGNATURE))
    _read_size(reader)
    if _skip_to_color_encoding(reader):
        raise ValueError("extra fields")
    start, is_gray = reader.position, _skip_color_encoding(reader)
    _skip_behind_color_encoding(reader)
    writer = BitWriter(int.from_bytes(codestream[: start // 8 + 1], "little") & (1 << start) - 1)
    writer.position = start
    color_space = _GRAY if is_gray else 0
    # Not the default encoding, with or without an ICC profile.
    writer.write(0b00 if profile is None else 0b10, 2)
    writer.write(color_space, 2)
    if profile is None:
        writer.write(1, 2)  # white point D65
        writer.write(1, 0 if is_gray else 2)  # primaries of sRGB
        writer.write(0, 1)  # no gamma
        writer.write(0b10 | _SRGB_CURVE - 2 << 2, 6)
        writer.write(1, 2)  # relative colorimetric
    writer.write(0b100, 3)  # no extensions (U64); default transform data
    if profile is not None:
        write_icc_profile(writer, profile)
    return writer.to_bytes() + codestream[(reader.position + 7) // 8 :]


def find_icc_profile(codestream: bytes) -> bytes | None:
    """Return the ICC profile in a codestream, b"" if it cannot be read, None without a profile.

    Profiles are read from codestreams of `set_color_space`. A color space that is enumerated and
    is not sRGB counts as a profile that cannot be read.
    """
    reader = BitReader(codestream, 8 * len(CODESTREAM_SIGNATURE))
    try:
        _read_size(reader)
        if reader.read_flag():  # all metadata are the default: sRGB
            return None
        reader.position -= 1
        has_extra_fields = _skip_to_color_encoding(reader)
        if reader.read_flag():
            return None
        if not reader.read_flag():
            reader.position -= 2
            is_srgb = _is_enumerated_srgb(reader)
            return None if is_srgb else b""
        if has_extra_fields:
            return b""
        reader.read_u32(ENUM_DISTRIBUTION)
        _skip_behind_color_encoding(reader)
        return read_icc_profile(reader) or b""
    except (ValueError, IndexError):
        return b""


def _read_size(reader: BitReader) -> tuple[int, int]:
    """Return width and height in pixels of the stored image."""
    is_small = reader.read_flag()
    height = 8 * (reader.read(5) + 1) if is_small else reader.read_u32(_SIZE_DISTRIBUTION)
    ratio = reader.read(3)
    if ratio:
        numerator, denominator = _RATIOS[ratio]
        return height * numerator // denominator, height
    width = 8 * (reader.read(5) + 1) if is_small else reader.read_u32(_SIZE_DISTRIBUTION)
    return width, height


def _read_orientation(reader: BitReader) -> int:
    """Return the orientation, 1 to 8. Raise ValueError for an animation."""
    if reader.read_flag() or not reader.read_flag():
        return 1
    orientation = reader.read(3) + 1
    if reader.read_flag():
        _read_size(reader)
    if reader.read_flag():
        return orientation  # a preview, which precedes the flag of an animation
    if reader.read_flag():
        raise ValueError("an animation")
    return orientation


def _skip_to_color_encoding(reader: BitReader) -> bool:
    """Skip the metadata before the color encoding, and return whether extra fields follow it.

    Source: annex D.3. Raise ValueError for default metadata, previews, animations, floats and
    channels besides colors.
    """
    if reader.read_flag():
        raise ValueError("default metadata")
    has_extra_fields = reader.read_flag()
    if has_extra_fields:
        reader.read(3)  # orientation
        if reader.read_flag():
            _read_size(reader)  # intrinsic size
        if reader.read_flag() or reader.read_flag():
            raise ValueError("a preview or an animation")
    if reader.read_flag():
        raise ValueError("floats")
    reader.read_u32(_BIT_DEPTH_DISTRIBUTION)
    reader.read_flag()  # whether buffers of 16 bits are sufficient
    if reader.read_u32(_EXTRA_CHANNELS_DISTRIBUTION):
        raise ValueError("extra channels")
    reader.read_flag()  # XYB
    return has_extra_fields


def _skip_color_encoding(reader: BitReader) -> bool:
    """Skip an enumerated color encoding (annex D.3.5), and return whether it is gray."""
    if reader.read_flag():
        return False
    if reader.read_flag():
        raise ValueError("an ICC profile")
    is_gray = reader.read_u32(ENUM_DISTRIBUTION) == _GRAY
    _read_enumerated_values(reader, is_gray=is_gray)
    return is_gray


def _read_enumerated_values(reader: BitReader, *, is_gray: bool) -> tuple[int, int, int]:
    """Return white point, primaries (1 for gray) and transfer function.

    Raise ValueError for values that are not enumerated.
    """
    white_point = reader.read_u32(ENUM_DISTRIBUTION)
    primaries = 1 if is_gray else reader.read_u32(ENUM_DISTRIBUTION)
    if 2 in (white_point, primaries) or reader.read_flag():
        raise ValueError("custom white point, primaries or gamma")
    transfer_function = reader.read_u32(ENUM_DISTRIBUTION)
    reader.read_u32(ENUM_DISTRIBUTION)  # rendering intent
    return white_point, primaries, transfer_function


def _is_enumerated_srgb(reader: BitReader) -> bool:
    """Return whether an enumerated color encoding is sRGB, or gray with sRGB's curve."""
    reader.read(2)
    is_gray = reader.read_u32(ENUM_DISTRIBUTION) == _GRAY
    return _read_enumerated_values(reader, is_gray=is_gray) == (1, 1, _SRGB_CURVE)


def _skip_behind_color_encoding(reader: BitReader) -> None:
    """Skip extensions and transform data. Raise ValueError unless they are empty and default."""
    if reader.read_u64() or not reader.read_flag():
        raise ValueError("extensions or transform data")
