"""The prior: a network with its preconditioning and its description, as a denoiser."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from math import lcm
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from ddrm_core.device.out_of_memory import convert_memory_errors
from ddrm_core.prior.architectures.architecture import Network
from ddrm_core.prior.architectures.mirrored_border import mirror_border
from ddrm_core.prior.dihedral import IDENTITY, apply_transform, invert_transform
from ddrm_core.tiling.denoiser import TilingRules

# Mirrored pixels at each edge of the images that an extended prior's second network evaluates. Its
# convolutions pad with zeros, which makes flat colors up to 60 gray levels wrong at the edges.
# Alone, the network is evaluated without them, so that the results of 0.1.0 stay the same.
_OUTER_MARGIN_PX = 32


@dataclass(frozen=True, slots=True, eq=False)
class PriorInfo:
    """Description of a prior from its file.

    Attributes:
        name: Name, e.g. "compact".
        path: Path of the file.
        sha256: SHA-256 of the file, in hexadecimal.
        license: License of the weights.
        training_data: Description of the training data.
        sigma_range: Lowest and highest noise level of the training, network units.
        size_multiple: Number of pixels of which both sides of the network's input are multiples.
        band_error: Root mean square error of the estimate, (sigmas, 3 for Y, Cb and Cr, 64), gray
            levels; None if it was never measured.
        band_error_sigma: Noise levels of `band_error`, ascending.
        training_resolution: Side of the training images; None for a network of all sizes.
        source_sha256: SHA-256 of the checkpoint from which the prior was converted; None without
            one.
        architecture: Name of the network's architecture; empty for a network without a file.
        architecture_origin: Package or script of an architecture that is not built in, as
            `PluginRegistry.format_origin` writes it.
        validation_psnr: Measured PSNR of the estimate in dB by the noise's standard deviation in
            gray levels, as means over held-out photographs; empty if it was never measured.
        inner_sigma_range: Noise levels at which an extended prior's own network is evaluated; None
            for a prior of one network.
        outer: Description of the prior that is evaluated at all other noise levels; None for a
            prior of one network.
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
    validation_psnr: Mapping[int, float] = field(default_factory=dict)
    inner_sigma_range: tuple[float, float] | None = None
    outer: PriorInfo | None = None

    @property
    def identity(self) -> str:
        """Text that identifies the prior: the file's SHA-256 and the origin of a plug-in.

        Priors with the same identity give the same results.
        """
        return " ".join(filter(None, (self.sha256, self.architecture_origin)))

    def band_error_at(self, sigma: float) -> Float[Tensor, "3 64"] | None:
        """Return `band_error` interpolated at a noise level, None if it was never measured.

        The interpolation is linear over ln(sigma) and constant outside the measured range.
        """
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
    """A network, or two networks by noise level, ready to run on one device.

    Attributes:
        info: Description of the prior.
        device: Device of the networks.
        precision: Precision of the convolutions.
        network: The prior's own network.
        outer_network: Network that is evaluated outside `PriorInfo.inner_sigma_range`; None for a
            prior of one network.
    """

    info: PriorInfo
    device: torch.device
    precision: torch.dtype
    network: Network
    outer_network: Network | None = None

    @property
    def networks(self) -> tuple[Network, ...]:
        """All networks of the prior, its own first."""
        return (self.network,) if self.outer_network is None else (self.network, self.outer_network)

    @property
    def is_dihedral_trained(self) -> bool:
        """Whether all networks were trained on images in all eight dihedral transforms."""
        return all(network.is_dihedral_trained for network in self.networks)

    @property
    def tiling(self) -> TilingRules:
        """Rules for cutting images into tiles, valid for all networks."""
        rules = [n.create_tiling_rules(self.info.training_resolution) for n in self.networks]
        if len(rules) == 1:
            return rules[0]
        # `extend_prior` accepts networks of all sizes only, whose tiles are not blended.
        return TilingRules(max(r.halo for r in rules), lcm(*(r.alignment for r in rules)))

    def network_at(self, sigma: float) -> Network:
        """Return the network that is evaluated at a noise level."""
        inner = self.info.inner_sigma_range
        if self.outer_network is None or inner is None or inner[0] <= sigma <= inner[1]:
            return self.network
        return self.outer_network

    def to_device(self, device: torch.device) -> Prior:
        """Return a copy of the prior on `device`, in the best precision for this device."""
        precision = self.network.choose_precision(device)
        networks = [copy.deepcopy(network).to(device) for network in self.networks]
        for network in networks:
            network.to_precision(precision)
        return Prior(self.info, device, precision, *networks)

    def copy_without_weights(self) -> Prior:
        """Return a copy without weights, for archived results that are not sampled again."""
        network, *others = map(_copy_without_weights, self.networks)
        return replace(self, network=network, outer_network=next(iter(others), None))

    def denoise(
        self,
        x: Float[Tensor, "b 3 h w"],
        sigma: float,
        poll: Callable[[], None],
        transform: int = IDENTITY,
    ) -> Float[Tensor, "b 3 h w"]:
        """Return the estimate E[x0 | x] for images of any size.

        With `poll` bound, the method is a `protocols.Denoiser`.

        Args:
            x: Clean images in [-1, 1] plus sigma times unit noise.
            sigma: Noise level in network units, above 0.
            poll: Function called a few times per second; an error that it raises ends the
                evaluation.
            transform: Dihedral transform of the network's input, 0 to 7; see `dihedral`.

        Raises:
            OutOfMemory: If the evaluation does not fit into the device's memory.
        """
        height, width = x.shape[2:]
        network = self.network_at(sigma)
        factors = network.compute_factors(sigma)
        margin = _OUTER_MARGIN_PX if network is self.outer_network else 0
        scaled = mirror_border(x * factors.c_in, margin) if margin else x * factors.c_in
        scaled = _pad_to_multiple(scaled, network.config.size_multiple)
        scaled = scaled.to(network.input_precision or self.precision)
        scaled = apply_transform(scaled, transform)
        scaled = scaled.contiguous(memory_format=torch.channels_last)
        condition = torch.full((1,), factors.c_noise, device=x.device)
        with convert_memory_errors(self.device, width, height):
            raw = invert_transform(network(scaled, condition, poll), transform)[
                :, :3, margin : margin + height, margin : margin + width
            ]
        return torch.add(x * factors.c_skip, raw.float(), alpha=factors.c_out)


def _copy_without_weights(network: Network) -> Network:
    memo: dict[int, object] = {
        id(tensor): torch.empty_like(tensor, device="meta") for tensor in network.buffers()
    }
    for tensor in network.parameters():
        meta_tensor = torch.empty_like(tensor, device="meta")
        memo[id(tensor)] = torch.nn.Parameter(meta_tensor, requires_grad=False)
    return copy.deepcopy(network, memo)


def _pad_to_multiple(x: Tensor, multiple: int) -> Tensor:
    """Return `x` padded on the right and at the bottom until both sides divide by `multiple`.

    Padding is reflected pixels, or repeated edge pixels if the image is too small for a reflection.
    """
    height, width = x.shape[2:]
    pad_right, pad_bottom = -width % multiple, -height % multiple
    if not pad_right and not pad_bottom:
        return x
    mode = "reflect" if pad_right < width and pad_bottom < height else "replicate"
    return functional.pad(x, (0, pad_right, 0, pad_bottom), mode=mode)
