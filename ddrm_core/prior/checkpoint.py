"""Files of priors: safetensors with a header that describes the network.

Safetensors hold tensors only, so that reading a file never runs code.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from ddrm_core.device.selection import choose_device
from ddrm_core.errors import InsufficientMemory, InvalidPrior, UnreadableFile
from ddrm_core.files.hashing import compute_file_sha256
from ddrm_core.messages import Message
from ddrm_core.os_errors import describe_failure, reading
from ddrm_core.prior.architectures.architecture import Architecture, Network, NetworkConfig
from ddrm_core.prior.architectures.registry import (
    ARCHITECTURES,
    create_meta_network,
    encode_architecture,
    parse_architecture,
)
from ddrm_core.prior.denoiser import Prior, PriorInfo
from ddrm_core.prior.memory_check import check_memory
from ddrm_core.prior.reasons import PriorDefect

PRIOR_FORMAT = "ddrm-restore prior 1"
VALUE_RANGE = "RGB in [-1, 1]"
_REQUIRED_KEYS = (
    "name",
    "architecture",
    "range",
    "sigma",
    "size_multiple",
    "licence",
    "training_data",
)
_BAND_ERROR_TENSORS = ("band_error", "band_error_sigma")

TensorShapes = Mapping[str, tuple[int, ...]]


def load_prior(path: Path, device: torch.device, *, precision: torch.dtype | None = None) -> Prior:
    """Read a prior's file, check its tensors against its header and move it to `device`.

    Args:
        path: Path of a safetensors file.
        device: Device on which the prior will run.
        precision: Precision of the convolutions; None for the best one on the device.

    Raises:
        UnreadableFile: If the system cannot read the file.
        UnknownPlugin: If the architecture in the header is not registered.
        InvalidPrior: If the header is incomplete, or if header and tensors disagree.
        InsufficientMemory: If the device has too little free memory for the prior.
    """
    info, network = _read_description(path)
    precision = precision or network.choose_precision(device)
    check_memory(info.name, network, device, precision)
    tensors = _read_prior_tensors(path, set(network.state_dict()))
    return create_prior(info, network, tensors, device, precision)


def create_prior(
    info: PriorInfo,
    network: Network,
    tensors: Mapping[str, Tensor],
    device: torch.device,
    precision: torch.dtype,
) -> Prior:
    """Create a prior from a network's tensors.

    Args:
        info: Description of the prior.
        network: Network on the meta device; the prior takes ownership.
        tensors: Tensors of the network by name, already checked by `check_tensors`.
        device: Device of the prior.
        precision: Precision of the convolutions.

    Raises:
        InvalidPrior: If a weight is not a finite floating-point number.
    """
    if not all(t.is_floating_point() for t in tensors.values()):
        raise InvalidPrior(info.path, PriorDefect.NOT_FLOATING_POINT)
    weights = {name: t.float() for name, t in tensors.items()}
    if not all(bool(t.isfinite().all()) for t in weights.values()):
        raise InvalidPrior(info.path, PriorDefect.WEIGHTS)
    network.load_state_dict(weights, assign=True)
    network.eval().requires_grad_(False)
    network.to_precision(precision)
    return Prior(info, device, precision, network.to(device))


def load_with_cpu_fallback(
    load: Callable[[torch.device], Prior], device_name: str
) -> tuple[Prior, InsufficientMemory | None]:
    """Load a prior on the device with a name, or on the CPU as a fallback for `auto`.

    The CPU is used if the prior does not fit into the memory of the device that `auto` selects.

    Args:
        load: Function that loads the prior on a device.
        device_name: Name of the device.

    Returns:
        Prior and, if it was loaded on the CPU as a fallback, the reason.

    Raises:
        UnknownDevice: If this machine has no such device.
        UnreadableFile, InvalidPrior, InsufficientMemory: See `load_prior`; also all other errors of
            `load`.
    """
    device = choose_device(device_name)
    try:
        return load(device), None
    except InsufficientMemory as error:
        if device_name != "auto" or device.type == "cpu":
            raise
        return load(torch.device("cpu")), error


def load_prior_with_fallback(
    path: Path, device_name: str
) -> tuple[Prior, InsufficientMemory | None]:
    """Load a prior's file with `load_prior`, see `load_with_cpu_fallback`."""
    return load_with_cpu_fallback(partial(load_prior, path), device_name)


