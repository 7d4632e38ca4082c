"""Priors that the user brought: files in one folder, found again by the name in their header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from ddrm_core.errors import BadPrior, OutputExists, UnreadableFile, UnwritableOutput
from ddrm_core.output import write_atomically
from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.prior.denoiser import PriorInfo
from ddrm_core.prior.sums import check_sum

SUFFIX = ".safetensors"
# What names a file on every system, and is no path.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


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

        Raises:
            UnreadableFile, BadPrior: See `load_prior`; also BadPrior where its name names no file,
                or is the bundled prior's.
            OutputExists: Another prior of that name was imported before.
            UnwritableOutput: The folder does not take it.
        """
        info = describe(path)
        if not _NAME.fullmatch(info.name):
            raise BadPrior(path, f"its name {info.name!r} is not letters, digits, '.', '_', '-'")
        if info.name == self.bundled.stem:
            raise BadPrior(path, f"it is called {info.name!r} as the bundled prior is")
        target = self.folder / f"{info.name}{SUFFIX}"
        if target.exists():
            if describe(target).sha256 == info.sha256:
                return describe(target)
            raise OutputExists(target)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UnwritableOutput(self.folder, error.strerror or str(error)) from error
        try:
            data = path.read_bytes()
        except OSError as error:
            raise UnreadableFile(path, error.strerror or str(error)) from error
        write_atomically(target, data)
        return describe(target)

    def verify(self, name: str) -> tuple[PriorInfo, bool]:
        """A prior checked wholly again, and whether its hash was noted when it was imported.

        Raises:
            ChangedPrior: Its hash is another one now.
            UnreadableFile, BadPrior: See `load_prior`.
        """
        path = self.find(name)
        noted = check_sum(path)
        return describe(path), noted


def describe(path: Path) -> PriorInfo:
    """What a prior says of itself, once all of it has been checked. Raises as `load_prior`."""
    return load_prior(path, torch.device("cpu"), precision=torch.float32).info
