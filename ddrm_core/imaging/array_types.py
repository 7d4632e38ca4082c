"""The type of pixel arrays, in a module without torch for programs that only read files."""

import numpy as np
from numpy.typing import NDArray

PixelArray = NDArray[np.uint8] | NDArray[np.uint16] | NDArray[np.float32]
"""Integers up to the type's maximum, or gray levels as floats."""
