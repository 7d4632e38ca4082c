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

from ddrm_core.errors import BadPrior, OutputExists, UnreadableFile, UnwritableOutput
from ddrm_core.files.atomic_write import written_atomically
from ddrm_core.files.hashing import sha256_of
from ddrm_core.prior.checkpoint import describe, load_prior
from ddrm_core.prior.denoiser import PriorInfo
from ddrm_core.prior.networks.compact import CompactShape
from ddrm_core.prior.networks.config import network_of, shape_from
from ddrm_core.prior.store.checksum_file import SUM_SUFFIX, check_sum, write_sum
from ddrm_core.prior.store.convert_checkpoint import SUFFIXES, convert
from ddrm_core.prior.store.registry import PUBLISHED

SUFFIX = ".safetensors"
_NOT_STATED = "not stated in its file"
_CPU = torch.device("cpu")
# What names a file on every system, and is no path.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class NetworkSize:
    """What kind of network a prior is.

    Attributes:
        attention: Whether it is of the ADM family; else it is a compact one.
        parameters: Their number.
    """

    attention: bool
    parameters: int


@dataclass(frozen=True, slots=True)
class PriorLibrary:
    """The bundled prior and the imported ones.

    Attributes:
        bundled: The file that comes with the program.
        folder: For imported files; made when the first arrives.
    """

    bundled: Path
    folder: Path

    def files(self) -> Sequence[Path]:
        """The bundled prior's file, then the others by name."""
        try:
            imported = sorted(self.folder.glob(f"*{SUFFIX}"))
        except OSError as error:
            raise UnreadableFile(self.folder, error.strerror or str(error)) from error
        return [self.bundled, *imported]

    def find(self, name: str) -> Path:
        """The file of a prior by its name, or `name` as a path where no prior is called so."""
        if name == self.bundled.stem:
            return self.bundled
        file = self.folder / f"{name}{SUFFIX}"
        return file if _NAME.fullmatch(name) and file.is_file() else Path(name)

    def import_file(self, path: Path) -> PriorInfo:
        """Check a prior wholly, and keep a copy under the name in its header.

        A published checkpoint is converted: it has no header, so it is called as the registry says,
        or as its file where that does not know its hash.

        Raises:
            UnreadableFile, BadPrior: See `load_prior` and `convert`; also BadPrior where
                its name names no file, or is the bundled prior's.
            OutputExists: Another prior of that name was imported before.
            UnwritableOutput: The folder does not take it.
        """
        if path.suffix.lower() in SUFFIXES:
            return self._import_published(path)
        info = load_prior(path, _CPU, precision=torch.float32).info
        target = self._place(path, info.name)
        if target.exists():
            here = describe(target)
            if here.sha256 == info.sha256:
                return here
            raise OutputExists(target)
        with written_atomically(target) as part:
            shutil.copyfile(path, part)
        return _noted(describe(target))

    def _import_published(self, path: Path) -> PriorInfo:
        sha256 = sha256_of(path)
        known = next((p for p in PUBLISHED if p.sha256 == sha256), None)
        name = path.stem if known is None else known.name
        target = self._place(path, name)
        if target.exists():
            here = describe(target)
            if here.source_sha256 == sha256:
                return here
            raise OutputExists(target)
        converted = convert(
            path,
            name=name,
            licence=_NOT_STATED if known is None else known.licence,
            training_data=_NOT_STATED if known is None else known.training_data,
        )
        header = converted.header | {"source_sha256": sha256}
        with written_atomically(target) as part:
            try:
                save_file(converted.tensors, part, header)
            except SafetensorError as error:
                raise UnwritableOutput(target, str(error)) from error
            info = load_prior(part, _CPU, precision=torch.float32).info
        return _noted(replace(info, path=target))

    def _place(self, path: Path, name: str) -> Path:
        """Where a prior of this name is kept; the folder is made."""
        if not _NAME.fullmatch(name):
            raise BadPrior(path, f"its name {name!r} is not letters, digits, '.', '_', '-'")
        if name == self.bundled.stem:
            raise BadPrior(path, f"it is called {name!r} as the bundled prior is")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UnwritableOutput.after(self.folder, error) from error
        return self.folder / f"{name}{SUFFIX}"

    def verify(self, name: str) -> tuple[PriorInfo, bool]:
        """A prior checked wholly again, and whether its hash was noted when it was imported.

        Raises:
            ChangedPrior: Its hash is another one now.
            UnreadableFile, BadPrior: See `load_prior`.
        """
        path = self.find(name)
        noted = check_sum(path)
        return load_prior(path, _CPU, precision=torch.float32).info, noted

    def remove(self, name: str) -> None:
        """Delete an imported prior and its noted hash; nothing where no such file is here.

        Raises:
            UnwritableOutput: The system refused.
        """
        file = self.folder / f"{name}{SUFFIX}"
        if not _NAME.fullmatch(name):
            return
        try:
            file.unlink(missing_ok=True)
            file.with_suffix(SUM_SUFFIX).unlink(missing_ok=True)
        except OSError as error:
            raise UnwritableOutput.after(file, error) from error


def network_size(path: Path) -> NetworkSize:
    """Of a prior that was described. Raises UnreadableFile."""
    try:
        with safe_open(str(path), "pt") as file:
            shape = shape_from(file.metadata()["architecture"])
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise UnreadableFile(path, str(error)) from error
    network = network_of(shape)
    count = sum(tensor.numel() for tensor in network.parameters())
    return NetworkSize(not isinstance(shape, CompactShape), count)


def _noted(info: PriorInfo) -> PriorInfo:
    write_sum(info.path, info.sha256)
    return info
