"""The type and scale of pixel arrays, in a module without torch for programs that only read."""

import numpy as np
from numpy.typing import NDArray

PixelArray = NDArray[np.uint8] | NDArray[np.uint16] | NDArray[np.float32]

SIXTEEN_BIT_SCALE = 257
"""Integers of 16 bits per gray level: 65535 / 255."""
