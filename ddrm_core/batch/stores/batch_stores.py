"""The object stores of a batch, and what a batch opens in them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ddrm_core.batch.manifest.driver import BatchDriver
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.object_path import ObjectPath
from ddrm_core.batch.source_access import FILE_SYSTEM, SourceAccess
from ddrm_core.batch.stores.address import StoreAddress
from ddrm_core.batch.stores.object_sources import ObjectSources
from ddrm_core.batch.stores.object_store import ObjectStore
from ddrm_core.batch.stores.store_lines import StoreLines
from ddrm_core.batch.stores.store_storage import StoreStorage


@dataclass(frozen=True, slots=True)
class BatchStores:
    """The object stores of a batch.

    Attributes:
        sources: Folder of the images in a store, None for a folder of the file system.
        results: Folder of the results in a store, None for a folder of the file system.
    """

    sources: StoreAddress | None = None
    results: StoreAddress | None = None

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
            lines=StoreLines(store),
        )

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
