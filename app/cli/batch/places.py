"""The places of the images and results of a batch: folders, or addresses of object stores."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app import COMMAND
from app.config.paths import cache_folder
from ddrm_core.batch.object_path import ObjectPath
from ddrm_core.batch.stores.address import StoreAddress, is_store_address, parse_store_address
from ddrm_core.batch.stores.batch_stores import BatchStores
from ddrm_core.errors import InvalidSetting

_CACHE_NAME = "manifests"


@dataclass(frozen=True, slots=True)
class BatchPlace:
    """The place of the images or of the results of a batch.

    Attributes:
        path: Path of the folder, or the address as an `ObjectPath`.
        address: Address of a folder in an object store, None for a folder of the file system.
    """

    path: Path
    address: StoreAddress | None

    def check_no_file(self, argument: str) -> None:
        """Raise InvalidSetting if the place is a file, and say which command restores a file."""
        if self.address is None and self.path.is_file():
            allowed = f"a folder; `{COMMAND} restore IMAGE` restores an image"
            raise InvalidSetting(argument, self.path, allowed)

    def require_folder(self, option: str) -> Path:
        """Return the path of a folder of the file system, which an option needs.

        Raises:
            InvalidSetting: If the place is in an object store.
        """
        if self.address is not None:
            raise InvalidSetting(option, self.address, "a folder of this machine")
        return self.path


def parse_place(text: str) -> BatchPlace:
    """Return the place that a text on the command line stands for.

    Raises:
        InvalidStoreAddress: If the text has the form of an address and cannot be used.
    """
    if not is_store_address(text):
        return BatchPlace(Path(text), None)
    address = parse_store_address(text)
    return BatchPlace(ObjectPath(str(address)), address)


def find_stores(sources: BatchPlace, results: BatchPlace) -> BatchStores:
    """Return the object stores of a batch.

    Args:
        sources: Place of the images.
        results: Place of the results.
    """
    cache = None if results.address is None else cache_folder() / _CACHE_NAME
    return BatchStores(sources.address, results.address, cache)
