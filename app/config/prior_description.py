"""Cost and gain of installed priors, compared with the default and the bundled prior."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.config.prior_locations import find_default_prior

if TYPE_CHECKING:  # loads torch, which --help does not need
    from ddrm_core.prior.denoiser import PriorInfo
    from ddrm_core.prior.store.library import NetworkSummary, PriorLibrary

GAIN_NOISE_LEVEL = 25
"""Standard deviation in gray levels of the noise at which priors are compared."""


@dataclass(frozen=True, slots=True)
class PriorDescription:
    """Description of an installed prior with its cost and gain, compared with other priors.

    Attributes:
        info: Description of the prior.
        network: Size of the network.
        default_name: Name of the default prior.
        relative_cost: Operations per pixel, divided by those of the default prior.
        gain: PSNR of the estimate at noise 25 above that of the bundled prior in dB; None if it was
            not measured for both.
    """

    info: PriorInfo
    network: NetworkSummary
    default_name: str
    relative_cost: float
    gain: float | None


def describe_prior(prior_library: PriorLibrary, name: str) -> PriorDescription:
    """Return the description of an installed prior, compared with other priors.

    Args:
        prior_library: Prior library.
        name: Name of a prior, or path of a file.

    Raises the errors of `PriorLibrary.read_info`.
    """
    info, default_name = prior_library.read_info(name), find_default_prior().name
    network = prior_library.read_summary(name)
    bundled = prior_library.read_info(str(prior_library.bundled_path))
    psnrs = [i.validation_psnr.get(GAIN_NOISE_LEVEL) for i in (info, bundled)]
    default = prior_library.read_summary(default_name)
    return PriorDescription(
        info,
        network,
        default_name,
        network.macs_per_pixel / default.macs_per_pixel,
        None if psnrs[0] is None or psnrs[1] is None else psnrs[0] - psnrs[1],
    )
