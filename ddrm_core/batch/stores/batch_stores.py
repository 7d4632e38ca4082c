"""The object stores of a batch, and what a batch opens in them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from ddrm_core.batch.manifest.driver import BatchDriver, find_host_name
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.object_path import ObjectPath
from ddrm_core.batch.source_access import FILE_SYSTEM, SourceAccess
from ddrm_core.batch.stores.address import StoreAddress
from ddrm_core.batch.stores.object_sources import ObjectSources
from ddrm_core.batch.stores.object_store import ObjectStore
from ddrm_core.batch.stores.store_lines import StoreLines
from ddrm_core.batch.stores.store_storage import StoreStorage

_HASH_DIGITS = 16


@dataclass(frozen=True, slots=True)
class BatchStores:
    """The object stores of a batch.

    Attributes:
        sources: Folder of the images in a store, None for a folder of the file system.
        results: Folder of the results in a store, None for a folder of the file system.
        cache_folder: Folder of this machine for the lines of manifests in stores, None for a
            temporary folder.
    """

    sources: StoreAddress | None = None
    results: StoreAddress | None = None
    cache_folder: Path | None = None

    @property
    def has_all_files(self) -> bool:
        """Whether both the sources and the results are in stores."""
        return self.sources is not None and self.results is not None

    def open_manifest(self, folder: Path, driver: BatchDriver | None) -> Manifest:
        """Return the manifest of the results, without a connection.

        Args:
            folder: Folder of the results, or the address of `results` as a path.
            driver: See `Manifest`.

        Raises:
            StoreNotInstalled: If a package for the store is not installed.
        """
        if self.results is None:
            return Manifest(folder, driver, writes_index=True)
        assert isinstance(folder, ObjectPath)
        store = ObjectStore(self.results)
        return Manifest(
            folder,
            driver,
            storage=StoreStorage(store, folder),
            lines=StoreLines(store, cache_folder=self._find_cache_folder(self.results)),
            writes_index=True,
        )

    def _find_cache_folder(self, address: StoreAddress) -> Path | None:
        """Return the folder for the lines of one store, which machines with one home share not."""
        if self.cache_folder is None:
            return None
        name = hashlib.sha256(str(address).encode()).hexdigest()[:_HASH_DIGITS]
        return self.cache_folder / find_host_name() / name

    def open_sources(self, manifest: Manifest) -> SourceAccess:
        """Return the access to the sources of a batch, without a connection.

        Args:
            manifest: Manifest of the results.

        Raises:
            StoreNotInstalled: If a package for the store is not installed.
        """
        if self.sources is None:
            return FILE_SYSTEM
        folder = ObjectPath(str(self.sources))
        return ObjectSources(ObjectStore(self.sources), folder, manifest)


NO_STORES = BatchStores()
"""The stores of a batch whose files are all in the file system."""
