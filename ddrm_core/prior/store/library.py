"""Prior library: imported priors in one folder, found by the names in their headers."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from ddrm_core.errors import InvalidPrior, OutputExists, UnreadableFile, UnwritableOutput
from ddrm_core.files.atomic_write import atomic_writer
from ddrm_core.files.hashing import compute_file_sha256
from ddrm_core.messages import Message, tr_noop
from ddrm_core.os_errors import describe_failure, reading, writing
from ddrm_core.prior.architectures.architecture import Architecture, NetworkConfig
from ddrm_core.prior.architectures.operation_count import count_macs
from ddrm_core.prior.architectures.registry import (
    ARCHITECTURES,
    create_meta_network,
    parse_architecture,
)
from ddrm_core.prior.checkpoint import load_prior, read_prior_info
from ddrm_core.prior.denoiser import Prior, PriorInfo
from ddrm_core.prior.extension import extend_info, extend_prior
from ddrm_core.prior.reasons import PriorDefect
from ddrm_core.prior.store.checksum_file import CHECKSUM_SUFFIX, verify_checksum, write_checksum
from ddrm_core.prior.store.convert_checkpoint import (
    CHECKPOINT_SUFFIXES,
    convert_checkpoint,
)
from ddrm_core.prior.store.load_packaged import (
    find_packaged_network,
    load_packaged_prior,
    read_packaged_info,
)
from ddrm_core.prior.store.packaged import (
    PACKAGED_PRIORS,
    PackagedPrior,
    find_packaged_prior,
)
from ddrm_core.prior.store.registry import PUBLISHED_PRIORS, PublishedPrior

PRIOR_SUFFIX = ".safetensors"
_NOT_STATED = tr_noop("not stated in its file")
_CPU = torch.device("cpu")
# Side in pixels of the image whose operations are counted, unless a prior has one size.
_USUAL_SIDE = 1024
# Valid file names on every system that are no paths.
_NAME_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class NetworkSummary:
    """Architecture and size of a prior's network.

    Attributes:
        architecture: Name of the architecture.
        parameter_count: Number of parameters.
        macs_per_pixel: Multiply-accumulates per pixel in an evaluation of a square image.
    """

    architecture: str
    parameter_count: int
    macs_per_pixel: float


@dataclass(frozen=True, slots=True)
class PriorLibrary:
    """The bundled prior and the folder of imported priors.

    Attributes:
        bundled_path: Path of the bundled prior's file.
        folder: Folder of imported priors, created at the first import.
    """

    bundled_path: Path
    folder: Path

    def list_files(self) -> Sequence[Path]:
        """Return the path of the bundled prior, followed by imported priors sorted by name."""
        with reading(self.folder):
            imported = sorted(self.folder.glob(f"*{PRIOR_SUFFIX}"))
        return [self.bundled_path, *imported]

    def find_file(self, name: str) -> Path:
        """Return the path of the prior with a name; if no prior has it, return `name` as a path."""
        if name == self.bundled_path.stem:
            return self.bundled_path
        file = self.folder / f"{name}{PRIOR_SUFFIX}"
        return file if _NAME_PATTERN.fullmatch(name) and file.is_file() else Path(name)

    def read_info(self, name: str) -> PriorInfo:
        """Read the description of the prior with a name, or of the file at a path.

        A prior that `load` extends is described with its extension. Raises the errors of `load`,
        except InsufficientMemory.
        """
        packaged = find_packaged_prior(name)
        if packaged is not None:
            info = read_packaged_info(packaged)
        else:
            info = read_prior_info(self.find_file(name))
        inner_sigma_range = _find_inner_range(info)
        if inner_sigma_range is None:
            return info
        return extend_info(info, read_prior_info(self.bundled_path), inner_sigma_range)

    def read_summary(self, name: str) -> NetworkSummary:
        """Return architecture and size of the network of a prior whose description was read.

        For an extended prior, these are those of its own network. Raises the errors of `read_info`.
        """
        packaged = find_packaged_prior(name)
        if packaged is not None:
            return read_packaged_summary(packaged)
        return read_network_summary(self.find_file(name))

    def load(
        self, name: str, device: torch.device, *, precision: torch.dtype | None = None
    ) -> Prior:
        """Load the prior with a name, or from the file at a path.

        If its architecture is not used at all noise levels (`Architecture.inner_sigma_range`), the
        prior is extended by the bundled one.

        Args:
            name: Name of a prior, or path of a file.
            device: Device on which the prior will run.
            precision: Precision of the convolutions; None for the best one on the device.

        Raises:
            PackagedPriorUnavailable: See `find_packaged_file`.
            UnreadableFile, UnknownPlugin, InvalidPrior, InsufficientMemory: See `load_prior`.
        """
        packaged = find_packaged_prior(name)
        if packaged is not None:
            prior = load_packaged_prior(packaged, device, precision=precision)
        else:
            prior = load_prior(self.find_file(name), device, precision=precision)
        inner_sigma_range = _find_inner_range(prior.info)
        if inner_sigma_range is None:
            return prior
        bundled = load_prior(self.bundled_path, device, precision=prior.precision)
        return extend_prior(prior, bundled, inner_sigma_range)

    def import_file(self, path: Path) -> PriorInfo:
        """Check a prior's file completely and copy it to the library, named as in its header.

        A checkpoint of a published network is converted to a prior. The name is then that of the
        published prior with the file's checksum, otherwise the stem of the file's name.

        Raises:
            UnreadableFile, InvalidPrior: See `load_prior` and `convert_checkpoint`; also
                InvalidPrior if the name has other characters than letters, digits, ".", "_" and
                "-", or is the bundled prior's.
            OutputExists: If another prior of the name is in the library.
            UnwritableOutput: If the system cannot write to the folder.
        """
        if path.suffix.lower() in CHECKPOINT_SUFFIXES:
            return self._import_checkpoint(path)
        info = load_prior(path, _CPU, precision=torch.float32).info
        target = self._prepare_target(path, info.name)
        if target.exists():
            existing = read_prior_info(target)
            if existing.sha256 == info.sha256:
                return existing
            raise OutputExists(target)
        with atomic_writer(target) as temporary_path:
            shutil.copyfile(path, temporary_path)
        return _store_checksum(read_prior_info(target))

    def _import_checkpoint(self, path: Path) -> PriorInfo:
        sha256 = compute_file_sha256(path)
        known = (*PUBLISHED_PRIORS, *PACKAGED_PRIORS)
        published = next((candidate for candidate in known if candidate.sha256 == sha256), None)
        # The name of a packaged prior stays that of the installed package.
        name = published.name if isinstance(published, PublishedPrior) else path.stem
        target = self._prepare_target(path, name)
        if target.exists():
            existing = read_prior_info(target)
            if existing.source_sha256 == sha256:
                return existing
            raise OutputExists(target)
        converted = convert_checkpoint(
            path,
            name=name,
            weights_license=_NOT_STATED if published is None else published.license,
            training_data=_NOT_STATED if published is None else published.training_data,
        )
        header = converted.header | {"source_sha256": sha256}
        with atomic_writer(target) as temporary_path:
            try:
                save_file(converted.tensors, temporary_path, header)
            except SafetensorError as error:
                raise UnwritableOutput(target, describe_failure(error)) from error
            info = load_prior(temporary_path, _CPU, precision=torch.float32).info
        return _store_checksum(replace(info, path=target))

    def _prepare_target(self, path: Path, name: str) -> Path:
        """Create the library's folder and return the path in it for a prior of this name.

        Raise InvalidPrior about `path` if an imported prior cannot have the name.
        """
        if not _NAME_PATTERN.fullmatch(name):
            raise InvalidPrior(path, Message(PriorDefect.NAME, {"name": name}))
        if name == self.bundled_path.stem:
            raise InvalidPrior(path, Message(PriorDefect.NAME_OF_BUNDLED, {"name": name}))
        if find_packaged_prior(name) is not None:
            raise InvalidPrior(path, Message(PriorDefect.NAME_OF_PACKAGED, {"name": name}))
        with writing(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder / f"{name}{PRIOR_SUFFIX}"

    def verify(self, name: str) -> tuple[PriorInfo, bool]:
        """Check a prior's file completely and compare it with its stored checksum, if any.

        Raises:
            PriorChecksumMismatch: If the file differs from the stored checksum.
            PackagedPriorUnavailable, UnreadableFile, InvalidPrior: See `load`.

        Returns:
            Description of the prior, and whether a checksum was stored.
        """
        # A packaged prior is always compared with the SHA-256 that the program knows.
        has_checksum = find_packaged_prior(name) is not None or verify_checksum(
            self.find_file(name)
        )
        return self.load(name, _CPU, precision=torch.float32).info, has_checksum

    def remove(self, name: str) -> None:
        """Delete an imported prior and its checksum, if they exist.

        Raises:
            UnwritableOutput: If the system cannot delete a file.
        """
        file = self.folder / f"{name}{PRIOR_SUFFIX}"
        if not _NAME_PATTERN.fullmatch(name):
            return
        with writing(file):
            file.unlink(missing_ok=True)
            file.with_suffix(CHECKSUM_SUFFIX).unlink(missing_ok=True)


def read_network_summary(path: Path) -> NetworkSummary:
    """Return architecture and size of a prior's network whose header was read before.

    Raise UnreadableFile if the file can no longer be read.
    """
    try:
        with safe_open(str(path), "pt") as file:
            header = file.metadata()
            architecture, config = parse_architecture(header["architecture"], path)
        side = int(header.get("resolution", _USUAL_SIDE))
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise UnreadableFile(path, describe_failure(error)) from error
    return _summarize_network(architecture, config, side)


def read_packaged_summary(packaged: PackagedPrior) -> NetworkSummary:
    """Return architecture and size of a packaged prior's network.

    The package need not be installed.
    """
    architecture, published = find_packaged_network(packaged)
    return _summarize_network(architecture, published.prior_config, _USUAL_SIDE)


def _summarize_network(
    architecture: Architecture, config: NetworkConfig, side: int
) -> NetworkSummary:
    network = create_meta_network(architecture.network_class, config)
    return NetworkSummary(
        architecture.name,
        sum(tensor.numel() for tensor in network.parameters()),
        count_macs(network, side, side) / side**2,
    )


def _find_inner_range(info: PriorInfo) -> tuple[float, float] | None:
    """Return the noise levels outside of which the bundled prior takes over, None for all."""
    return ARCHITECTURES.get(info.architecture).inner_sigma_range


def _store_checksum(info: PriorInfo) -> PriorInfo:
    write_checksum(info.path, info.sha256)
    return info
