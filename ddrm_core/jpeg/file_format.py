"""Detection of the format of a file that is not a JPEG."""

from __future__ import annotations

from ddrm_core.jpeg.reasons import FoundFormat

_FILE_SIGNATURES = (
    (b"\x89PNG", "PNG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"\0\0\0\x0cjP", "JPEG 2000"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\0\0\0\x0cJXL", "JPEG XL"),
    (b"%PDF", "PDF"),
)


def detect_format(data: bytes) -> str:
    """Return the format of a file that is not a JPEG, by its first bytes."""
    if not data:
        return FoundFormat.EMPTY
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    if data[4:12] == b"ftypavif":
        return "AVIF"
    if data[4:12] in (b"ftypheic", b"ftypmif1"):
        return FoundFormat.HEIF_OR_AVIF
    for signature, name in _FILE_SIGNATURES:
        if data.startswith(signature):
            return name
    return FoundFormat.UNKNOWN
