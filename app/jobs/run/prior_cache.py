"""What restoring needs in memory, kept from one run to the next."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.config.paths import cache_folder
from app.config.prior_locations import find_prior_file
from app.jobs.storage.array_store import ArrayStore
from app.jobs.storage.temporary_folder import TemporaryFolder
from ddrm_core.errors import InsufficientMemory
from ddrm_core.os_errors import reading

if TYPE_CHECKING:
    from ddrm_core.device.execution_limits import PixelLimits
    from ddrm_core.prior.denoiser import Prior


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """A device that is here.

    Attributes:
        name: As `choose_device` knows it.
        product_name: What it is called by its maker; empty where that says nothing more.
    """

    name: str
    product_name: str = ""


@dataclass(frozen=True, slots=True)
class _PriorFileVersion:
    """A prior's file as it was when it was loaded."""

    path: Path
    size: int
    modified_ns: int


@dataclass(frozen=True, slots=True, eq=False)
class _LoadedPrior:
    """What was asked for, and what that gave."""

    file_version: _PriorFileVersion
    requested_device_name: str
    prior: Prior
    fallback_reason: InsufficientMemory | None


class PriorCache:
    """The loaded prior, one at a time, for several threads.

    A prior keeps nothing of a run, so that threads restore with one at the same time; who wants a
    prior while another thread loads one waits until that is done. Two threads that want different
    ones have them loaded in turns.

    torch takes seconds to import and the window starts without it, so it is imported here when
    the first of these is called.

    Attributes:
        array_store: What a run leaves besides its result is put there.
        pixel_limits: How much a run takes on at a time; None for the usual.
    """

    def __init__(
        self,
        bundled_path: Path,
        array_store: ArrayStore | None = None,
        *,
        pixel_limits: PixelLimits | None = None,
    ) -> None:
        self._bundled_path = bundled_path
        self.array_store = array_store or ArrayStore(TemporaryFolder(cache_folder()))
        self.pixel_limits = pixel_limits
        self._loaded: _LoadedPrior | None = None
        self._lock = threading.RLock()

    def load(self, device_name: str, prior_name: str | None = None) -> Prior:
        """The prior on that device; the one that was loaded before gives way.

        Args:
            device_name: As `choose_device` wants it; with `auto`, the CPU where it does not fit.
            prior_name: Of the prior, None for the bundled one.

        Raises as `load_prior_with_fallback` and `find_prior_file`.
        """
        from ddrm_core.prior.checkpoint import load_prior_with_fallback

        with self._lock:
            loaded = self._find_loaded(device_name, prior_name)
            if loaded is None:
                self._loaded = None
                file_version = self._read_file_version(prior_name)
                prior, fallback_reason = load_prior_with_fallback(file_version.path, device_name)
                loaded = self._loaded = _LoadedPrior(
                    file_version, device_name, prior, fallback_reason
                )
            return loaded.prior

    def is_loaded(self, device_name: str, prior_name: str | None) -> bool:
        """Whether `load` would not have to load it."""
        with self._lock:
            return self._find_loaded(device_name, prior_name) is not None

    def fallback_reason(self) -> InsufficientMemory | None:
        """Why the loaded prior is not on the device that `auto` would have taken."""
        with self._lock:
            return None if self._loaded is None else self._loaded.fallback_reason

    @property
    def bundled_prior_name(self) -> str:
        """Of the bundled prior."""
        return self._bundled_path.stem

    def list_devices(self) -> tuple[DeviceInfo, ...]:
        """The devices present, for `load`; imports the engine on the way."""
        import torch

        import ddrm_core.restoration.restore  # noqa: F401

        count = torch.cuda.device_count() if torch.cuda.is_available() else 0
        names = ["cuda"] if count == 1 else [f"cuda:{index}" for index in range(count)]
        gpus = [DeviceInfo(n, torch.cuda.get_device_name(i)) for i, n in enumerate(names)]
        mps = [DeviceInfo("mps", "Apple GPU")] if torch.backends.mps.is_available() else []
        return (DeviceInfo("auto"), DeviceInfo("cpu"), *gpus, *mps)

    def _find_loaded(self, device_name: str, prior_name: str | None) -> _LoadedPrior | None:
        """Return the loaded prior if it fits; errors as `choose_device`, `_read_file_version`."""
        loaded = self._loaded
        if loaded is None:
            return None
        from ddrm_core.device.selection import choose_device

        is_same_device = loaded.prior.device == choose_device(device_name)
        is_same_file = self._read_file_version(prior_name) == loaded.file_version
        return (
            loaded
            if is_same_file and (is_same_device or device_name == loaded.requested_device_name)
            else None
        )

    def _read_file_version(self, prior_name: str | None) -> _PriorFileVersion:
        path = self._bundled_path if prior_name is None else find_prior_file(prior_name)
        with reading(path):
            status = path.stat()
        return _PriorFileVersion(path, status.st_size, status.st_mtime_ns)
