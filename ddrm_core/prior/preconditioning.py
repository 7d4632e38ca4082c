"""What a network is shown of a noisy picture, and what its output says of the clean one."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

from ddrm_core.sampler.schedule import fractional_timestep

# Standard deviation of pictures in network units that Karras' factors assume.
SIGMA_DATA = 0.5


@dataclass(frozen=True, slots=True)
class Factors:
    """E[x0 | x] = skip x + out network(shown x, condition), for x = x0 + sigma noise.

    Attributes:
        shown: Of the noisy picture.
        condition: What tells the network the noise level.
        skip: Of the noisy picture, beside the network.
        out: Of the network's output.
    """

    shown: float
    condition: float
    skip: float
    out: float


def karras(sigma: float) -> Factors:
    """Source: Karras et al. 2022, table 1."""
    total = sigma**2 + SIGMA_DATA**2
    return Factors(
        shown=total**-0.5,
        condition=log(sigma) / 4,
        skip=SIGMA_DATA**2 / total,
        out=sigma * SIGMA_DATA * total**-0.5,
    )


def variance_preserving(sigma: float) -> Factors:
    """For a network that finds the noise in sqrt(abar) x. Source: Ho et al. 2020, eq. 9 and 15."""
    return Factors(
        shown=(1 + sigma**2) ** -0.5, condition=fractional_timestep(sigma), skip=1.0, out=-sigma
    )
