"""Priors in files: safetensors with a header that describes them. Weights are data, never code."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from ddrm_core.errors import BadPrior, UnreadableFile
from ddrm_core.prior.compact import CompactNetwork, CompactShape
from ddrm_core.prior.denoiser import Prior, PriorInfo
from ddrm_core.prior.precision import body_precision

FORMAT = "ddrm-restore prior 1"
_REQUIRED = ("name", "architecture", "range", "sigma", "size_multiple", "licence", "training_data")
_ERRORS = ("band_error", "band_error_sigma")
_MOST = 4096  # of anything in an architecture; more is no prior but a way to fill the memory


def load_prior(path: Path, device: torch.device, *, precision: torch.dtype | None = None) -> Prior:
    """Read, check against its own header, and move to `device`.

    Args:
        path: A safetensors file.
        device: Where it will run.
        precision: Of the convolutions; None for what the device does natively.

    Raises:
        UnreadableFile: The system did not give the bytes.
        BadPrior: The header is missing something, or header and tensors disagree.
    """
    header, tensors = _read(path)
    missing = [key for key in _REQUIRED if key not in header]
    if header.get("format") != FORMAT or missing:
        lacks = f", header lacks {', '.join(missing)}" if missing else ""
        raise BadPrior(path, f"not in the format '{FORMAT}'{lacks}")
    errors = [tensors.pop(name, torch.empty(0)).float() for name in _ERRORS]
    try:
        shape = _shape(header["architecture"])
        low, high = (float(s) for s in header["sigma"].split(" to "))
        size_multiple = int(header["size_multiple"])
    except (ValueError, KeyError, TypeError) as error:
        raise BadPrior(path, f"header cannot be understood: {error}") from error
    if size_multiple != shape.size_multiple or header["range"] != "RGB in [-1, 1]":
        raise BadPrior(path, "size multiple or range is not what its architecture has")
    if errors[0].shape != (len(errors[1]), 3, 64) or len(errors[1]) < 2:
        raise BadPrior(path, "its measured band errors are missing")
    network = CompactNetwork(shape)
    try:
        network.load_state_dict({name: t.float() for name, t in tensors.items()})
    except RuntimeError as error:
        raise BadPrior(path, "its tensors are not those of its architecture") from error
    precision = precision or body_precision(device)
    network.eval().requires_grad_(False).to(device)
    network.to_precision(precision)
    info = PriorInfo(
        name=header["name"],
        path=path,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        licence=header["licence"],
        training_data=header["training_data"],
        sigma_range=(low, high),
        size_multiple=size_multiple,
        band_error=errors[0],
        band_error_sigma=errors[1],
    )
    return Prior(info, device, precision, network)


def _read(path: Path) -> tuple[dict[str, str], dict[str, Tensor]]:
    try:
        with path.open("rb"), safe_open(str(path), "pt") as file:
            return file.metadata() or {}, {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except OSError as error:
        raise UnreadableFile(path, error.strerror or str(error)) from error
    except SafetensorError as error:
        raise BadPrior(path, "not a whole safetensors file") from error


def _shape(architecture: str) -> CompactShape:
    numbers = json.loads(architecture)
    if numbers["kind"] != "compact" or numbers["unshuffle"] != 2:
        raise ValueError(f"architecture {numbers['kind']!r} is not known here")
    channels = tuple(int(c) for c in numbers["channels"])
    counts = [int(numbers[name]) for name in ("blocks", "middle", "embedding")]
    if not all(1 <= n <= _MOST for n in (*channels, *counts)):
        raise ValueError(f"its numbers are not all from 1 to {_MOST}")
    return CompactShape(channels, *counts)
