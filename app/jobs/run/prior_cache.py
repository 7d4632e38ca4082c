"""The prior cache, which keeps the loaded prior from one run to the next."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.config.paths import cache_folder
from app.config.prior_locations import find_installed_prior, load_prior_with_cpu_fallback
from app.jobs.run.compute_limits import ComputeLimits
from app.jobs.storage.array_store import ArrayStore
from app.jobs.storage.temporary_folder import TemporaryFolder
from ddrm_core.errors import InsufficientMemory
from ddrm_core.os_errors import reading
from ddrm_core.prior.store.packaged import find_packaged_prior

if TYPE_CHECKING:
    from ddrm_core.device.execution_limits import PixelLimits
    from ddrm_core.prior.denoiser import Prior


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """A device of this machine.

    Attributes:
        name: Device name for `choose_device`.
        product_name: Product name of the device; empty for `auto` and the CPU.
        unused_accelerator: Maker of a GPU that torch cannot use, so that `auto` stands for the
            CPU; empty for other devices and if there is no such GPU.
    """

    name: str
    product_name: str = ""
    unused_accelerator: str = ""


@dataclass(frozen=True, slots=True)
class _PriorFileVersion:
    """The state of a prior's file, by which a changed file is recognized."""

    path: Path
    size: int
    modified_ns: int


@dataclass(frozen=True, slots=True, eq=False)
class _LoadedPrior:
    """A loaded prior with the device name and the state of the file at the time of loading."""

    file_version: _PriorFileVersion
    requested_device_name: str
    prior: Prior
    fallback_reason: InsufficientMemory | None


class PriorCache:
    """A cache of one loaded prior for all threads.

    Priors are stateless, so several threads may use the same prior at the same time. Loading takes
    a lock. Two threads that alternate between two priors reload a prior at each change.

    torch takes seconds to import and the window starts without it, so the methods below import
    torch when they are called.

    Attributes:
        array_store: Store for the samples, the spread and the recorded estimates of runs.
        pixel_limits: Limits on the pixels of a run that are computed at once; None for the
            default.
        compute_limits: Limits on cores and priority, applied to each thread that loads a prior.
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
        self.compute_limits = ComputeLimits()
        self._loaded: _LoadedPrior | None = None
        self._lock = threading.RLock()

    def load(self, device_name: str, prior_name: str | None = None) -> Prior:
        """Return the prior on a device; load it in place of the cached prior if necessary.

        Args:
            device_name: Device name for `choose_device`; `auto` falls back to the CPU if the prior
                does not fit into the device's memory.
            prior_name: Name of a packaged or imported prior, None for the bundled prior.

        Raises the errors of `load_prior_with_fallback` and `find_installed_prior`.
        """
        from ddrm_core.prior.checkpoint import load_prior_with_fallback

        self.compute_limits.apply()
        with self._lock:
            loaded = self._find_loaded(device_name, prior_name)
            if loaded is None:
                self._loaded = None
                file_version = self._read_file_version(prior_name)
                if prior_name is None:
                    prior, reason = load_prior_with_fallback(file_version.path, device_name)
                else:
                    prior, reason = load_prior_with_cpu_fallback(prior_name, device_name)
                loaded = self._loaded = _LoadedPrior(file_version, device_name, prior, reason)
            return loaded.prior

    def is_loaded(self, device_name: str, prior_name: str | None) -> bool:
        """Return whether `load` would return the cached prior without loading a file."""
        with self._lock:
            return self._find_loaded(device_name, prior_name) is not None

    def is_small_or_loaded(self, device_name: str, prior_name: str | None) -> bool:
        """Return whether a prior is bundled, packaged or loaded; others may have gigabytes."""
        if prior_name is None or find_packaged_prior(prior_name) is not None:
            return True
        return self.is_loaded(device_name, prior_name)

    def fallback_reason(self) -> InsufficientMemory | None:
        """Return why `auto` loaded the cached prior on the CPU, or None if it did not."""
        with self._lock:
            return None if self._loaded is None else self._loaded.fallback_reason

    @property
    def bundled_prior_name(self) -> str:
        """Name of the bundled prior."""
        return self._bundled_path.stem

    def list_devices(self) -> tuple[DeviceInfo, ...]:
        """Return the devices of this machine that `load` accepts.

        The call also imports torch and the core, so that the first run starts without this delay.
        """
        import torch

        import ddrm_core.restoration.restore  # noqa: F401
        from ddrm_core.device.accelerators import find_unused_accelerator

        count = torch.cuda.device_count() if torch.cuda.is_available() else 0
        names = ["cuda"] if count == 1 else [f"cuda:{index}" for index in range(count)]
        gpus = [DeviceInfo(n, torch.cuda.get_device_name(i)) for i, n in enumerate(names)]
        mps = [DeviceInfo("mps", "Apple GPU")] if torch.backends.mps.is_available() else []
        auto = DeviceInfo("auto", unused_accelerator=find_unused_accelerator() or "")
        return (auto, DeviceInfo("cpu"), *gpus, *mps)

    def _find_loaded(self, device_name: str, prior_name: str | None) -> _LoadedPrior | None:
        """Return the cached prior if it is the requested one on the requested device, else None.

        Raises the errors of `choose_device` and `_read_file_version`.
        """
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
        path = self._bundled_path if prior_name is None else find_installed_prior(prior_name)
        with reading(path):
            status = path.stat()
        return _PriorFileVersion(path, status.st_size, status.st_mtime_ns)
