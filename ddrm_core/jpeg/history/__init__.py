"""An earlier JPEG compression, found in what is left of it."""

from ddrm_core.jpeg.history.earlier import Earlier
from ddrm_core.jpeg.history.levels import earlier_in_jpeg
from ddrm_core.jpeg.history.pixels import earlier_in_pixels

__all__ = ["Earlier", "earlier_in_jpeg", "earlier_in_pixels"]
