"""A prior: a network, its preconditioning and its description, as a Denoiser."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from ddrm_core.device.out_of_memory import convert_memory_errors
from ddrm_core.prior.architectures.architecture import Network
from ddrm_core.prior.dihedral import IDENTITY, apply_transform, invert_transform
from ddrm_core.tiling.denoiser import TilingRules


@dataclass(frozen=True, slots=True, eq=False)
class PriorInfo:
    """What a prior's file says about itself.

    Attributes:
        name: E.g. "compact".
        path: Its file.
        sha256: Of the file, in hexadecimal.
        license: Of the weights.
        training_data: In words.
        sigma_range: The noise levels it was trained for, network units.
        size_multiple: What both sides of its input must be multiples of.
        band_error: Root mean square error of its estimate: (sigmas, 3 (Y, Cb, Cr), 64), grey
            levels. None where it was never measured.
        band_error_sigma: The sigmas of `band_error`, ascending.
        training_resolution: Side of the pictures it has learnt, None where it has learnt no size.
        source_sha256: Of the checkpoint that it was converted from, None where it was not.
        architecture: Name of the network's architecture, empty for a network without a file.
        architecture_origin: Package or script of an architecture that is not built in, see
            `PluginRegistry.format_origin`.
    """

    name: str
    path: Path
    sha256: str
    license: str
    training_data: str
    sigma_range: tuple[float, float]
    size_multiple: int
    band_error: Tensor | None
    band_error_sigma: Tensor | None
    training_resolution: int | None = None
    source_sha256: str | None = None
    architecture: str = ""
    architecture_origin: str | None = None

    @property
    def identity(self) -> str:
        """All of a prior that decides results: SHA-256 of its file, origin of a plug-in for it."""
        return " ".join(filter(None, (self.sha256, self.architecture_origin)))

    def band_error_at(self, sigma: float) -> Float[Tensor, "3 64"] | None:
        """`band_error` at any sigma: linear over its logarithm, constant outside the range."""
        if self.band_error is None or self.band_error_sigma is None:
            return None
        log_sigmas = self.band_error_sigma.log()
        log_sigma = torch.tensor(sigma).clamp_min(1e-8).log().clamp(log_sigmas[0], log_sigmas[-1])
        upper = int(torch.searchsorted(log_sigmas, log_sigma).clamp(1, len(log_sigmas) - 1))
        weight = (log_sigma - log_sigmas[upper - 1]) / (log_sigmas[upper] - log_sigmas[upper - 1])
        interpolated: Tensor = torch.lerp(
            self.band_error[upper - 1], self.band_error[upper], weight
        )
        return interpolated


@dataclass(frozen=True, slots=True, eq=False)
class Prior:
    """A network ready to run on one device.

    Attributes:
        info: What its file says.
        device: Where it runs.
        precision: Of its convolutions.
    """

    info: PriorInfo
    device: torch.device
    precision: torch.dtype
    network: Network

    @property
    def tiling(self) -> TilingRules:
        """How it may be cut."""
        return self.network.create_tiling_rules(self.info.training_resolution)

    def to_device(self, device: torch.device) -> Prior:
        """The same network on another device, in what that does natively."""
        precision = self.network.choose_precision(device)
        network = copy.deepcopy(self.network).to(device)
        network.to_precision(precision)
        return Prior(self.info, device, precision, network)

    def copy_without_weights(self) -> Prior:
        """The same without its weights, for results that are put away and never sampled again."""
        memo: dict[int, object] = {
            id(tensor): torch.empty_like(tensor, device="meta") for tensor in self.network.buffers()
        }
        for tensor in self.network.parameters():
            meta_tensor = torch.empty_like(tensor, device="meta")
            memo[id(tensor)] = torch.nn.Parameter(meta_tensor, requires_grad=False)
        return replace(self, network=copy.deepcopy(self.network, memo))

    def denoise(
        self,
        x: Float[Tensor, "b 3 h w"],
        sigma: float,
        poll: Callable[[], None],
        transform: int = IDENTITY,
    ) -> Float[Tensor, "b 3 h w"]:
        """E[x0 | x] for pictures of any size; a `protocols.Denoiser` once `poll` is bound.

        Args:
            x: Clean picture in [-1, 1] plus sigma times unit noise.
            sigma: Noise level in network units, above 0.
            poll: Called a few times a second; what it raises ends the evaluation.
            transform: How the network sees the pictures, 0 to 7; see `views`.

        Raises:
            OutOfMemory: The device cannot hold the evaluation.
        """
        height, width = x.shape[2:]
        factors = self.network.compute_factors(sigma)
        scaled = _pad_to_multiple(x * factors.c_in, self.info.size_multiple)
        scaled = apply_transform(scaled.to(self.precision), transform)
        scaled = scaled.contiguous(memory_format=torch.channels_last)
        condition = torch.full((1,), factors.c_noise, device=x.device)
        with convert_memory_errors(self.device, width, height):
            raw = invert_transform(self.network(scaled, condition, poll), transform)[
                :, :3, :height, :width
            ]
        return torch.add(x * factors.c_skip, raw.float(), alpha=factors.c_out)


def _pad_to_multiple(x: Tensor, multiple: int) -> Tensor:
    """`x` reflected on the right and bottom up to a multiple; repeated where too small for that."""
    height, width = x.shape[2:]
    pad_right, pad_bottom = -width % multiple, -height % multiple
    if not pad_right and not pad_bottom:
        return x
    mode = "reflect" if pad_right < width and pad_bottom < height else "replicate"
    return functional.pad(x, (0, pad_right, 0, pad_bottom), mode=mode)
