"""Detection of an earlier JPEG compression, from levels or from pixels."""

from ddrm_core.jpeg.recompression.from_coefficients import detect_from_coefficients
from ddrm_core.jpeg.recompression.from_pixels import detect_from_pixels
from ddrm_core.jpeg.recompression.previous_compression import PreviousCompression

__all__ = ["PreviousCompression", "detect_from_coefficients", "detect_from_pixels"]
