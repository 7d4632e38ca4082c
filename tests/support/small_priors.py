"""Small priors with random weights, and a second compact network, written from the docs."""

from __future__ import annotations

import json
import math
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional

CHANNELS, BLOCKS, MIDDLE, EMBEDDING = (8, 12, 16), 1, 1, 8
ARCHITECTURE = {
    "kind": "compact",
    "channels": list(CHANNELS),
    "blocks": BLOCKS,
    "middle": MIDDLE,
    "embedding": EMBEDDING,
    "unshuffle": 2,
}
HEADER = {
    "format": "ddrm-restore prior 1",
    "name": "tiny",
    "architecture": json.dumps(ARCHITECTURE),
    "range": "RGB in [-1, 1]",
    "sigma": "0.008 to 1.25",
    "size_multiple": "8",
    "licence": "CC0",
    "training_data": "none",
}


def random_tensors(seed: int = 0) -> dict[str, Tensor]:
    """Return random values for each tensor of a small prior file, by name."""
    rng = torch.Generator().manual_seed(seed)
    tensors: dict[str, Tensor] = {}

    def add(name: str, *shape: int) -> None:
        fan_in = math.prod(shape[1:])
        tensors[f"{name}.weight"] = torch.randn(shape, generator=rng) / fan_in**0.5
        outputs = shape[1] if name.startswith("up.") else shape[0]
        tensors[f"{name}.bias"] = torch.randn(outputs, generator=rng) * 0.1

    def add_blocks(name: str, channels: int, count: int) -> None:
        for i in range(count):
            add(f"{name}.{i}.conv1", channels, channels, 3, 3)
            add(f"{name}.{i}.conv2", channels, channels, 3, 3)
            add(f"{name}.{i}.modulation", channels, EMBEDDING)

    fine, half, coarse = CHANNELS
    add("noise_embedding.0", EMBEDDING, 1)
    add("noise_embedding.2", EMBEDDING, EMBEDDING)
    add("head", fine, 12, 3, 3)
    add_blocks("encoder.0", fine, BLOCKS)
    add("down.0", half, fine, 2, 2)
    add_blocks("encoder.1", half, BLOCKS)
    add("down.1", coarse, half, 2, 2)
    add_blocks("middle", coarse, MIDDLE)
    add("up.0", coarse, half, 2, 2)
    add_blocks("decoder.0", half, BLOCKS)
    add("up.1", half, fine, 2, 2)
    add_blocks("decoder.1", fine, BLOCKS)
    add("tail", 12, fine, 3, 3)
    tensors["band_error_sigma"] = torch.tensor([0.01, 0.1, 1.0])
    tensors["band_error"] = torch.rand(3, 3, 64, generator=rng) * 5
    return tensors


def write_prior(
    path: Path, *, header: dict[str, str] | None = None, tensors: dict[str, Tensor] | None = None
) -> Path:
    """Write a small prior file; arguments that are None become valid values."""
    save_file(
        random_tensors() if tensors is None else tensors, path, HEADER if header is None else header
    )
    return path


def described_estimate(tensors: dict[str, Tensor], x: Tensor, sigma: float) -> Tensor:
    """Return the estimate of a prior, computed only from the documented file format.

    The sides of the image have to be multiples of 8.

    Args:
        tensors: Tensors of the prior file, by name.
        x: Noisy images in network units.
        sigma: Noise level of the images.
    """

    def linear(name: str, v: Tensor) -> Tensor:
        return v @ tensors[f"{name}.weight"].T + tensors[f"{name}.bias"]

    def conv(name: str, h: Tensor, stride: int = 1, padding: int = 1) -> Tensor:
        weight, bias = tensors[f"{name}.weight"], tensors[f"{name}.bias"]
        return functional.conv2d(h, weight, bias, stride, padding)

    def up(name: str, h: Tensor) -> Tensor:
        weight, bias = tensors[f"{name}.weight"], tensors[f"{name}.bias"]
        return functional.conv_transpose2d(h, weight, bias, stride=2)

    def block(name: str, h: Tensor) -> Tensor:
        gain = 1 + linear(f"{name}.modulation", e)[..., None, None]
        return h + conv(f"{name}.conv2", torch.relu(conv(f"{name}.conv1", h) * gain))

    spread = math.sqrt(sigma**2 + 0.25)
    e = torch.tensor([[math.log(sigma) / 4]])
    e = functional.silu(
        linear("noise_embedding.2", functional.silu(linear("noise_embedding.0", e)))
    )
    h = conv("head", functional.pixel_unshuffle(x / spread, 2))
    skip_fine = h = block("encoder.0.0", h)
    skip_half = h = block("encoder.1.0", conv("down.0", h, 2, 0))
    h = block("middle.0", conv("down.1", h, 2, 0))
    h = block("decoder.0.0", up("up.0", h) + skip_half)
    h = block("decoder.1.0", up("up.1", h) + skip_fine)
    raw = functional.pixel_shuffle(conv("tail", h), 2)
    return x * (0.25 / spread**2) + raw * (sigma * 0.5 / spread)
