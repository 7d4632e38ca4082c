"""The training loss, in which every noise level has the same weight."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.func import functional_call

from ddrm_core.cancel import CancelToken
from ddrm_core.prior.architectures.compact import CompactNetwork
from ddrm_core.prior.architectures.preconditioning import SIGMA_DATA


def preconditioned_loss(
    network: CompactNetwork,
    noisy: Float[Tensor, "b 3 h w"],
    target: Float[Tensor, "b 3 h w"],
    sigma: Float[Tensor, " b"],
    *,
    precision: torch.dtype,
) -> Float[Tensor, ""]:
    """Return the mean square error of the network's raw output F, before preconditioning.

    The estimate is D = c_skip x + c_out F, so this loss weighs the squared error of D by
    1 / c_out^2. An untrained network has a loss of about 1 at every sigma. Source: Karras et al.
    2022, eq. 8.

    Args:
        network: Network with float32 weights.
        noisy: Patches in [-1, 1] plus sigma times unit noise.
        target: Images that the estimates should be, e.g. the clean patches.
        sigma: Noise level of each patch in network units.
        precision: Precision of the convolutions.
    """
    s = sigma[:, None, None, None]
    variance = s**2 + SIGMA_DATA**2
    scaled = (noisy * variance.rsqrt()).to(precision).contiguous(memory_format=torch.channels_last)
    poll = CancelToken().raise_if_cancelled  # an iteration is not cancelled
    raw: Tensor = functional_call(
        network, _cast_parameters(network, precision), (scaled, sigma.log() / 4, poll)
    )
    skipped = noisy * (SIGMA_DATA**2 / variance)
    raw_target = (target - skipped) * (variance.sqrt() / (s * SIGMA_DATA))
    loss: Tensor = (raw.float() - raw_target).square().mean()
    return loss


def _cast_parameters(network: CompactNetwork, precision: torch.dtype) -> dict[str, Tensor]:
    """Return the parameters of the network's convolutions by name, cast to `precision`.

    Gradients flow back to the float32 parameters. Unlike with autocast, the noise embedding stays
    in float32, as in inference by `to_precision`.
    """
    return {
        f"{module_name}.{name}": weight.to(precision)
        for module_name, module in network.named_modules()
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d)
        for name, weight in module.named_parameters()
    }
