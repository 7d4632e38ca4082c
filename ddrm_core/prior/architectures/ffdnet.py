"""FFDNet for color images: plain 3x3 convolutions on 2x2-unshuffled RGB and a noise map.

Source: Zhang, Zuo and Zhang 2018, "FFDNet: Toward a Fast and Flexible Solution for CNN-Based Image
Denoising", section III.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from ddrm_core.prior.architectures.architecture import (
    Architecture,
    Network,
    NetworkConfig,
    PublishedNetwork,
)
from ddrm_core.prior.architectures.config_values import require_integers
from ddrm_core.prior.architectures.layer_output import LayerOutput, create_layer_output
from ddrm_core.prior.architectures.mirrored_border import mirror_axis
from ddrm_core.prior.architectures.preconditioning import (
    PreconditioningFactors,
    clean_image_factors,
)
from ddrm_core.prior.architectures.rounded_weights import round_convolutions
from ddrm_core.sampler.protocols import GRAY_LEVELS_PER_UNIT
from ddrm_core.tiling.denoiser import TilingRules

_UNSHUFFLE_FACTOR = 2
# Noise levels of the authors' training, in gray levels (section IV.A). Their range starts at zero,
# which a prior's range does not include: the lower end is that of the bundled prior.
_TRAINED_GRAY_LEVELS = (1.0, 75.0)
# The noise level in network units below which restorations of JPEGs are better with the bundled
# prior; docs/SAMPLER.md has the figures.
_LOWEST_INNER_SIGMA = 0.03


@dataclass(frozen=True, slots=True)
class FfdnetConfig(NetworkConfig):
    """The hyperparameters of FFDNet.

    Attributes:
        channels: Channels of all layers but the last.
        convolutions: Number of convolutions, at least 2.
    """

    channels: int
    convolutions: int

    @property
    def size_multiple(self) -> int:
        return _UNSHUFFLE_FACTOR


def _parse_config(numbers: Mapping[str, object]) -> FfdnetConfig:
    (channels,) = require_integers([numbers["channels"]])
    (convolutions,) = require_integers([numbers["convolutions"]], minimum=2)
    return FfdnetConfig(channels, convolutions)


class FfdnetNetwork(Network):
    """The network of Zhang, Zuo and Zhang 2018, which estimates clean images.

    The authors pad every convolution with zeros, which makes flat colors wrong near the edges by up
    to 47 gray levels. Here no convolution is padded. The image is continued by mirrored pixels as
    far as the network sees, so that the edges are treated like the middle. An image that is only a
    few pixels high or wide is continued by its period instead, which gives the same at less cost.

    Attribute names are those of the tensors in the authors' checkpoints.
    """

    config: FfdnetConfig
    is_dihedral_trained = True
    input_precision = torch.float32

    def __init__(self, config: FfdnetConfig) -> None:
        super().__init__()
        self.config = config
        # The first layer sees all mirrored pixels, and the last one none.
        self.border = compute_reach(config) // 2
        image_channels = 3 * _UNSHUFFLE_FACTOR**2
        inner_counts = [config.channels] * (config.convolutions - 1)
        channel_counts = [image_channels + 1, *inner_counts, image_channels]
        layers: list[nn.Module] = []
        for inputs, outputs in pairwise(channel_counts):
            layers += [nn.Conv2d(inputs, outputs, 3), nn.ReLU(inplace=True)]
        self.model = nn.Sequential(*layers[:-1])

    @property
    def _convolutions(self) -> list[nn.Conv2d]:
        return [layer for layer in self.model if isinstance(layer, nn.Conv2d)]

    def forward(
        self, x: Float[Tensor, "b 3 h w"], noise_map: Float[Tensor, " #b"], poll: Callable[[], None]
    ) -> Float[Tensor, "b 3 h w"]:
        """Return the estimate of the clean images, centered at 0.

        Args:
            x: Noisy images in float32, [-0.5, 0.5] without the noise; sides are even.
            noise_map: Noise level per image in units of `x`, or one value for all.
            poll: Function called between layers; an error that it raises ends the evaluation.
        """
        height, width = x.shape[2:]
        periodic_axes = [axis for axis in (2, 3) if is_periodic(self.config, x.shape[axis])]
        h = x + 0.5
        for axis in (2, 3):
            reach = compute_reach(self.config)
            margins = (0, h.shape[axis]) if axis in periodic_axes else (reach, reach)
            h = mirror_axis(h, axis, *margins)
        h = functional.pixel_unshuffle(h, _UNSHUFFLE_FACTOR)
        noise_plane = noise_map.to(h.dtype)[:, None, None, None].expand(len(h), 1, *h.shape[2:])
        h = torch.cat([h, noise_plane], 1).contiguous(memory_format=torch.channels_last)
        for layer in self.model:
            poll()
            if isinstance(layer, nn.Conv2d):
                h = h.to(layer.weight.dtype)
                for axis in periodic_axes:
                    h = torch.cat([h.narrow(axis, -1, 1), h, h.narrow(axis, 0, 1)], axis)
            h = layer(h)
        return functional.pixel_shuffle(h, _UNSHUFFLE_FACTOR)[:, :, :height, :width] - 0.5

    def to_precision(self, dtype: torch.dtype) -> None:
        """Convert the convolutions to `dtype`, except the first and the last.

        These two stay in float32: they work on pixels instead of features, cost four hundredths of
        the time, and bfloat16 would round pixels to half a gray level.
        """
        first, *inner, last = self._convolutions
        for convolution in (first, last):
            convolution.to(torch.float32)
        if inner and torch.finfo(dtype).bits < torch.finfo(inner[0].weight.dtype).bits:
            round_convolutions([*inner, last], dtype)
        for convolution in inner:
            convolution.to(dtype)
        self.model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def compute_factors(self, sigma: float) -> PreconditioningFactors:
        return clean_image_factors(sigma)

    def create_tiling_rules(self, training_resolution: int | None) -> TilingRules:  # noqa: ARG002
        # The halo is the network's reach, so that tiles are exact.
        return TilingRules(compute_reach(self.config), self.config.size_multiple)

    def iter_layer_outputs(self, height: int, width: int) -> Iterator[LayerOutput]:
        reach = self.config.convolutions
        for index, convolution in enumerate(self._convolutions, 1):
            border = 2 * (reach - index)
            rows, columns = (
                size if is_periodic(self.config, size) else size // _UNSHUFFLE_FACTOR + border
                for size in (height, width)
            )
            yield create_layer_output(convolution, rows, columns)


def is_periodic(config: FfdnetConfig, size: int) -> bool:
    """Return whether an axis of `size` pixels is evaluated as one period of the mirrored image.

    A mirrored image repeats after twice its size, and so do all features. For a small image, this
    period has fewer pixels than the image with the mirrored pixels that the network sees.

    Args:
        config: Config of the network.
        size: Height or width of the image in pixels, even.
    """
    mean_added_pixels = 2 * (config.convolutions - 1)
    return size < mean_added_pixels


def compute_reach(config: FfdnetConfig) -> int:
    """Return how many pixels around a pixel the network sees, at most.

    Every 3x3 convolution sees one further pixel of the unshuffled image.
    """
    return _UNSHUFFLE_FACTOR * config.convolutions


FFDNET_COLOR_CONFIG = FfdnetConfig(channels=96, convolutions=12)

FFDNET = Architecture(
    "ffdnet",
    FfdnetNetwork,
    _parse_config,
    published_networks=(
        PublishedNetwork(
            title="FFDNet, color",
            config=FFDNET_COLOR_CONFIG,
            training_resolution=None,
            sigma_range=(
                _TRAINED_GRAY_LEVELS[0] / GRAY_LEVELS_PER_UNIT,
                _TRAINED_GRAY_LEVELS[1] / GRAY_LEVELS_PER_UNIT,
            ),
            prior_config=FFDNET_COLOR_CONFIG,
        ),
    ),
    inner_sigma_range=(_LOWEST_INNER_SIGMA, _TRAINED_GRAY_LEVELS[1] / GRAY_LEVELS_PER_UNIT),
)
