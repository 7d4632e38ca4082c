"""LPIPS: distance in a trained network's features. Source: Zhang et al. 2018, version 0.1.

The networks are defined here. Their weights come from a file of the user. Alternatively, the
package `lpips` provides networks and weights if it is installed.

A weights file is safetensors with the backbone's tensors under `backbone.`, named as torchvision
names those of its `features`, and with the linear heads `lin0`, `lin1`, ... of shape (1, channels,
1, 1). The tensors' shapes determine the backbone.
"""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from jaxtyping import Float
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from ddrm_core.errors import InvalidSetting
from ddrm_core.metrics.psnr import Uint8Pixels
from ddrm_core.os_errors import reading
from ddrm_core.sampler.protocols import GRAY_LEVELS_PER_UNIT

MIN_SIDE_PX = 32
"""Least side in pixels.

After three halvings and AlexNet's large kernels, some features remain.
"""
_ALLOWED_FILE = "a safetensors file with the weights of LPIPS 0.1 for SqueezeNet, AlexNet or VGG16"
# Mean and deviation of ImageNet's channels in network units. Source: LPIPS's ScalingLayer.
_CHANNEL_SHIFT, _CHANNEL_SCALE = (-0.030, -0.088, -0.188), (0.458, 0.448, 0.450)
_EPSILON = 1e-10


class SqueezeNetFire(nn.Module):
    """SqueezeNet's Fire module. Source: Iandola et al. 2016; names are torchvision's."""

    def __init__(self, in_channels: int, squeeze_channels: int, expand_channels: int) -> None:
        super().__init__()
        self.squeeze = nn.Conv2d(in_channels, squeeze_channels, 1)
        self.expand1x1 = nn.Conv2d(squeeze_channels, expand_channels, 1)
        self.expand3x3 = nn.Conv2d(squeeze_channels, expand_channels, 3, padding=1)

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b d h w"]:
        squeezed = self.squeeze(x).relu()
        return torch.cat([self.expand1x1(squeezed).relu(), self.expand3x3(squeezed).relu()], 1)


@dataclass(frozen=True, slots=True)
class _BackboneConfig:
    """The configuration of an LPIPS backbone, the network whose features are compared.

    Attributes:
        build_layers: Function that builds the layers.
        compared_layers: Indices of the layers after which features are compared.
        channels: Number of channels of the features after each compared layer.
    """

    build_layers: Callable[[], nn.Sequential]
    compared_layers: tuple[int, ...]
    channels: tuple[int, ...]


def _build_squeezenet() -> nn.Sequential:
    """Build the feature layers of SqueezeNet 1.1."""

    def build_pool() -> nn.Module:
        return nn.MaxPool2d(3, 2, ceil_mode=True)

    return nn.Sequential(
        nn.Conv2d(3, 64, 3, 2),
        nn.ReLU(),
        build_pool(),
        SqueezeNetFire(64, 16, 64),
        SqueezeNetFire(128, 16, 64),
        build_pool(),
        SqueezeNetFire(128, 32, 128),
        SqueezeNetFire(256, 32, 128),
        build_pool(),
        SqueezeNetFire(256, 48, 192),
        SqueezeNetFire(384, 48, 192),
        SqueezeNetFire(384, 64, 256),
        SqueezeNetFire(512, 64, 256),
    )


