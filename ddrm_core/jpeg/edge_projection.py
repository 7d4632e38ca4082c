"""A picture made to agree with the levels wholly, also in blocks that reach past its edge."""

from __future__ import annotations

from dataclasses import replace

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.jpeg.operator import JpegOperator, columns_from, rows_from
from ddrm_core.sampler.protocols import Coefficients

# How far inside its bin a coefficient is put, in steps: alternating projections then end after
# finitely many rounds.
_MARGIN = 0.02
_ROUNDS = 300
# A coefficient's distance from its bin, in grey levels, times its step. Encoders round their
# samples, which can put a coefficient a few grey levels outside a narrow bin but is nothing in a
# wide one.
_MOST_OUTSIDE = 8.0


@torch.no_grad()
def edges_are_repeated(operator: JpegOperator, levels: Coefficients) -> bool:
    """Whether some picture that is padded by repeating its edge has these levels.

    Not so where a picture was cropped without decoding, or an encoder pads in its own way: the file
    then goes on past the edge that is shown.
    """
    if _whole_mcus(operator) == (operator.height, operator.width):
        return True
    picture = operator.decode(levels)
    # Whole blocks are put in the middle of their bins, which a decoder's chroma filter has left.
    offsets = zip(levels, operator.coefficients(picture), strict=True)
    picture = operator.shift(picture, tuple(k - c for k, c in offsets))
    picture = agree_at_edges(operator, levels, picture)
    return all(
        float((((c - k).abs() - 0.5) * p.steps**2).max()) <= _MOST_OUTSIDE
        for c, k, p in zip(operator.coefficients(picture), levels, operator.planes, strict=True)
    )


@torch.no_grad()
def agree_at_edges(
    operator: JpegOperator, levels: Coefficients, x: Float[Tensor, "b c h w"]
) -> Float[Tensor, "b c h w"]:
    """`x` with its last, padded blocks moved into their bins, by repeated projection.

    Whole blocks agree after one correction. A block that reaches past the picture's edge is 64
    coefficients of fewer free pixels, so its bins are met by going back and forth between them and
    the pictures that pad to themselves.
    """
    top, left = _whole_mcus(operator)
    if (top, left) == (operator.height, operator.width):
        return x
    moved = x.clone()
    if top < operator.height:
        _move_from(operator, levels, moved, top, 0)
    if left < operator.width:
        _move_from(operator, levels, moved, 0, left)
    return moved


def _whole_mcus(operator: JpegOperator) -> tuple[int, int]:
    """Height and width of the part of the picture that whole MCUs cover."""
    column, row = operator.unit
    return operator.height // row * row, operator.width // column * column


def _move_from(
    operator: JpegOperator, levels: Coefficients, x: Tensor, top: int, left: int
) -> None:
    """Put what is below `top` and right of `left`, both at MCU borders, in its bins, in place."""
    strip = replace(
        operator,
        height=operator.height - top,
        width=operator.width - left,
        planes=tuple(columns_from(rows_from(p, top), left) for p in operator.planes),
    )
    wanted = tuple(
        k[:, :, p.level_row(top) :, left // (8 * p.columns.factor) :]
        for k, p in zip(levels, operator.planes, strict=True)
    )
    part = x[:, :, top:, left:]
    for _ in range(_ROUNDS):
        offsets = tuple(c - k for c, k in zip(strip.coefficients(part), wanted, strict=True))
        if all(float(o.abs().max()) <= 0.5 for o in offsets):
            break
        edge = 0.5 - _MARGIN
        part = strip.shift(part, tuple(o.clamp(-edge, edge) - o for o in offsets))
    x[:, :, top:, left:] = part