def read_prior_info(path: Path) -> PriorInfo:
    """Read the description of a prior from its file, without the values of the weights.

    Header, names and shapes of the tensors are checked. Raises the errors of `load_prior`, except
    InsufficientMemory.
    """
    return _read_description(path)[0]


def _read_description(path: Path) -> tuple[PriorInfo, Network]:
    header, shapes = _read_header(path)
    missing_keys = [key for key in _REQUIRED_KEYS if key not in header]
    if header.get("format") != PRIOR_FORMAT or missing_keys:
        facts = {"format": PRIOR_FORMAT}
        if not missing_keys:
            raise InvalidPrior(path, Message(PriorDefect.OTHER_FORMAT, facts))
        facts["keys"] = ", ".join(missing_keys)
        raise InvalidPrior(path, Message(PriorDefect.INCOMPLETE_HEADER, facts))
    try:
        architecture, config = parse_architecture(header["architecture"], path)
        low, high = (float(number) for number in header["sigma"].split(" to "))
        size_multiple = int(header["size_multiple"])
        resolution = int(header["resolution"]) if "resolution" in header else None
        validation_psnr = parse_validation_psnr(header.get("validation_psnr", "{}"))
    except ValueError as error:
        raise InvalidPrior(path, Message(PriorDefect.HEADER, {"problem": str(error)})) from error
    if size_multiple != config.size_multiple or header["range"] != VALUE_RANGE:
        raise InvalidPrior(path, PriorDefect.SIZE_OR_RANGE)
    if not 0 < low < high < float("inf"):
        raise InvalidPrior(path, PriorDefect.NOISE_LEVELS)
    weight_shapes = {name: size for name, size in shapes.items() if name not in _BAND_ERROR_TENSORS}
    network = create_meta_network(architecture.network_class, config)
    check_tensors(path, network, weight_shapes)
    info = PriorInfo(
        name=header["name"],
        path=path,
        sha256=compute_file_sha256(path),
        license=header["licence"],
        training_data=header["training_data"],
        sigma_range=(low, high),
        size_multiple=size_multiple,
        band_error=None,
        band_error_sigma=None,
        training_resolution=resolution,
        source_sha256=header.get("source_sha256"),
        architecture=architecture.name,
        architecture_origin=ARCHITECTURES.format_origin(architecture.name),
        validation_psnr=validation_psnr,
    )
    if architecture.requires_resolution and (resolution is None or resolution % size_multiple):
        raise InvalidPrior(path, PriorDefect.RESOLUTION)
    if architecture.requires_band_errors or any(name in shapes for name in _BAND_ERROR_TENSORS):
        band_error, band_error_sigma = _read_band_errors(path, shapes)
        info = replace(info, band_error=band_error, band_error_sigma=band_error_sigma)
    return info, network


def parse_validation_psnr(text: str) -> dict[int, float]:
    """Return the PSNR in dB by noise in gray levels that a JSON object of a header states.

    Raise ValueError if the text is no such object.
    """
    try:
        return {int(level): float(psnr) for level, psnr in json.loads(text).items()}
    except (TypeError, AttributeError) as error:
        raise ValueError(str(error)) from error


