"""Laws of object stores, which hold for each kind of store."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from ddrm_core.batch.stores.clients.client import ObjectFacts, ObjectFolder
from ddrm_core.batch.stores.object_store import ObjectStore
from ddrm_core.batch.stores.reasons import ObjectChanged, ObjectExists, ObjectMissing

ODD_KEYS = ("süß/ä b.jpg", "a?versionId=3.jpg", "c#1%20+.jpg", "empty.jpg", "x://y.jpg")


def check_writes(store: ObjectStore, folder: Path) -> None:
    """Check that an object is created once, and replaced from its present version only."""
    first, second = folder / "1.png", folder / "2.png"
    first.write_bytes(b"first")
    second.write_bytes(b"second")
    version = store.create("a/b.png", first)
    with pytest.raises(ObjectExists, match=r"a/b\.png exists already"):
        store.create("a/b.png", second)
    assert store.read_bytes("a/b.png") == b"first"
    new_version = store.replace("a/b.png", second, version)
    assert new_version != version
    with pytest.raises(ObjectChanged):
        store.replace("a/b.png", first, version)
    with pytest.raises(ObjectChanged):
        store.replace("other.png", first, version)
    found = store.find("a/b.png")
    assert found is not None
    assert (found.key, found.size, found.version) == ("a/b.png", 6, new_version)
    store.delete("a/b.png")
    store.delete("a/b.png")
    assert store.find("a/b.png") is None


def check_reads(store: ObjectStore, folder: Path) -> None:
    """Check that content and facts are those of the object, and that failures leave no file."""
    path = folder / "in.jpg"
    version = store.create_bytes("a.jpg", b"content")
    facts = store.download("a.jpg", path)
    assert (facts.size, facts.version) == (7, version)
    assert path.read_bytes() == b"content"
    assert abs(path.stat().st_mtime - facts.modified.timestamp()) < 1e-3
    with pytest.raises(ObjectMissing, match=r"b\.jpg does not exist"):
        store.download("b.jpg", folder / "b.jpg")
    with pytest.raises(ObjectMissing):
        store.read_bytes("b.jpg")
    assert not (folder / "b.jpg").exists()


def check_keys(store: ObjectStore, keys: tuple[str, ...]) -> None:
    """Check that each key is listed in its folder and leads to its own object."""
    for key in keys:
        store.create_bytes(key, b"" if key.startswith("empty") else key.encode())
    listed: list[str] = []
    folders = [""]
    while folders:
        for entry in store.iter_folder(folders.pop()):
            if isinstance(entry, ObjectFolder):
                folders.append(entry.key)
            else:
                assert entry == store.find(entry.key)
                listed.append(entry.key)
    assert sorted(listed) == sorted(keys)
    for key in keys:
        assert store.read_bytes(key) == (b"" if key.startswith("empty") else key.encode())


def check_races(store: ObjectStore, writer_count: int, round_count: int) -> None:
    """Check that exactly one of several threads creates an object, with its whole content."""
    contents = [str(number).encode() * 5000 for number in range(writer_count)]
    for number in range(round_count):
        winners: list[int] = []
        barrier = threading.Barrier(writer_count)

        def write(writer: int, key: str, winners: list[int], barrier: threading.Barrier) -> None:
            barrier.wait()
            try:
                store.create_bytes(key, contents[writer])
            except ObjectExists:
                return
            winners.append(writer)

        arguments = (f"race{number}", winners, barrier)
        threads = [
            threading.Thread(target=write, args=(w, *arguments)) for w in range(writer_count)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        (winner,) = winners
        assert store.read_bytes(f"race{number}") == contents[winner]


def list_keys(store: ObjectStore, folder: str = "") -> list[str]:
    """Return the keys of the objects directly in a folder."""
    return [entry.key for entry in store.iter_folder(folder) if isinstance(entry, ObjectFacts)]
