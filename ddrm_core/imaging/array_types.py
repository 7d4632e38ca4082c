"""The name of arrays of pixels; without torch, which what only reads a file does not wait for."""

import numpy as np
from numpy.typing import NDArray

PixelArray = NDArray[np.uint8] | NDArray[np.uint16] | NDArray[np.float32]
"""Whole numbers to the type's greatest, or grey levels as floats."""
