"""The distribution of noise levels in training.

The sampler takes uniform timesteps from its start down to 0, and weak starts are about as frequent
as strong ones. The noise levels are therefore drawn from two distributions:

- Three quarters are at timestep S u, with u uniform in 0 to 1 and the start S log-uniform in 40 to
  300. The presets use such starts between QF 95 and QF 5; the paper's start is 300.
- A quarter is log-uniform over the entire noise range of a prior, so that no noise level is left
  out.
"""

from __future__ import annotations

from math import log

import numpy as np
from jaxtyping import Float64
from numpy.typing import NDArray

from ddrm_core.sampler.schedule import sigma_at

SIGMA_RANGE = (0.008, 1.25)
"""Range of noise levels in network units, also stated in exported priors."""
_START_RANGE = (40.0, 300.0)
_LOG_UNIFORM_SHARE = 0.25  # share of the noise levels


def draw_sigmas(rng: np.random.Generator, count: int) -> Float64[NDArray[np.float64], " count"]:
    """Draw `count` random noise levels for training, in network units, within `SIGMA_RANGE`.

    A quarter is log-uniform; the others are distributed as in the sampler's runs.
    """
    starts = _draw_log_uniform(rng, *_START_RANGE, count)
    timesteps = starts * rng.random(count)
    log_sigma_by_timestep = np.log([sigma_at(t) for t in range(int(_START_RANGE[1]) + 1)])
    sampler_sigmas = np.exp(
        np.interp(timesteps, np.arange(len(log_sigma_by_timestep)), log_sigma_by_timestep)
    )
    log_uniform_sigmas = _draw_log_uniform(rng, *SIGMA_RANGE, count)
    drawn: NDArray[np.float64] = np.where(
        rng.random(count) < _LOG_UNIFORM_SHARE, log_uniform_sigmas, sampler_sigmas
    )
    return drawn.clip(*SIGMA_RANGE)


def _draw_log_uniform(
    rng: np.random.Generator, low: float, high: float, count: int
) -> NDArray[np.float64]:
    return np.exp(rng.uniform(log(low), log(high), count))
