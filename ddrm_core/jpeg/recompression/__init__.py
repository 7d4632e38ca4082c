"""An earlier JPEG compression, found in what is left of it."""

from ddrm_core.jpeg.recompression.from_coefficients import earlier_in_jpeg
from ddrm_core.jpeg.recompression.from_pixels import earlier_in_pixels
from ddrm_core.jpeg.recompression.result import Earlier

__all__ = ["Earlier", "earlier_in_jpeg", "earlier_in_pixels"]
