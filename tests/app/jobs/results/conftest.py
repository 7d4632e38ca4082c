"""Fixtures: an array store, and stores of results as windows create them."""

from __future__ import annotations

import pytest

from app.jobs.results.result_store import ResultStore
from app.jobs.storage.array_store import ArrayStore
from app.jobs.storage.temporary_folder import TemporaryFolder


@pytest.fixture
def arrays(tmp_path):
    return ArrayStore(TemporaryFolder(tmp_path / "cache"), max_disk_bytes=1 << 24)


@pytest.fixture
def root(tmp_path):
    return tmp_path / "state" / "results"


@pytest.fixture
def windows(root, arrays):
    """Return a function that creates the store of another window, all closed at the end."""
    stores: list[ResultStore] = []

    def create(array_store: ArrayStore = arrays) -> ResultStore:
        stores.append(ResultStore(root, array_store))
        return stores[-1]

    yield create
    for store in stores:
        store.close(keep=True)
