"""Projection of an image into its bins, including blocks that reach past the image's edge."""

from __future__ import annotations

from dataclasses import replace

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.jpeg.operator import JpegOperator, crop_columns_from, crop_rows_from
from ddrm_core.sampler.protocols import Coefficients

# Distance of a projected coefficient from the bin's edge, in quantizer steps. The margin lets
# alternating projections end after finitely many rounds.
_BIN_MARGIN = 0.02
_MAX_ROUNDS = 300
# Limit of a coefficient's distance from its bin in gray levels, times its quantizer step. Encoders
# round samples, which can move a coefficient a few gray levels out of a narrow bin, but hardly out
# of a wide one.
_MAX_WEIGHTED_DISTANCE = 8.0


@torch.no_grad()
def has_repeated_edges(operator: JpegOperator, levels: Coefficients) -> bool:
    """Return whether some image that is padded by repeating its edge has these levels.

    False for a file whose image goes on past the visible edge: a JPEG cropped without decoding, or
    an encoder with another padding.
    """
    if _size_of_whole_mcus(operator) == (operator.height, operator.width):
        return True
    x = operator.decode(levels)
    # Move coefficients to the middle of their bins: the decoder's chroma filter has shifted them.
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
    """Project the padded blocks at the edges of `x` into their bins.

    Complete blocks are in their bins after one correction. A block that reaches past the image's
    edge has 64 coefficients but fewer free pixels. Its bins are met by alternating projections
    between the bins and the images whose padding repeats their edge.
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
    """Return height and width of the area that complete MCUs cover."""
    mcu_width, mcu_height = operator.mcu_size
    return operator.height // mcu_height * mcu_height, operator.width // mcu_width * mcu_width


def _project_corner_inplace(
    operator: JpegOperator, levels: Coefficients, x: Tensor, top: int, left: int
) -> None:
    """Project the part of `x` from row `top` and column `left` on into its bins, in place.

    `top` and `left` are MCU boundaries.
    """
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
