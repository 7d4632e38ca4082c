"""Loading of packaged priors: weights in an installed Python package."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open

from ddrm_core.errors import InvalidPrior
from ddrm_core.files.hashing import compute_file_sha256
from ddrm_core.prior.architectures.architecture import Architecture, PublishedNetwork
from ddrm_core.prior.architectures.registry import ARCHITECTURES, create_meta_network
from ddrm_core.prior.checkpoint import create_prior, parse_validation_psnr
from ddrm_core.prior.denoiser import Prior, PriorInfo
from ddrm_core.prior.memory_check import check_memory
from ddrm_core.prior.reasons import PriorDefect
from ddrm_core.prior.store.convert_checkpoint import read_published_tensors
from ddrm_core.prior.store.packaged import PackagedPrior, find_packaged_file


def load_packaged_prior(
    packaged: PackagedPrior, device: torch.device, *, precision: torch.dtype | None = None
) -> Prior:
    """Load a packaged prior with its measurements, without an extension.

    Args:
        packaged: Description of the prior.
        device: Device on which the prior will run.
        precision: Precision of the convolutions; None for the best one on the device.

    Raises:
        PackagedPriorUnavailable: See `find_packaged_file`.
        UnreadableFile, InvalidPrior: See `convert_checkpoint`; also InvalidPrior if a weight is not
            a finite number or the measurements are missing.
        InsufficientMemory: If the device has too little free memory for the prior.
    """
    prior = load_packaged_weights(packaged, device, precision=precision)
    return replace(prior, info=_add_measurements(prior.info, packaged))


def load_packaged_weights(
    packaged: PackagedPrior, device: torch.device, *, precision: torch.dtype | None = None
) -> Prior:
    """Load a packaged prior without its measurements, which may not exist yet.

    Arguments and errors are those of `load_packaged_prior`.
    """
    path = find_packaged_file(packaged)
    architecture, published = find_packaged_network(packaged)
    tensors = read_published_tensors(path, architecture, published)
    info = _create_info(packaged, path, published)
    network = create_meta_network(architecture.network_class, published.prior_config)
    precision = precision or network.choose_precision(device)
    check_memory(info.name, network, device, precision)
    return create_prior(info, network, tensors, device, precision)


def read_packaged_info(packaged: PackagedPrior) -> PriorInfo:
    """Return the description of a packaged prior after all checks but that of the weights' values.

    Raises the errors of `load_packaged_prior`, except InsufficientMemory.
    """
    path = find_packaged_file(packaged)
    architecture, published = find_packaged_network(packaged)
    read_published_tensors(path, architecture, published)
    return _add_measurements(_create_info(packaged, path, published), packaged)


def find_packaged_network(packaged: PackagedPrior) -> tuple[Architecture, PublishedNetwork]:
    """Return the published network whose weights a packaged prior has, with its architecture."""
    architecture = ARCHITECTURES.get(packaged.architecture_name)
    networks = {network.title: network for network in architecture.published_networks}
    return architecture, networks[packaged.network_title]


def _create_info(packaged: PackagedPrior, path: Path, published: PublishedNetwork) -> PriorInfo:
    return PriorInfo(
        name=packaged.name,
        path=path,
        sha256=packaged.sha256,
        license=packaged.license,
        training_data=packaged.training_data,
        sigma_range=published.sigma_range,
        size_multiple=published.prior_config.size_multiple,
        band_error=None,
        band_error_sigma=None,
        source_sha256=packaged.sha256,
        architecture=packaged.architecture_name,
    )


def _add_measurements(info: PriorInfo, packaged: PackagedPrior) -> PriorInfo:
    """Add the measured band errors and the PSNR of a packaged prior.

    Results depend on the measurements, too, so that the SHA-256 becomes that of a text with the
    hashes of both files.
    """
    path = packaged.band_error_path
    try:
        with safe_open(str(path), "pt") as file:
            band_error, band_error_sigma = map(file.get_tensor, ("band_error", "band_error_sigma"))
            validation_psnr = parse_validation_psnr(file.metadata()["validation_psnr"])
    except (OSError, SafetensorError, LookupError, TypeError, ValueError) as error:
        raise InvalidPrior(path, PriorDefect.BAND_ERRORS) from error
    if band_error.shape != (len(band_error_sigma), 3, 64):
        raise InvalidPrior(path, PriorDefect.BAND_ERRORS)
    hashes = (packaged.sha256, compute_file_sha256(path))
    return replace(
        info,
        sha256=hashlib.sha256("\n".join(hashes).encode()).hexdigest(),
        band_error=band_error,
        band_error_sigma=band_error_sigma,
        validation_psnr=validation_psnr,
    )
