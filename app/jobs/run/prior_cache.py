"""What restoring needs in memory, kept from one run to the next."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.config.paths import cache_folder
from app.config.prior_locations import find_prior
from app.jobs.storage.array_store import Vault
from app.jobs.storage.session_directory import SessionFolder
from ddrm_core.errors import NoRoomForPrior, UnreadableFile

if TYPE_CHECKING:
    from ddrm_core.device.execution_limits import PixelLimits
    from ddrm_core.prior.denoiser import Prior


@dataclass(frozen=True, slots=True)
class Device:
    """A device that is here.

    Attributes:
        name: As `choose_device` knows it.
        model: What it is called by its maker; empty where that says nothing more.
    """

    name: str
    model: str = ""


@dataclass(frozen=True, slots=True)
class _File:
    """A prior's file as it was when it was loaded."""

    path: Path
    size: int
    changed_ns: int


@dataclass(frozen=True, slots=True, eq=False)
class _Loaded:
    """What was asked for, and what that gave."""

    file: _File
    device_name: str
    prior: Prior
    instead: NoRoomForPrior | None


class Engine:
    """The loaded prior, one at a time, for several threads.

    A prior keeps nothing of a run, so that threads restore with one at the same time; who wants a
    prior while another thread loads one waits until that is done. Two threads that want different
    ones have them loaded in turns.

    torch takes seconds to import and the window starts without it, so it is imported here when
    the first of these is called.

    Attributes:
        vault: What a run leaves besides its result is put there.
        limits: How much a run takes on at a time; None for the usual.
    """

    def __init__(
        self, bundled: Path, vault: Vault | None = None, *, limits: PixelLimits | None = None
    ) -> None:
        self._bundled = bundled
        self.vault = vault or Vault(SessionFolder(cache_folder()))
        self.limits = limits
        self._loaded: _Loaded | None = None
        self._lock = threading.RLock()

    def prior(self, device_name: str, name: str | None = None) -> Prior:
        """The prior on that device; the one that was loaded before gives way.

        Args:
            device_name: As `choose_device` wants it; with `auto`, the CPU where it does not fit.
            name: Of the prior, None for the bundled one.

        Raises as `load_where_it_fits` and `find_prior`.
        """
        from ddrm_core.prior.checkpoint import load_where_it_fits

        with self._lock:
            found = self._found(device_name, name)
            if found is None:
                self._loaded = None
                file = self._file(name)
                prior, instead = load_where_it_fits(file.path, device_name)
                found = self._loaded = _Loaded(file, device_name, prior, instead)
            return found.prior

    def has(self, device_name: str, name: str | None) -> bool:
        """Whether `prior` would not have to load it."""
        with self._lock:
            return self._found(device_name, name) is not None

    def instead(self) -> NoRoomForPrior | None:
        """Why the loaded prior is not on the device that `auto` would have taken."""
        with self._lock:
            return None if self._loaded is None else self._loaded.instead

    @property
    def bundled_name(self) -> str:
        """Of the bundled prior."""
        return self._bundled.stem

    def devices(self) -> tuple[Device, ...]:
        """The devices present, for `prior`; imports the engine on the way."""
        import torch

        import ddrm_core.restoration.restore  # noqa: F401

        count = torch.cuda.device_count() if torch.cuda.is_available() else 0
        names = ["cuda"] if count == 1 else [f"cuda:{index}" for index in range(count)]
        cards = [Device(n, torch.cuda.get_device_name(i)) for i, n in enumerate(names)]
        mps = [Device("mps", "Apple GPU")] if torch.backends.mps.is_available() else []
        return (Device("auto"), Device("cpu"), *cards, *mps)

    def _found(self, device_name: str, name: str | None) -> _Loaded | None:
        """What is loaded, where it is what is wanted. Raises as `choose_device` and `_file`."""
        loaded = self._loaded
        if loaded is None:
            return None
        from ddrm_core.device.selection import choose_device

        there = loaded.prior.device == choose_device(device_name)
        same = self._file(name) == loaded.file
        return loaded if same and (there or device_name == loaded.device_name) else None

    def _file(self, name: str | None) -> _File:
        path = self._bundled if name is None else find_prior(name)
        try:
            found = path.stat()
        except OSError as error:
            raise UnreadableFile(path, error.strerror or str(error)) from error
        return _File(path, found.st_size, found.st_mtime_ns)
