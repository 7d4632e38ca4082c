"""Expected error of a decoded image, computed from quantization tables alone."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from ddrm_core.jpeg.header import QuantizationTable
from ddrm_core.jpeg.quality_factor import create_standard_tables

# Variance of a band of natural photographs, in squared gray levels, as a (u^2 + v^2)^-p. Fitted for
# luma and chroma to 45 photographs of the prior's training set. The mean of a block (band 0) always
# varies more than its quantizer step.
_LUMA_SPECTRUM = (8100.0, 1.39)
_CHROMA_SPECTRUM = (700.0, 1.4)
# Means over R, G and B of the squared gain from a component (ITU-T T.871, section 7), rounded to 32
# bits like the color models, so that the noise levels of runs stay bit by bit.
_CB_WEIGHT, _CR_WEIGHT = 1.0861378908157349, 0.825198233127594
_THIRD = 0.3333333432674408
# Share of each component's error variance in that of the channels, by color model. Black ink (K)
# counts as much as the three colors.
_COMPONENT_WEIGHTS = {
    "grey": (1.0,),
    "YCbCr": (1.0, _CB_WEIGHT, _CR_WEIGHT),
    "RGB": (_THIRD, _THIRD, _THIRD),
    "CMYK": (_THIRD / 2, _THIRD / 2, _THIRD / 2, 0.5),
    "YCCK": (0.5, _CB_WEIGHT / 2, _CR_WEIGHT / 2, 0.5),
}
_MODELS_WITH_CHROMA = ("YCbCr", "YCCK")


def compute_quantization_error(tables: Sequence[QuantizationTable], color_model_name: str) -> float:
    """Return the expected error of a natural image that was quantized with these tables.

    The error is a root mean square over pixels and channels, in gray levels. The error variance of
    a band is step^2 / 12 (rounding), but at most the band's own variance, which remains if nearly
    all its coefficients are rounded to zero. Chroma subsampling is not counted.

    Args:
        tables: One quantization table per component, in natural order.
        color_model_name: "grey", "YCbCr", "RGB", "CMYK" or "YCCK".

    Raises:
        ValueError: If the color model is unknown or has another number of components.
    """
    weights = _COMPONENT_WEIGHTS.get(color_model_name)
    if weights is None:
        raise ValueError(color_model_name)
    total = 0.0
    flags = list_chroma_flags(color_model_name)
    for table, is_chroma, weight in zip(tables, flags, weights, strict=True):
        rounding_error = table.astype(float) ** 2 / 12
        error = np.minimum(rounding_error, _natural_band_variances(is_chroma=is_chroma))
        total += weight * float(error.mean())
    return sqrt(total)


def compute_standard_error(quality: int, color_model_name: str) -> float:
    """Return the expected error with libjpeg's tables at `quality`, 1 to 100.

    See `compute_quantization_error`.
    """
    tables = create_standard_tables(quality, list_chroma_flags(color_model_name))
    return compute_quantization_error(tables, color_model_name)


def list_chroma_flags(color_model_name: str) -> tuple[bool, ...]:
    """Return for each component of a color model whether it is a color difference.

    Raises:
        ValueError: If the color model is unknown.
    """
    if color_model_name not in _COMPONENT_WEIGHTS:
        raise ValueError(color_model_name)
    has_chroma = color_model_name in _MODELS_WITH_CHROMA
    count = len(_COMPONENT_WEIGHTS[color_model_name])
    return tuple(has_chroma and index in (1, 2) for index in range(count))


def _natural_band_variances(*, is_chroma: bool) -> NDArray[np.float64]:
    scale, power = _CHROMA_SPECTRUM if is_chroma else _LUMA_SPECTRUM
    u, v = np.divmod(np.arange(64), 8)
    squared = (u**2 + v**2).astype(float)
    squared[0] = np.finfo(float).tiny ** 0.5
    variances: NDArray[np.float64] = scale * squared**-power
    return variances
