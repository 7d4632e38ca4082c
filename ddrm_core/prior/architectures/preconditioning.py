"""Preconditioning: scaling of a network's input and output by noise level."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

from ddrm_core.sampler.schedule import fractional_timestep

# Standard deviation of images in network units that Karras' factors assume.
SIGMA_DATA = 0.5


@dataclass(frozen=True, slots=True)
class PreconditioningFactors:
    """The factors that turn a network's output into an estimate at one noise level.

    The estimate is E[x0 | x] = c_skip x + c_out network(c_in x, c_noise) for x = x0 + sigma noise.

    Attributes:
        c_in: Factor on the noisy image as the network's input.
        c_noise: Condition by which the network knows the noise level.
        c_skip: Factor on the noisy image that is added to the network's output.
        c_out: Factor on the network's output.
    """

    c_in: float
    c_noise: float
    c_skip: float
    c_out: float


def karras_factors(sigma: float) -> PreconditioningFactors:
    """Return the preconditioning factors of Karras et al. 2022, table 1, at a noise level."""
    variance = sigma**2 + SIGMA_DATA**2
    return PreconditioningFactors(
        c_in=variance**-0.5,
        c_noise=log(sigma) / 4,
        c_skip=SIGMA_DATA**2 / variance,
        c_out=sigma * SIGMA_DATA * variance**-0.5,
    )


def variance_preserving_factors(sigma: float) -> PreconditioningFactors:
    """Return the preconditioning factors of a variance-preserving network at a noise level.

    Such a network predicts the noise in sqrt(abar) x, abar = 1 / (1 + sigma^2). Source: Ho et al.
    2020, eq. 9 and 15.
    """
    return PreconditioningFactors(
        c_in=(1 + sigma**2) ** -0.5, c_noise=fractional_timestep(sigma), c_skip=1.0, c_out=-sigma
    )


def clean_image_factors(sigma: float) -> PreconditioningFactors:
    """Return the preconditioning factors of a network that maps noisy to clean images.

    Such a network takes and returns images in [-0.5, 0.5], half of the network units, and is given
    the noise level in this range.
    """
    return PreconditioningFactors(c_in=0.5, c_noise=sigma / 2, c_skip=0.0, c_out=2.0)
