"""Tiny networks of the ADM family: the published code's own, and ones with random weights."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from ddrm_core.prior.architectures.adm.config import AdmConfig
from ddrm_core.prior.architectures.adm.network import AdmNetwork
from ddrm_core.prior.architectures.adm.published import ADM
from ddrm_core.prior.architectures.registry import encode_architecture
from tests.support.paths import GOLDEN

VARIANTS = {
    "scaleshift_updown": ("_1", "_2"),
    "plain_newattn": ("",),
}
TINY = AdmConfig(
    channels=32,
    multipliers=(1.0, 2.0),
    blocks=1,
    attention_strides=(2,),
    head_channels=16,
    heads=0,
    scale_shift=True,
    resampling_blocks=True,
    heads_last=False,
    learned_sigma=True,
)
HEADER = {
    "format": "ddrm-restore prior 1",
    "name": "tiny-adm",
    "architecture": encode_architecture(ADM, TINY),
    "range": "RGB in [-1, 1]",
    "sigma": "0.01 to 157",
    "size_multiple": "2",
    "resolution": "32",
    "licence": "CC0",
    "training_data": "none",
}


def shape_of(config: dict[str, object]) -> AdmConfig:
    """Return the configuration of an ADM network from the settings of the authors' code."""
    side, widths = int(config["image_size"]), config["channel_mult"] or "1,1,2,2,4,4"
    by_width = config["num_head_channels"] != -1
    return AdmConfig(
        channels=config["num_channels"],
        multipliers=tuple(float(m) for m in widths.split(",")),
        blocks=config["num_res_blocks"],
        attention_strides=tuple(side // int(r) for r in config["attention_resolutions"].split(",")),
        head_channels=config["num_head_channels"] if by_width else 0,
        heads=0 if by_width else config["num_heads"],
        scale_shift=config["use_scale_shift_norm"],
        resampling_blocks=config["resblock_updown"],
        heads_last=config["use_new_attention_order"],
        learned_sigma=config["learn_sigma"],
    )


def golden_network(variant: str) -> AdmNetwork:
    tensors = {}
    for part in VARIANTS[variant]:
        file = GOLDEN / f"adm_tiny_{variant}{part}.safetensors"
        tensors |= load_file(file)
    with safe_open(file, "pt") as opened:
        config = json.loads(opened.metadata()["config"])
    network = AdmNetwork(shape_of(config))
    network.load_state_dict(tensors)
    return network.eval().requires_grad_(False)


def random_adm(shape: AdmConfig = TINY, seed: int = 0) -> AdmNetwork:
    """Create an ADM network with random weights, so that every weight has an effect."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return AdmNetwork(shape).eval().requires_grad_(False)


def write_adm(path: Path, header: dict[str, str] = HEADER, shape: AdmConfig = TINY) -> Path:
    save_file(random_adm(shape).state_dict(), path, header)
    return path