def build_prior_header(
    architecture: Architecture,
    config: NetworkConfig,
    *,
    name: str,
    sigma_range: tuple[float, float],
    weights_license: str,
    training_data: str,
    training_resolution: int | None = None,
) -> dict[str, str]:
    """Return the safetensors header of a prior's file, all values as text.

    Args:
        architecture: Architecture of the network.
        config: Config of the network.
        name: Name of the prior.
        sigma_range: Noise levels of the training, network units.
        weights_license: License of the weights.
        training_data: Description of the training data.
        training_resolution: Side of the training images, None for a network of all sizes.
    """
    header = {
        "format": PRIOR_FORMAT,
        "name": name,
        "architecture": encode_architecture(architecture, config),
        "range": VALUE_RANGE,
        "sigma": "{:.6g} to {:.6g}".format(*sigma_range),
        "size_multiple": str(config.size_multiple),
        "licence": weights_license,
        "training_data": training_data,
    }
    if training_resolution is not None:
        header["resolution"] = str(training_resolution)
    return header


def _read_band_errors(path: Path, shapes: TensorShapes) -> tuple[Tensor, Tensor]:
    sigma_shape = shapes.get("band_error_sigma", ())
    if (
        len(sigma_shape) != 1
        or sigma_shape[0] < 2
        or shapes.get("band_error") != (*sigma_shape, 3, 64)
    ):
        raise InvalidPrior(path, PriorDefect.NO_BAND_ERRORS)
    tensors = _read_prior_tensors(path, set(_BAND_ERROR_TENSORS))
    if not all(t.is_floating_point() for t in tensors.values()):
        raise InvalidPrior(path, PriorDefect.NOT_FLOATING_POINT)
    band_error, sigma = tensors["band_error"].float(), tensors["band_error_sigma"].float()
    is_usable = band_error.isfinite().all() and (band_error >= 0).all()
    is_ascending = sigma.isfinite().all() and sigma[0] > 0 and (sigma.diff() > 0).all()
    if not (is_usable and is_ascending):
        raise InvalidPrior(path, PriorDefect.BAND_ERROR_VALUES)
    return band_error, sigma


def check_tensors(path: Path, network: Network, tensor_shapes: TensorShapes) -> None:
    """Raise InvalidPrior unless a file has exactly the network's tensors, by name and shape.

    Args:
        path: File of the tensors, for the error.
        network: Network whose tensors are expected.
        tensor_shapes: Shapes of the file's tensors by name.
    """
    expected_shapes = {name: tuple(t.shape) for name, t in network.state_dict().items()}
    missing, unexpected = (
        sorted(expected_shapes.keys() - tensor_shapes.keys()),
        sorted(tensor_shapes.keys() - expected_shapes.keys()),
    )
    mismatched = sorted(
        name
        for name in expected_shapes.keys() & tensor_shapes.keys()
        if expected_shapes[name] != tensor_shapes[name]
    )
    for names, one, several in (
        (missing, PriorDefect.LACKS_TENSOR, PriorDefect.LACKS_TENSORS),
        (unexpected, PriorDefect.UNEXPECTED_TENSOR, PriorDefect.UNEXPECTED_TENSORS),
        (mismatched, PriorDefect.MISMATCHED_TENSOR, PriorDefect.MISMATCHED_TENSORS),
    ):
        if len(names) == 1:
            raise InvalidPrior(path, Message(one, {"tensor": names[0]}))
        if names:
            facts = {"tensor": names[0], "count": len(names) - 1}
            raise InvalidPrior(path, Message(several, facts))


def _read_header(path: Path) -> tuple[dict[str, str], TensorShapes]:
    try:
        with reading(path), path.open("rb"), safe_open(str(path), "pt") as file:
            shapes = {name: tuple(file.get_slice(name).get_shape()) for name in file.keys()}  # noqa: SIM118
            return file.metadata() or {}, shapes
    except SafetensorError as error:
        raise InvalidPrior(path, PriorDefect.NOT_SAFETENSORS) from error


def _read_prior_tensors(path: Path, names: set[str]) -> dict[str, Tensor]:
    try:
        with safe_open(str(path), "pt") as file:
            return {name: file.get_tensor(name) for name in names}
    except (OSError, SafetensorError) as error:
        raise UnreadableFile(path, describe_failure(error)) from error
