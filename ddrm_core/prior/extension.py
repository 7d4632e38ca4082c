"""Extended priors: a second prior evaluated where the first is worse, by noise level."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import torch
from torch import Tensor

from ddrm_core.prior.denoiser import Prior, PriorInfo

# Relative distance from a border at which the band errors change from one prior to the other.
_BORDER_WIDTH = 1e-3


def extend_prior(prior: Prior, outer: Prior, inner_sigma_range: tuple[float, float]) -> Prior:
    """Return a prior that evaluates one prior inside a range of noise levels and another outside.

    Args:
        prior: Prior that gives the result its name, evaluated at the borders and between them.
        outer: Prior for all other noise levels, on the same device and in the same precision.
        inner_sigma_range: Lowest and highest noise level of `prior`, network units.

    Raises:
        ValueError: If devices or precisions differ, if a prior was trained on images of one size,
            or if a prior is extended already.
    """
    if (prior.device, prior.precision) != (outer.device, outer.precision):
        raise ValueError("the two priors are on different devices or in different precisions")
    if prior.outer_network is not None or outer.outer_network is not None:
        raise ValueError("an extended prior is not extended again")
    info = extend_info(prior.info, outer.info, inner_sigma_range)
    return Prior(info, prior.device, prior.precision, prior.network, outer.network)


def extend_info(
    info: PriorInfo, outer: PriorInfo, inner_sigma_range: tuple[float, float]
) -> PriorInfo:
    """Return the description of the prior that `extend_prior` makes of two priors.

    Its SHA-256 is that of a text with both identities and the range. Its noise levels are those of
    both priors, and its band errors are those of the prior that is evaluated. Raise ValueError if a
    prior was trained on images of one size.
    """
    if info.training_resolution is not None or outer.training_resolution is not None:
        raise ValueError("a prior of one size of images is not extended")
    low, high = inner_sigma_range
    text = f"{info.identity}\n{outer.identity}\n{low:.9g} to {high:.9g}\n"
    band_error, band_error_sigma = _merge_band_errors(info, outer, inner_sigma_range)
    return replace(
        info,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        sigma_range=(
            min(outer.sigma_range[0], max(low, info.sigma_range[0])),
            max(outer.sigma_range[1], min(high, info.sigma_range[1])),
        ),
        size_multiple=max(info.size_multiple, outer.size_multiple),
        band_error=band_error,
        band_error_sigma=band_error_sigma,
        inner_sigma_range=inner_sigma_range,
        outer=outer,
    )


def _merge_band_errors(
    info: PriorInfo, outer: PriorInfo, inner_sigma_range: tuple[float, float]
) -> tuple[Tensor | None, Tensor | None]:
    """Return the band errors of the prior that is evaluated, and their noise levels.

    Both are None unless both priors have band errors.
    """
    if info.band_error_sigma is None or outer.band_error_sigma is None:
        return None, None
    low, high = inner_sigma_range
    inner_knots, outer_knots = info.band_error_sigma.tolist(), outer.band_error_sigma.tolist()
    below, above = low * (1 - _BORDER_WIDTH), high * (1 + _BORDER_WIDTH)
    knots = [(sigma, outer) for sigma in outer_knots if not below < sigma < above]
    knots += [
        (sigma, outer) for sigma in (below, above) if outer_knots[0] < sigma < outer_knots[-1]
    ]
    knots += [(sigma, info) for sigma in {low, high, *inner_knots} if low <= sigma <= high]
    knots = sorted({sigma: owner for sigma, owner in knots if sigma > 0}.items())
    errors = [owner.band_error_at(sigma) for sigma, owner in knots]
    return (
        torch.stack([error for error in errors if error is not None]),
        torch.tensor([sigma for sigma, _ in knots]),
    )
