"""A picture made to agree with the levels wholly, also in blocks that reach past its edge."""

from __future__ import annotations

from dataclasses import replace

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.jpeg.operator import JpegOperator, crop_columns_from, crop_rows_from
from ddrm_core.sampler.protocols import Coefficients

# How far inside its bin a coefficient is put, in steps: alternating projections then end after
# finitely many rounds.
_BIN_MARGIN = 0.02
_MAX_ROUNDS = 300
# A coefficient's distance from its bin, in grey levels, times its step. Encoders round their
# samples, which can put a coefficient a few grey levels outside a narrow bin but is nothing in a
# wide one.
_MAX_WEIGHTED_DISTANCE = 8.0


@torch.no_grad()
def has_repeated_edges(operator: JpegOperator, levels: Coefficients) -> bool:
    """Whether some picture that is padded by repeating its edge has these levels.

    Not so where a picture was cropped without decoding, or an encoder pads in its own way: the file
    then goes on past the edge that is shown.
    """
    if _size_of_whole_mcus(operator) == (operator.height, operator.width):
        return True
    x = operator.decode(levels)
    # Whole blocks are put in the middle of their bins, which a decoder's chroma filter has left.
    offsets = zip(levels, operator.coefficients(x), strict=True)
    x = operator.shift_coefficients(x, tuple(k - c for k, c in offsets))
    x = project_edges_to_bins(operator, levels, x)
    return all(
        float((((c - k).abs() - 0.5) * p.quantizer_steps**2).max()) <= _MAX_WEIGHTED_DISTANCE
        for c, k, p in zip(operator.coefficients(x), levels, operator.planes, strict=True)
    )


@torch.no_grad()
def project_edges_to_bins(
    operator: JpegOperator, levels: Coefficients, x: Float[Tensor, "b c h w"]
) -> Float[Tensor, "b c h w"]:
    """`x` with its last, padded blocks moved into their bins, by repeated projection.

    Whole blocks agree after one correction. A block that reaches past the picture's edge is 64
    coefficients of fewer free pixels, so its bins are met by going back and forth between them and
    the pictures that pad to themselves.
    """
    top, left = _size_of_whole_mcus(operator)
    if (top, left) == (operator.height, operator.width):
        return x
    projected = x.clone()
    if top < operator.height:
        _project_corner_inplace(operator, levels, projected, top, 0)
    if left < operator.width:
        _project_corner_inplace(operator, levels, projected, 0, left)
    return projected


def _size_of_whole_mcus(operator: JpegOperator) -> tuple[int, int]:
    """Height and width of the part of the picture that whole MCUs cover."""
    mcu_width, mcu_height = operator.mcu_size
    return operator.height // mcu_height * mcu_height, operator.width // mcu_width * mcu_width


def _project_corner_inplace(
    operator: JpegOperator, levels: Coefficients, x: Tensor, top: int, left: int
) -> None:
    """Put what is below `top` and right of `left`, both at MCU borders, in its bins, in place."""
    strip = replace(
        operator,
        height=operator.height - top,
        width=operator.width - left,
        planes=tuple(crop_columns_from(crop_rows_from(p, top), left) for p in operator.planes),
    )
    strip_levels = tuple(
        k[:, :, p.block_row_at(top) :, left // (8 * p.column_axis.factor) :]
        for k, p in zip(levels, operator.planes, strict=True)
    )
    corner = x[:, :, top:, left:]
    for _ in range(_MAX_ROUNDS):
        offsets = tuple(
            c - k for c, k in zip(strip.coefficients(corner), strip_levels, strict=True)
        )
        if all(float(o.abs().max()) <= 0.5 for o in offsets):
            break
        limit = 0.5 - _BIN_MARGIN
        corner = strip.shift_coefficients(
            corner, tuple(o.clamp(-limit, limit) - o for o in offsets)
        )
    x[:, :, top:, left:] = corner
