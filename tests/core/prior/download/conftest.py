"""A server with a published file, and the folder of the download."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from pathlib import Path
from threading import enumerate as all_threads

import pytest

from ddrm_core.prior.store.registry import PUBLISHED_PRIORS, PublishedPrior
from tests.support.downloads import DATA, SIZE
from tests.support.file_server import FileServer


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    for name in os.environ:
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def server():
    server = FileServer(DATA)
    yield server
    server.close()
    for thread in all_threads():
        if thread.name == "download":
            thread.join(5)
            assert not thread.is_alive()


@pytest.fixture
def published(server) -> PublishedPrior:
    return replace(
        PUBLISHED_PRIORS[0],
        download_url=server.url(),
        size_bytes=SIZE,
        sha256=hashlib.sha256(DATA).hexdigest(),
    )


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "data" / "priors"


@pytest.fixture
def part(folder) -> Path:
    """Return the path of the partial download in an existing folder."""
    folder.mkdir(parents=True)
    return folder / "prior.pt.part"
