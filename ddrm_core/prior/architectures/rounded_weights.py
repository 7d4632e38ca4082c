"""Rounding of convolutions to a lower precision that keeps their response to flat areas.

Rounding each weight to the nearest value shifts the mean color of FFDNet's estimates by up to half
a gray level. A sampler applies a network again and again, so that the shift adds up.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from jaxtyping import Float
from torch import Tensor, nn


def round_convolutions(convolutions: Sequence[nn.Conv2d], dtype: torch.dtype) -> None:
    """Convert convolutions to `dtype`, and keep their response to flat areas.

    Every convolution has a bias.

    Args:
        convolutions: Consecutive convolutions with nothing but a ReLU between two of them. The last
            one keeps its precision.
        dtype: The lower precision.
    """
    for convolution, following in pairwise(convolutions):
        _make_biases_exact(convolution, following, dtype)
    for convolution in convolutions[:-1]:
        convolution.weight.data = round_weights(convolution.weight.data, dtype)
        convolution.to(dtype)


def round_weights(
    weights: Float[Tensor, "outputs inputs rows columns"], dtype: torch.dtype
) -> Float[Tensor, "outputs inputs rows columns"]:
    """Return weights that `dtype` represents, in the given precision.

    The sum of the weights between an input and an output, the response to a flat input, stays the
    same up to the rounding of the smallest weight: the rounding error of each weight is added to
    the next smaller one.
    """
    flat_weights = weights.flatten(2).double()
    order = flat_weights.abs().argsort(dim=2, descending=True)
    remaining_error = torch.zeros_like(flat_weights[..., 0])
    rounded = []
    for weight in flat_weights.gather(2, order).unbind(2):
        exact = weight + remaining_error
        rounded.append(exact.to(dtype).double())
        remaining_error = exact - rounded[-1]
    result = torch.empty_like(flat_weights).scatter_(2, order, torch.stack(rounded, 2))
    return result.view_as(weights).to(weights.dtype)


def _make_biases_exact(convolution: nn.Conv2d, following: nn.Conv2d, dtype: torch.dtype) -> None:
    """Scale the outputs of a convolution so that `dtype` represents its biases.

    The following convolution scales its inputs by the reciprocals. A ReLU between the two does not
    change scales.
    """
    if convolution.bias is None:
        raise ValueError("a convolution without a bias")
    bias = convolution.bias.data.double()
    rounded = bias.to(dtype).double()
    scale = torch.where(rounded == 0, 1.0, rounded / bias)
    _scale(convolution.weight, scale[:, None, None, None])
    convolution.bias.data = (bias * scale).to(convolution.bias.dtype)
    _scale(following.weight, 1 / scale[None, :, None, None])


def _scale(weights: Tensor, factors: Tensor) -> None:
    weights.data = (weights.data.double() * factors).to(weights.dtype)
