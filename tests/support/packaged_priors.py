"""Installed distributions with files of weights, made by tests."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import torch
from torch import Tensor

from ddrm_core.prior.architectures.ffdnet import FFDNET_COLOR_CONFIG, FfdnetNetwork
from ddrm_core.prior.store.packaged import FFDNET_COLOR, PackagedPrior


def random_ffdnet_tensors() -> dict[str, Tensor]:
    """Return the tensors of a color FFDNet with random weights, always the same."""
    rng = torch.Generator().manual_seed(0)
    shapes = {name: t.shape for name, t in FfdnetNetwork(FFDNET_COLOR_CONFIG).state_dict().items()}
    return {name: torch.randn(shape, generator=rng) / 40 for name, shape in shapes.items()}


def install_distribution(folder: Path, content: bytes | None) -> str:
    """Create the metadata of FFDNet's distribution in a folder, and its file unless it is None.

    Returns:
        The folder as an entry of a search path.
    """
    information = folder / f"{FFDNET_COLOR.distribution}-{FFDNET_COLOR.version}.dist-info"
    information.mkdir(parents=True)
    text = f"Metadata-Version: 2.1\nName: {FFDNET_COLOR.distribution}\nVersion: 1.1.1\n"
    (information / "METADATA").write_text(text)
    file = folder / FFDNET_COLOR.file_name
    if content is not None:
        file.parent.mkdir()
        file.write_bytes(content)
    return str(folder)


def describe_file(path: Path) -> PackagedPrior:
    """Return the description of FFDNet with the SHA-256 of another file."""
    return replace(FFDNET_COLOR, sha256=sha256(path.read_bytes()).hexdigest())
