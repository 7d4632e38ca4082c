"""Convolutions in a lower precision respond to flat areas as in float32."""

from copy import deepcopy

import pytest
import torch
from torch import Tensor, nn

from ddrm_core.prior.architectures.rounded_weights import round_convolutions, round_weights

LOWER_PRECISIONS = [torch.bfloat16, torch.float16]


def create_convolutions(generator: torch.Generator) -> list[nn.Conv2d]:
    convolutions = [nn.Conv2d(5, 32, 3), nn.Conv2d(32, 32, 3), nn.Conv2d(32, 4, 3)]
    for convolution in convolutions:
        convolution.requires_grad_(False)
        convolution.weight.normal_(0, 0.1, generator=generator)
        assert convolution.bias is not None
        convolution.bias.normal_(0, 0.5, generator=generator)
    return convolutions


def evaluate_exactly(convolutions: list[nn.Conv2d], x: Tensor) -> Tensor:
    """Return the response of convolutions with ReLUs between them, computed in float64."""
    h = x.double()
    for index, convolution in enumerate(convolutions):
        h = deepcopy(convolution).double()(h if index == 0 else h.relu())
    return h


@pytest.mark.parametrize("dtype", LOWER_PRECISIONS)
def test_the_response_to_a_flat_area_stays(rng, dtype):
    convolutions = create_convolutions(rng)
    x = torch.rand(6, 5, 1, 1, generator=rng).expand(6, 5, 7, 7)
    expected = evaluate_exactly(convolutions, x)
    nearest = deepcopy(convolutions)
    for convolution in nearest[:-1]:
        convolution.to(dtype)
    round_convolutions(convolutions, dtype)
    assert [c.weight.dtype for c in convolutions] == [dtype, dtype, torch.float32]
    assert [c.bias.dtype for c in convolutions] == [dtype, dtype, torch.float32]
    error = (evaluate_exactly(convolutions, x) - expected).abs().max()
    error_of_nearest = (evaluate_exactly(nearest, x) - expected).abs().max()
    assert error < 0.1 * error_of_nearest


@pytest.mark.parametrize("dtype", LOWER_PRECISIONS)
def test_rounded_weights_have_the_exact_sum_and_stay_near(rng, dtype):
    weights = torch.randn(7, 3, 3, 3, generator=rng)
    rounded = round_weights(weights, dtype)
    assert torch.equal(rounded.to(dtype).float(), rounded)
    eps = torch.finfo(dtype).eps
    flat_weights, flat_rounded = weights.flatten(2), rounded.flatten(2)
    sums = [tensor.double().sum(2) for tensor in (flat_weights, flat_rounded)]
    # Half the spacing of numbers at the weight that was rounded last, or of float16's subnormals.
    last = flat_rounded.gather(2, flat_weights.abs().argmin(2, keepdim=True))[..., 0].abs()
    assert ((sums[0] - sums[1]).abs() <= last * eps / 2 + 1e-7).all()
    spacing = flat_weights.abs().amax(2, keepdim=True) * eps
    assert ((flat_weights - flat_rounded).abs() <= 2 * spacing).all()


def test_a_bias_of_zero_stays(rng):
    convolutions = create_convolutions(rng)
    convolutions[0].bias.zero_()
    round_convolutions(convolutions, torch.bfloat16)
    assert not convolutions[0].bias.any()
    assert all(c.weight.isfinite().all() for c in convolutions)


def test_a_convolution_without_a_bias_is_refused():
    convolutions = [nn.Conv2d(2, 2, 3, bias=False), nn.Conv2d(2, 2, 3)]
    with pytest.raises(ValueError, match="without a bias"):
        round_convolutions(convolutions, torch.bfloat16)
