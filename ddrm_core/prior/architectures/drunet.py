"""DRUNet: a U-Net of bias-free residual blocks that is given the noise level as a map.

Source: Zhang, Li, Zuo, Zhang, Van Gool and Timofte 2021, "Plug-and-Play Image Restoration with Deep
Denoiser Prior", section 3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import torch
from jaxtyping import Float
from torch import Tensor, nn

from ddrm_core.prior.architectures.architecture import (
    Architecture,
    Network,
    NetworkConfig,
    PublishedNetwork,
)
from ddrm_core.prior.architectures.config_values import require_integers
from ddrm_core.prior.architectures.layer_output import LayerOutput, create_layer_output
from ddrm_core.prior.architectures.mirrored_border import mirror_border
from ddrm_core.prior.architectures.preconditioning import (
    PreconditioningFactors,
    clean_image_factors,
)
from ddrm_core.sampler.protocols import GRAY_LEVELS_PER_UNIT
from ddrm_core.tiling.denoiser import TilingRules

# Overlap of the tiles into which the authors' code cuts large images ("refield" in KAIR's
# utils_model.test_mode as DPIR calls it).
HALO_PX = 64
# Mirrored pixels at each edge, so that the convolutions' zero padding is far from the image.
BORDER_PX = 32
# Limits of a config; larger numbers only serve to exhaust memory.
_MAX_LEVELS, _MAX_BLOCKS = 6, 64


@dataclass(frozen=True, slots=True)
class DrunetConfig(NetworkConfig):
    """The hyperparameters of a DRUNet.

    Attributes:
        channels: Channels per resolution level, finest first.
        blocks: Residual blocks per level of the encoder, per level of the decoder, and at the
            coarsest level.
    """

    channels: tuple[int, ...]
    blocks: int

    @property
    def size_multiple(self) -> int:
        """Number of pixels of which both sides of the network's input are multiples.

        Each level but the first halves the resolution.
        """
        return 1 << (len(self.channels) - 1)


DRUNET_COLOR_CONFIG = DrunetConfig(channels=(64, 128, 256, 512), blocks=4)
"""Config of the published network for color images."""


def _parse_config(numbers: Mapping[str, object]) -> DrunetConfig:
    channels = require_integers(numbers["channels"])
    (blocks,) = require_integers([numbers["blocks"]])
    if not 1 <= len(channels) <= _MAX_LEVELS:
        raise ValueError(f"its levels are not 1 to {_MAX_LEVELS}")
    if blocks > _MAX_BLOCKS:
        raise ValueError(f"it has more than {_MAX_BLOCKS} blocks a level")
    return DrunetConfig(channels, blocks)


class DrunetBlock(nn.Module):
    """A residual block: h + conv2(relu(conv1(h)))."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.res = nn.Sequential(
            _create_convolution(channels, channels),
            nn.ReLU(inplace=True),
            _create_convolution(channels, channels),
        )

    def forward(self, h: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        change: Tensor = self.res(h)
        return change.add_(h)


class DrunetNetwork(Network):
    """The network of the architecture `drunet`, which estimates the clean image itself.

    Attribute names are those in published checkpoints.
    """

    config: DrunetConfig
    # The published networks were trained on patches in all eight dihedral transforms.
    is_dihedral_trained = True
    input_precision = torch.float32
    border = BORDER_PX

    def __init__(self, config: DrunetConfig) -> None:
        super().__init__()
        self.config = config
        self.m_head = _create_convolution(4, config.channels[0])
        for level, (fine, coarse) in enumerate(pairwise(config.channels), 1):
            down = nn.Conv2d(fine, coarse, 2, 2, bias=False)
            up = nn.ConvTranspose2d(coarse, fine, 2, 2, bias=False)
            self.add_module(f"m_down{level}", nn.Sequential(*self._create_blocks(fine), down))
            self.add_module(f"m_up{level}", nn.Sequential(up, *self._create_blocks(fine)))
        self.m_body = nn.Sequential(*self._create_blocks(config.channels[-1]))
        self.m_tail = _create_convolution(config.channels[0], 3)

    def _create_blocks(self, channels: int) -> list[DrunetBlock]:
        return [DrunetBlock(channels) for _ in range(self.config.blocks)]

    def forward(
        self,
        x: Float[Tensor, "b 3 h w"],
        noise_level: Float[Tensor, " #b"],
        poll: Callable[[], None],
    ) -> Float[Tensor, "b 3 h w"]:
        """Return the estimates of the clean images, centered at 0.

        Args:
            x: Noisy images in float32, [-0.5, 0.5] without the noise; sides are multiples of the
                config's size multiple.
            noise_level: Noise level in units of `x`, per image or one for all.
            poll: Function called between blocks; an error that it raises ends the evaluation.
        """
        height, width = x.shape[2:]
        estimate = self.evaluate(mirror_border(x, BORDER_PX), noise_level, poll)
        return estimate[:, :, BORDER_PX : BORDER_PX + height, BORDER_PX : BORDER_PX + width]

    def evaluate(
        self,
        x: Float[Tensor, "b 3 h w"],
        noise_level: Float[Tensor, " #b"],
        poll: Callable[[], None],
    ) -> Float[Tensor, "b 3 h w"]:
        """Return the output of the published network, which pads images with zeros.

        Arguments and units are those of `forward`.
        """

        def run_layers(h: Tensor, layers: nn.Module) -> Tensor:
            for layer in layers.children():
                poll()
                h = layer(h)
            return h

        precision = next(self.m_body.parameters()).dtype
        noise_map = noise_level.to(x.dtype)[:, None, None, None].expand(len(x), 1, *x.shape[2:])
        image_and_map = torch.cat([x + 0.5, noise_map], 1)
        image_and_map = image_and_map.contiguous(memory_format=torch.channels_last)
        skips = [self.m_head(image_and_map)]
        for level in self._levels:
            h = run_layers(skips[-1].to(precision), self.get_submodule(f"m_down{level}"))
            skips.append(h)
        h = run_layers(skips[-1].to(precision), self.m_body)
        for level in reversed(self._levels):
            h = run_layers(h.add_(skips.pop()), self.get_submodule(f"m_up{level}"))
        h = h.float().add_(skips.pop())
        estimate: Tensor = self.m_tail(h)
        return estimate.sub_(0.5)

    @property
    def _levels(self) -> range:
        """Numbers of the levels that have a finer and a coarser resolution, finest first."""
        return range(1, len(self.config.channels))

    def compute_factors(self, sigma: float) -> PreconditioningFactors:
        return clean_image_factors(sigma)

    def create_tiling_rules(self, training_resolution: int | None) -> TilingRules:  # noqa: ARG002
        return TilingRules(HALO_PX, self.config.size_multiple)

    def iter_layer_outputs(self, height: int, width: int) -> Iterator[LayerOutput]:
        height, width = height + 2 * BORDER_PX, width + 2 * BORDER_PX
        yield create_layer_output(self.m_head, height, width)
        for level in self._levels:
            *blocks, down = self.get_submodule(f"m_down{level}").children()
            yield from _iter_block_outputs(blocks, height, width)
            height, width = height // 2, width // 2
            yield create_layer_output(down, height, width)
        yield from _iter_block_outputs(self.m_body.children(), height, width)
        for level in reversed(self._levels):
            up, *blocks = self.get_submodule(f"m_up{level}").children()
            height, width = 2 * height, 2 * width
            yield create_layer_output(up, height, width)
            yield from _iter_block_outputs(blocks, height, width)
        yield create_layer_output(self.m_tail, height, width)

    def to_precision(self, dtype: torch.dtype) -> None:
        """Convert the convolutions to `dtype`, except the first and the last one.

        These two take 0.1 % of the operations. The features of the first convolution, which are
        added to the last features, stay in float32, too.
        """
        for module in self.modules():
            if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
                is_outermost = module is self.m_head or module is self.m_tail
                layer_dtype = torch.float32 if is_outermost else dtype
                module.to(layer_dtype, memory_format=torch.channels_last)  # type: ignore[call-overload]


def _create_convolution(inputs: int, outputs: int) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)


def _iter_block_outputs(
    blocks: Iterable[nn.Module], height: int, width: int
) -> Iterator[LayerOutput]:
    for block in blocks:
        assert isinstance(block, DrunetBlock)
        for convolution in (block.res[0], block.res[2]):
            yield create_layer_output(convolution, height, width)


# Noise levels of the authors' training, in gray levels (section 3.2). Their range starts at zero,
# which a prior's range does not include: the lower end is that of the bundled prior.
_TRAINED_GRAY_LEVELS = (1.0, 50.0)

DRUNET = Architecture(
    "drunet",
    DrunetNetwork,
    _parse_config,
    published_networks=(
        PublishedNetwork(
            "DRUNet, color",
            DRUNET_COLOR_CONFIG,
            training_resolution=None,
            sigma_range=(
                _TRAINED_GRAY_LEVELS[0] / GRAY_LEVELS_PER_UNIT,
                _TRAINED_GRAY_LEVELS[1] / GRAY_LEVELS_PER_UNIT,
            ),
            prior_config=DRUNET_COLOR_CONFIG,
        ),
    ),
    inner_sigma_range=(0.0, _TRAINED_GRAY_LEVELS[1] / GRAY_LEVELS_PER_UNIT),
)
