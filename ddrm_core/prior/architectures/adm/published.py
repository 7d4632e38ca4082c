"""Published ADM networks, and the architecture in the registry."""

from __future__ import annotations

from dataclasses import replace

from ddrm_core.prior.architectures.adm.config import AdmConfig, parse_adm_config
from ddrm_core.prior.architectures.adm.network import AdmNetwork
from ddrm_core.prior.architectures.architecture import Architecture, PublishedNetwork, Tensors
from ddrm_core.sampler.schedule import TIMESTEP_COUNT, sigma_at

ADM_256_CONFIG = AdmConfig(
    channels=256,
    multipliers=(1.0, 1.0, 2.0, 2.0, 4.0, 4.0),
    blocks=2,
    attention_strides=(8, 16, 32),
    head_channels=64,
    heads=0,
    scale_shift=True,
    resampling_blocks=True,
    heads_last=False,
    learned_sigma=True,
)
# Dhariwal and Nichol 2021: 1000 classes of ImageNet; 512x512 adds a finer level with half the
# channels.
_CLASS_COUNT = 1000
_ADM_512_CONFIG = replace(
    ADM_256_CONFIG, multipliers=(0.5, 1.0, 1.0, 2.0, 2.0, 4.0, 4.0), attention_strides=(16, 32, 64)
)


def create_published_network(title: str, config: AdmConfig, resolution: int) -> PublishedNetwork:
    """Return the description of a published ADM network and how its checkpoint is converted.

    A class-conditional network becomes an unconditional one by the mean of all class embeddings.

    Args:
        title: Description for messages, e.g. "unconditional, 256x256".
        config: Config of the checkpoint.
        resolution: Side of the training images in pixels.
    """
    return PublishedNetwork(
        title,
        config,
        resolution,
        (sigma_at(0), sigma_at(TIMESTEP_COUNT - 1)),
        replace(config, labels=0),
        _average_classes if config.labels else dict,
        "; told the mean of all classes" if config.labels else "",
    )


def _average_classes(tensors: Tensors) -> Tensors:
    averaged = dict(tensors)
    labels, bias = averaged.pop("label_emb.weight"), averaged["time_embed.2.bias"]
    averaged["time_embed.2.bias"] = (bias.float() + labels.float().mean(0)).to(bias.dtype)
    return averaged


ADM = Architecture(
    "adm",
    AdmNetwork,
    parse_adm_config,
    requires_resolution=True,
    published_networks=tuple(
        create_published_network(f"{kind}, {side}x{side}", replace(config, labels=labels), side)
        for config, side in ((ADM_256_CONFIG, 256), (_ADM_512_CONFIG, 512))
        for kind, labels in (("unconditional", 0), ("class-conditional", _CLASS_COUNT))
    ),
)