def _build_alexnet() -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(3, 64, 11, 4, 2),
        nn.ReLU(),
        nn.MaxPool2d(3, 2),
        nn.Conv2d(64, 192, 5, padding=2),
        nn.ReLU(),
        nn.MaxPool2d(3, 2),
        nn.Conv2d(192, 384, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(384, 256, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(256, 256, 3, padding=1),
        nn.ReLU(),
    )


def _build_vgg16() -> nn.Sequential:
    layers: list[nn.Module] = []
    in_channels = 3
    for count, out_channels in ((2, 64), (2, 128), (3, 256), (3, 512), (3, 512)):
        for _ in range(count):
            layers += [nn.Conv2d(in_channels, out_channels, 3, padding=1), nn.ReLU()]
            in_channels = out_channels
        layers.append(nn.MaxPool2d(2, 2))
    return nn.Sequential(*layers[:-1])


_BACKBONE_CONFIGS = (
    _BackboneConfig(
        _build_squeezenet, (1, 4, 7, 9, 10, 11, 12), (64, 128, 256, 384, 384, 512, 512)
    ),
    _BackboneConfig(_build_alexnet, (1, 4, 7, 9, 11), (64, 192, 384, 256, 256)),
    _BackboneConfig(_build_vgg16, (3, 8, 15, 22, 29), (64, 128, 256, 512, 512)),
)


@dataclass(frozen=True, slots=True, eq=False)
class LpipsMetric:
    """The perceptual distance LPIPS: 0 for equal images, about 1 for unrelated images.

    Attributes:
        weights_id: Identifier of the network's weights, by which evaluations can be compared.
        compute_distance: Function that returns the distance between two RGB images in network
            units.
    """

    weights_id: str
    compute_distance: Callable[[Tensor, Tensor], Tensor]

    @torch.no_grad()
    def __call__(self, result: Uint8Pixels, original: Uint8Pixels) -> float:
        """Return the perceptual distance between two images of equal shape.

        Raises:
            ValueError: If shapes differ or a side is shorter than `MIN_SIDE_PX`.
        """
        if result.shape != original.shape or min(result.shape[:2]) < MIN_SIDE_PX:
            raise ValueError(f"{result.shape} against {original.shape}")
        return float(
            self.compute_distance(
                _pixels_to_network_units(result), _pixels_to_network_units(original)
            )
        )


class _LpipsNetwork(nn.Module):
    def __init__(self, config: _BackboneConfig) -> None:
        super().__init__()
        self.backbone = config.build_layers()
        self.compared_layers = frozenset(config.compared_layers)
        for number, channels in enumerate(config.channels):
            self.register_parameter(f"lin{number}", nn.Parameter(torch.zeros(1, channels, 1, 1)))

    def forward(self, a: Float[Tensor, "1 3 h w"], b: Float[Tensor, "1 3 h w"]) -> Tensor:
        shift, scale = (
            torch.tensor(v).reshape(1, 3, 1, 1) for v in (_CHANNEL_SHIFT, _CHANNEL_SCALE)
        )
        features = (torch.cat([a, b]) - shift) / scale
        total, head = torch.zeros(()), 0
        for number, layer in enumerate(self.backbone):
            features = layer(features)
            if number in self.compared_layers:
                weights = self.get_parameter(f"lin{head}")
                first, second = (features / (features.norm(dim=1, keepdim=True) + _EPSILON)).split(
                    1
                )
                total = total + ((first - second) ** 2 * weights).sum(1).mean()
                head += 1
        return total


def load_lpips(path: Path) -> LpipsMetric:
    """Load LPIPS from a safetensors file with the weights of a backbone and its heads.

    Raises:
        UnreadableFile: If the system refuses to read the file.
        InvalidSetting: If the file is not safetensors, or if its tensors are not exactly those of a
            backbone and its heads.
    """
    tensors = _read_weights(path)
    for config in _BACKBONE_CONFIGS:
        with torch.device("meta"):
            shapes = {k: v.shape for k, v in _LpipsNetwork(config).state_dict().items()}
        if shapes == {name: t.shape for name, t in tensors.items()}:
            break
    else:
        raise InvalidSetting("lpips", path.name, _ALLOWED_FILE)
    network = _LpipsNetwork(config)
    network.load_state_dict({name: t.float() for name, t in tensors.items()})
    network.eval().requires_grad_(False)
    return LpipsMetric(_hash_weights(tensors), network)


def load_packaged_lpips(backbone: str) -> LpipsMetric:
    """Return LPIPS as computed by the Python package `lpips`, which may download weights.

    Args:
        backbone: Backbone name of the package: alex, squeeze or vgg.

    Raises:
        InvalidSetting: If the package is not installed.
    """
    try:
        package = importlib.import_module("lpips")
    except ImportError as error:
        raise InvalidSetting(
            "lpips", backbone, f"{_ALLOWED_FILE}; package lpips is missing"
        ) from error
    network = package.LPIPS(net=backbone, verbose=False).eval()
    return LpipsMetric(f"lpips package, {backbone}", network)


def _read_weights(path: Path) -> dict[str, Tensor]:
    try:
        with reading(path), path.open("rb"), safe_open(str(path), "pt") as file:
            return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except SafetensorError as error:
        raise InvalidSetting("lpips", path.name, _ALLOWED_FILE) from error


def _hash_weights(tensors: Mapping[str, Tensor]) -> str:
    """Return the SHA-256 of the tensors' names and values, independent of the file's layout."""
    digest = hashlib.sha256()
    for name in sorted(tensors):
        digest.update(name.encode() + tensors[name].float().contiguous().numpy().tobytes())
    return digest.hexdigest()


def _pixels_to_network_units(pixels: Uint8Pixels) -> Float[Tensor, "1 3 h w"]:
    x = torch.from_numpy(pixels.copy()).float() / GRAY_LEVELS_PER_UNIT - 1
    return x.expand(1, 3, -1, -1) if pixels.ndim == 2 else x.permute(2, 0, 1)[None]
