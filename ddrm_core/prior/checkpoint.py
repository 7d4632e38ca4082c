"""Priors in files: safetensors with a header that describes them. Weights are data, never code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from ddrm_core.device.selection import choose_device
from ddrm_core.errors import BadPrior, NoRoomForPrior, UnreadableFile
from ddrm_core.files.hashing import sha256_of
from ddrm_core.prior.denoiser import Prior, PriorInfo, precision_of
from ddrm_core.prior.memory_check import check_room
from ddrm_core.prior.networks.compact import CompactShape
from ddrm_core.prior.networks.config import Network, network_of, shape_from

FORMAT = "ddrm-restore prior 1"
RANGE = "RGB in [-1, 1]"
_REQUIRED = ("name", "architecture", "range", "sigma", "size_multiple", "licence", "training_data")
_ERRORS = ("band_error", "band_error_sigma")

Shapes = Mapping[str, tuple[int, ...]]


def load_prior(path: Path, device: torch.device, *, precision: torch.dtype | None = None) -> Prior:
    """Read, check against its own header, and move to `device`.

    Args:
        path: A safetensors file.
        device: Where it will run.
        precision: Of the convolutions; None for what the device does best.

    Raises:
        UnreadableFile: The system did not give the bytes.
        BadPrior: The header is missing something, or header and tensors disagree.
        NoRoomForPrior: The device has too little free memory for it.
    """
    found = _described(path)
    network = found.network
    precision = precision or precision_of(network, device)
    check_room(found.info.name, network, device, precision)
    tensors = _tensors(path, set(network.state_dict()))
    if not all(bool(t.isfinite().all()) for t in tensors.values()):
        raise BadPrior(path, "its weights are not all finite numbers")
    network.load_state_dict({name: t.float() for name, t in tensors.items()}, assign=True)
    network.eval().requires_grad_(False)
    network.to_precision(precision)
    return Prior(found.info, device, precision, network.to(device))


def load_where_it_fits(path: Path, device_name: str) -> tuple[Prior, NoRoomForPrior | None]:
    """`load_prior` on a device by its name; on the CPU where `auto` finds one that is too small.

    Returns:
        The prior, and why it is not on the device that `auto` would have taken.

    Raises:
        UnknownDevice: There is no such device here.
        UnreadableFile, BadPrior, NoRoomForPrior: See `load_prior`.
    """
    device = choose_device(device_name)
    try:
        return load_prior(path, device), None
    except NoRoomForPrior as error:
        if device_name != "auto" or device.type == "cpu":
            raise
        return load_prior(path, torch.device("cpu")), error


def describe(path: Path) -> PriorInfo:
    """What a prior says of itself, checked but for its weights' values. Raises as `load_prior`."""
    return _described(path).info


@dataclass(frozen=True, slots=True, eq=False)
class _Described:
    info: PriorInfo
    network: Network


def _described(path: Path) -> _Described:
    header, shapes = _header(path)
    missing = [key for key in _REQUIRED if key not in header]
    if header.get("format") != FORMAT or missing:
        lacks = f", header lacks {', '.join(missing)}" if missing else ""
        raise BadPrior(path, f"not in the format '{FORMAT}'{lacks}")
    try:
        shape = shape_from(header["architecture"])
        low, high = (float(s) for s in header["sigma"].split(" to "))
        size_multiple = int(header["size_multiple"])
        resolution = int(header["resolution"]) if "resolution" in header else None
    except (ValueError, KeyError, TypeError) as error:
        raise BadPrior(path, f"header cannot be understood: {error}") from error
    if size_multiple != shape.size_multiple or header["range"] != RANGE:
        raise BadPrior(path, "size multiple or range is not what its architecture has")
    if not 0 < low < high < float("inf"):
        raise BadPrior(path, "its noise levels are not a range above 0")
    own = {name: size for name, size in shapes.items() if name not in _ERRORS}
    network = network_of(shape)
    check_tensors(path, network, own)
    info = PriorInfo(
        name=header["name"],
        path=path,
        sha256=sha256_of(path),
        licence=header["licence"],
        training_data=header["training_data"],
        sigma_range=(low, high),
        size_multiple=size_multiple,
        band_error=None,
        band_error_sigma=None,
        resolution=resolution,
        source_sha256=header.get("source_sha256"),
    )
    if isinstance(shape, CompactShape) or any(name in shapes for name in _ERRORS):
        measured, sigmas = _measured_errors(path, shapes)
        info = replace(info, band_error=measured, band_error_sigma=sigmas)
    elif resolution is None or resolution % size_multiple:
        raise BadPrior(path, "the resolution that it has learnt is missing, or not one it can have")
    return _Described(info, network)


def _measured_errors(path: Path, shapes: Shapes) -> tuple[Tensor, Tensor]:
    sigmas = shapes.get("band_error_sigma", ())
    if len(sigmas) != 1 or sigmas[0] < 2 or shapes.get("band_error") != (*sigmas, 3, 64):
        raise BadPrior(path, "its measured band errors are missing")
    tensors = _tensors(path, set(_ERRORS))
    return tensors["band_error"].float(), tensors["band_error_sigma"].float()


def check_tensors(path: Path, network: Network, found: Shapes) -> None:
    """Raises BadPrior unless a file's tensors have the names and shapes of a network's."""
    wanted = {name: tuple(t.shape) for name, t in network.state_dict().items()}
    lacking, others = sorted(wanted.keys() - found.keys()), sorted(found.keys() - wanted.keys())
    unlike = sorted(name for name in wanted.keys() & found.keys() if wanted[name] != found[name])
    for names, what in ((lacking, "lacks"), (others, "has besides"), (unlike, "has otherwise")):
        if names:
            more = f" and {len(names) - 1} more" if len(names) > 1 else ""
            problem = "its tensors are not those of its architecture"
            raise BadPrior(path, f"{problem}: it {what} '{names[0]}'{more}")


def _header(path: Path) -> tuple[dict[str, str], Shapes]:
    try:
        with path.open("rb"), safe_open(str(path), "pt") as file:
            shapes = {name: tuple(file.get_slice(name).get_shape()) for name in file.keys()}  # noqa: SIM118
            return file.metadata() or {}, shapes
    except OSError as error:
        raise UnreadableFile(path, error.strerror or str(error)) from error
    except SafetensorError as error:
        raise BadPrior(path, "not a whole safetensors file") from error


def _tensors(path: Path, names: set[str]) -> dict[str, Tensor]:
    try:
        with safe_open(str(path), "pt") as file:
            return {name: file.get_tensor(name) for name in names}
    except (OSError, SafetensorError) as error:
        raise UnreadableFile(path, str(error)) from error
