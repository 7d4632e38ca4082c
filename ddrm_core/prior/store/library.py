"""Priors that the user brought: files in one folder, found again by the name in their header."""

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
from ddrm_core.prior.architectures.registry import create_meta_network, parse_architecture
from ddrm_core.prior.checkpoint import load_prior, read_prior_info
from ddrm_core.prior.denoiser import PriorInfo
from ddrm_core.prior.reasons import PriorDefect
from ddrm_core.prior.store.checksum_file import CHECKSUM_SUFFIX, verify_checksum, write_checksum
from ddrm_core.prior.store.convert_checkpoint import CHECKPOINT_SUFFIXES, convert_checkpoint
from ddrm_core.prior.store.registry import PUBLISHED_PRIORS

PRIOR_SUFFIX = ".safetensors"
_NOT_STATED = tr_noop("not stated in its file")
_CPU = torch.device("cpu")
# What names a file on every system, and is no path.
_NAME_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class NetworkSummary:
    """What kind of network a prior is.

    Attributes:
        architecture: Name of the architecture.
        parameter_count: Their number.
    """

    architecture: str
    parameter_count: int


@dataclass(frozen=True, slots=True)
class PriorLibrary:
    """The bundled prior and the imported ones.

    Attributes:
        bundled_path: The file that comes with the program.
        folder: For imported files; made when the first arrives.
    """

    bundled_path: Path
    folder: Path

    def list_files(self) -> Sequence[Path]:
        """The bundled prior's file, then the others by name."""
        with reading(self.folder):
            imported = sorted(self.folder.glob(f"*{PRIOR_SUFFIX}"))
        return [self.bundled_path, *imported]

    def find_file(self, name: str) -> Path:
        """The file of a prior by its name, or `name` as a path where no prior is called so."""
        if name == self.bundled_path.stem:
            return self.bundled_path
        file = self.folder / f"{name}{PRIOR_SUFFIX}"
        return file if _NAME_PATTERN.fullmatch(name) and file.is_file() else Path(name)

    def import_file(self, path: Path) -> PriorInfo:
        """Check a prior wholly, and keep a copy under the name in its header.

        A published checkpoint is converted: it has no header, so it is called as the registry says,
        or as its file where that does not know its hash.

        Raises:
            UnreadableFile, BadPrior: See `load_prior` and `convert_checkpoint`; also BadPrior
                where its name names no file, or is the bundled prior's.
            OutputExists: Another prior of that name was imported before.
            UnwritableOutput: The folder does not take it.
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
        published = next(
            (candidate for candidate in PUBLISHED_PRIORS if candidate.sha256 == sha256), None
        )
        name = path.stem if published is None else published.name
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
        """Where a prior of this name is kept; the folder is made."""
        if not _NAME_PATTERN.fullmatch(name):
            raise InvalidPrior(path, Message(PriorDefect.NAME, {"name": name}))
        if name == self.bundled_path.stem:
            raise InvalidPrior(path, Message(PriorDefect.NAME_OF_BUNDLED, {"name": name}))
        with writing(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder / f"{name}{PRIOR_SUFFIX}"

    def verify(self, name: str) -> tuple[PriorInfo, bool]:
        """A prior checked wholly again, and whether its hash was noted when it was imported.

        Raises:
            ChangedPrior: Its hash is another one now.
            UnreadableFile, BadPrior: See `load_prior`.
        """
        path = self.find_file(name)
        has_checksum = verify_checksum(path)
        return load_prior(path, _CPU, precision=torch.float32).info, has_checksum

    def remove(self, name: str) -> None:
        """Delete an imported prior and its noted hash; nothing where no such file is here.

        Raises:
            UnwritableOutput: The system refused.
        """
        file = self.folder / f"{name}{PRIOR_SUFFIX}"
        if not _NAME_PATTERN.fullmatch(name):
            return
        with writing(file):
            file.unlink(missing_ok=True)
            file.with_suffix(CHECKSUM_SUFFIX).unlink(missing_ok=True)


def read_network_summary(path: Path) -> NetworkSummary:
    """Return the summary of a prior that was described. Raises UnreadableFile."""
    try:
        with safe_open(str(path), "pt") as file:
            architecture, config = parse_architecture(file.metadata()["architecture"], path)
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise UnreadableFile(path, describe_failure(error)) from error
    network = create_meta_network(architecture.network_class, config)
    count = sum(tensor.numel() for tensor in network.parameters())
    return NetworkSummary(architecture.name, count)


def _store_checksum(info: PriorInfo) -> PriorInfo:
    write_checksum(info.path, info.sha256)
    return info
