"""The facts of a batch that all its workers share, and a session that restores its files."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch

from ddrm_core.batch.file_tracker import OtherBatchFiles
from ddrm_core.batch.manifest.driver import BatchDriver
from ddrm_core.batch.outcome import FileOutcome
from ddrm_core.batch.output_paths import PlannedFile
from ddrm_core.batch.runner import restore_file
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.batch.stores.batch_stores import NO_STORES, BatchStores
from ddrm_core.batch.workers.reasons import PriorDiffers
from ddrm_core.cancel import CancelToken
from ddrm_core.plugins import PluginRegistry, PluginT
from ddrm_core.prior.architectures.registry import ARCHITECTURES
from ddrm_core.prior.checkpoint import load_with_cpu_fallback
from ddrm_core.prior.store.library import PriorLibrary
from ddrm_core.restoration.step import RunStep
from ddrm_core.sampler.corrections.registry import CORRECTIONS


@dataclass(frozen=True, slots=True)
class InstalledPlugins:
    """The plug-ins of installed packages that the process of the batch has loaded.

    Attributes:
        architectures: Names of architectures.
        corrections: Names of corrections.
    """

    architectures: tuple[str, ...] = ()
    corrections: tuple[str, ...] = ()

    def load(self) -> None:
        """Load the plug-ins in this process; raises the errors of `load_installed`."""
        for name in self.architectures:
            ARCHITECTURES.load_installed(name)
        for name in self.corrections:
            CORRECTIONS.load_installed(name)


@dataclass(frozen=True, slots=True)
class WorkerPrior:
    """The prior of a batch, as each worker loads it.

    Attributes:
        library: Prior library.
        name: Name or file of the prior.
        identity: `PriorInfo.identity`, which must be that of every worker's prior.
    """

    library: PriorLibrary
    name: str
    identity: str


@dataclass(frozen=True, slots=True)
class WorkerSetup:
    """The facts of a batch that all its workers share.

    Attributes:
        prior: Prior of the batch.
        settings: Settings of all files.
        output_folder: Folder of the results and of the manifest.
        driver: Driver of a part of a batch, None for a whole batch; see `Manifest`.
        plugins: Plug-ins to load before the prior.
        stores: Object stores of the sources and of the results.
    """

    prior: WorkerPrior
    settings: BatchSettings
    output_folder: Path
    driver: BatchDriver | None = None
    plugins: InstalledPlugins = InstalledPlugins()
    stores: BatchStores = NO_STORES


class WorkerSession:
    """A loaded prior and an open manifest, with which a worker restores one file after another.

    Attributes:
        fallback_error: Error because of which the prior was loaded on the CPU instead of the
            device of `auto`; None without a fallback.
    """

    def __init__(self, setup: WorkerSetup, device_name: str, thread_count: int) -> None:
        """Load the prior.

        Args:
            setup: Facts of the batch.
            device_name: Device name for `choose_device`.
            thread_count: Number of threads of torch.

        Raises:
            PriorDiffers: If the prior is not that of the batch.
            CoreError: If the prior cannot be loaded, see `load_with_cpu_fallback`.
        """
        torch.set_num_threads(thread_count)
        setup.plugins.load()
        self._settings = setup.settings
        self._manifest = setup.stores.open_manifest(setup.output_folder, setup.driver)
        self._sources = setup.stores.open_sources(self._manifest)
        load = partial(setup.prior.library.load, setup.prior.name)
        self._prior, self.fallback_error = load_with_cpu_fallback(load, device_name)
        if self._prior.info.identity != setup.prior.identity:
            raise PriorDiffers(self._prior.info.path, setup.prior.name)

    def restore(
        self,
        file: PlannedFile,
        other_files: OtherBatchFiles,
        token: CancelToken,
        claim_content: Callable[[str], object] | None = None,
    ) -> Generator[RunStep, None, FileOutcome]:
        """Restore one file as `restore_file` does, yielding every step."""
        return restore_file(
            *(file, self._settings, self._prior, self._manifest, token),
            other_files,
            claim_content,
            self._sources,
        )

    def close(self) -> None:
        """Delete temporary copies, and write what is left for the manifest.

        Raises:
            UnwritableOutput: If the manifest cannot be written.
        """
        self._sources.close()
        self._manifest.flush()


def list_installed_plugins() -> InstalledPlugins:
    """Return the plug-ins of installed packages that this process has loaded."""
    return InstalledPlugins(_list_installed(ARCHITECTURES), _list_installed(CORRECTIONS))


def _list_installed(registry: PluginRegistry[PluginT]) -> tuple[str, ...]:
    identities = {name: registry.identify(name) for name in registry.names()}
    return tuple(name for name, found in identities.items() if found and found.distribution)
