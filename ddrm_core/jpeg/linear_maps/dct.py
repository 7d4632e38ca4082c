"""The orthonormal 8x8 discrete cosine transform of planes."""

from __future__ import annotations

import math
from functools import cache

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional


@cache
def _cosine_basis() -> Tensor:
    """Return the 1-d DCT basis, one function per row. Source: ITU-T T.81 A.3.3, unit norm."""
    u, x = torch.arange(8.0, dtype=torch.float64)[:, None], torch.arange(8.0, dtype=torch.float64)
    basis = torch.cos((2 * x + 1) * u * math.pi / 16) / 2
    basis[0] /= math.sqrt(2)
    return basis


def dct_basis_images() -> Float[Tensor, "64 1 8 8"]:
    """Return an orthonormal basis image per band, bands in natural (row-major) order."""
    cosines = _cosine_basis()
    return torch.einsum("uy,vx->uvyx", cosines, cosines).reshape(64, 1, 8, 8).float()


def block_dct(
    plane: Float[Tensor, "b 1 h w"], basis: Float[Tensor, "bands 1 8 8"]
) -> Float[Tensor, "b bands v u"]:
    """Return the DCT coefficients of every 8x8 block; sides of `plane` are multiples of 8.

    `basis` holds the basis images of the bands to return, see `dct_basis_images`.
    """
    return functional.conv2d(plane, basis, stride=8)


def inverse_block_dct(
    coefficients: Float[Tensor, "b 64 v u"], basis: Float[Tensor, "64 1 8 8"]
) -> Float[Tensor, "b 1 h w"]:
    """Return the plane with the given DCT coefficients, the inverse and adjoint of `block_dct`."""
    # A product and a transpose are ten times as fast as conv_transpose2d on a CPU.
    count, _, down, across = coefficients.shape
    blocks = torch.matmul(coefficients.flatten(2).mT, basis.reshape(64, 64))
    pixels = blocks.view(count, down, across, 8, 8).transpose(2, 3)
    return pixels.reshape(count, 1, 8 * down, 8 * across)
