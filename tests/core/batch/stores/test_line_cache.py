"""A machine reads each object of a store's manifest once, and no line is lost with its cache."""

from __future__ import annotations

import errno
import itertools
import os
import shutil
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ddrm_core.batch.manifest.entries import ManifestEntry, format_entry
from ddrm_core.batch.manifest.line_table import LineTable
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.object_path import ObjectPath
from ddrm_core.batch.stores.address import StoreAddress, StoreScheme
from ddrm_core.batch.stores.batch_stores import BatchStores
from ddrm_core.batch.stores.clients.client import ObjectFacts
from ddrm_core.batch.stores.object_store import ObjectStore
from ddrm_core.batch.stores.reasons import StoreUnavailable
from ddrm_core.batch.stores.store_lines import StoreLines
from ddrm_core.errors import UnreadableFile
from ddrm_core.files.file_lock import lock_file
from tests.support.manifest_lines import read_new_lines


class CountingStore(ObjectStore):
    """An object store that notes which objects are read, and fails from a number of them on.

    Attributes:
        read_keys: Keys of the objects that were read.
        max_reads: Number of objects that can be read.
    """

    def __init__(self, address: StoreAddress) -> None:
        """Create the store without a request."""
        super().__init__(address)
        self.read_keys: list[str] = []
        self.max_reads = 1000

    def read_version(self, facts):
        if len(self.read_keys) >= self.max_reads:
            raise StoreUnavailable(facts.key, "no answer")
        self.read_keys.append(facts.key)
        return super().read_version(facts)


@pytest.fixture
def store() -> CountingStore:
    return CountingStore(StoreAddress(StoreScheme.MEMORY, f"b{uuid.uuid4().hex}", "out"))


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "machine"


def append(store: ObjectStore, *lines: bytes) -> None:
    """Append lines as another program, each as an object."""
    writer = StoreLines(ObjectStore(store.address))
    for line in lines:
        writer.append((line,))


def read_all(store: ObjectStore, cache: Path) -> set[bytes]:
    """Return all lines that a program reads at its start."""
    lines = read_new_lines(StoreLines(store, cache_folder=cache))
    assert lines is not None
    return set(lines)


def find_lines_file(cache: Path) -> Path:
    (path,) = cache.glob("lines-*.jsonl")
    return path


def test_the_next_start_reads_new_objects_only(store, cache):
    append(store, b"a", b"b")
    assert read_all(store, cache) == {b"a", b"b"}
    assert len(store.read_keys) == 2
    assert read_all(store, cache) == {b"a", b"b"}
    assert len(store.read_keys) == 2
    append(store, b"c")
    assert read_all(store, cache) == {b"a", b"b", b"c"}
    assert len(set(store.read_keys)) == len(store.read_keys) == 3


def test_programs_share_what_one_of_them_has_read(store, cache):
    readers = [StoreLines(store, cache_folder=cache) for _ in range(3)]
    for number in range(4):
        append(store, b"%d" % number)
        assert [read_new_lines(reader) for reader in readers] == [[b"%d" % number]] * 3
    assert len(store.read_keys) == 4


DAMAGES: dict[str, Callable[[Path], object]] = {
    "no cache": shutil.rmtree,
    "no state": lambda cache: (cache / "state.json").unlink(),
    "a state of zeros": lambda cache: (cache / "state.json").write_bytes(bytes(100)),
    "an empty state": lambda cache: (cache / "state.json").write_text("{}"),
    "a state of another version": lambda cache: (cache / "state.json").write_text(
        (cache / "state.json").read_text().replace('"version": 1', '"version": 2')
    ),
    "no lines": lambda cache: find_lines_file(cache).unlink(),
    "fewer lines": lambda cache: os.truncate(find_lines_file(cache), 3),
    "other lines": lambda cache: find_lines_file(cache).write_bytes(b"other\n" * 9),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_cache_is_made_anew(store, cache, damage):
    append(store, b"a", b"b")
    assert read_all(store, cache) == {b"a", b"b"}
    DAMAGES[damage](cache)
    assert read_all(store, cache) == {b"a", b"b"}
    assert len(store.read_keys) == 4
    assert read_all(store, cache) == {b"a", b"b"}
    assert len(store.read_keys) == 4


def test_a_program_goes_on_after_its_cache_was_deleted(store, cache):
    append(store, b"a", b"b")
    reader = StoreLines(store, cache_folder=cache)
    assert read_new_lines(reader) == [b"a", b"b"]
    shutil.rmtree(cache)
    append(store, b"c")
    assert read_new_lines(reader) is None
    assert set(read_new_lines(reader)) == {b"a", b"b", b"c"}


def test_a_folder_that_takes_no_cache(store, tmp_path):
    (tmp_path / "file").write_text("no folder")
    reader = StoreLines(store, cache_folder=tmp_path / "file" / "cache")
    for number in range(3):
        append(store, b"%d" % number)
        assert read_new_lines(reader) == [b"%d" % number]
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]


def test_a_cache_that_fails_during_a_batch(store, cache):
    append(store, b"a")
    reader = StoreLines(store, cache_folder=cache)
    assert read_new_lines(reader) == [b"a"]
    shutil.rmtree(cache)
    cache.write_text("no folder")
    append(store, b"b")
    assert read_new_lines(reader) is None
    assert set(read_new_lines(reader)) == {b"a", b"b"}


def test_a_state_that_another_program_reads(store, cache, monkeypatch):
    """Windows does not replace the file then."""
    append(store, b"a")
    refusals, replace = iter([True, True]), os.replace

    def replace_later(source: Path, target: Path) -> None:
        if next(refusals, False):
            raise PermissionError(errno.EACCES, "in use", str(target))
        replace(source, target)

    monkeypatch.setattr(os, "replace", replace_later)
    assert read_all(store, cache) == {b"a"}
    assert read_all(store, cache) == {b"a"}
    assert len(store.read_keys) == 1


def test_a_cache_that_another_program_does_not_release(store, cache, monkeypatch):
    append(store, b"a")
    assert read_all(store, cache) == {b"a"}
    append(store, b"b")
    with (cache / "lock").open("ab") as file:
        lock_file(file.fileno())
        seconds = itertools.count(step=50)
        monkeypatch.setattr("ddrm_core.batch.stores.line_cache.time.monotonic", seconds.__next__)
        assert read_all(store, cache) == {b"a", b"b"}
    assert find_lines_file(cache).read_bytes().split() == [b"a"]


def test_lines_of_a_deleted_manifest_leave_the_cache(store, cache):
    readers = [StoreLines(store, cache_folder=cache) for _ in range(2)]
    append(store, b"old")
    assert [read_new_lines(reader) for reader in readers] == [[b"old"]] * 2
    for entry in list(store.iter_folder(".ddrm-restore.d/")):
        store.delete(entry.key)
    append(store, b"new")
    assert [read_new_lines(reader) for reader in readers] == [None] * 2
    assert [read_new_lines(reader) for reader in readers] == [[b"new"]] * 2
    assert b"old" not in find_lines_file(cache).read_bytes()


def test_what_a_killed_program_has_appended_harms_no_line(store, cache):
    """The program ended within a line, before it could note which objects the cache has."""
    append(store, b"a")
    assert read_all(store, cache) == {b"a"}
    state = (cache / "state.json").read_bytes()
    append(store, b"b")
    assert read_all(store, cache) == {b"a", b"b"}
    (cache / "state.json").write_bytes(state)
    lines_file = find_lines_file(cache)
    os.truncate(lines_file, lines_file.stat().st_size - 1)
    append(store, b"c")
    assert read_all(store, cache) == {b"a", b"b", b"c"}


def test_objects_that_were_read_before_a_failure_are_kept(store, cache):
    append(store, b"a", b"b", b"c", b"d")
    store.max_reads = 2
    with pytest.raises(UnreadableFile, match="no answer"):
        read_all(store, cache)
    store.max_reads = 1000
    assert read_all(store, cache) == {b"a", b"b", b"c", b"d"}
    assert len(store.read_keys) == 4


def test_a_program_that_ends_while_it_reads_a_large_manifest(store, cache, monkeypatch):
    """Objects of 32 MiB and more are noted before others are read."""
    large = [b"%d" % number * (17 << 20) for number in range(3)]
    append(store, *large)
    read_version = ObjectStore.read_version

    def end_at_the_last(store: ObjectStore, facts: ObjectFacts) -> bytes:
        if facts.key.endswith("3.jsonl"):
            raise KeyboardInterrupt
        return read_version(store, facts)

    with monkeypatch.context() as patch:
        patch.setattr(ObjectStore, "read_version", end_at_the_last)
        with pytest.raises(KeyboardInterrupt):
            read_all(store, cache)
    assert len(store.read_keys) == 3
    assert read_all(store, cache) == set(large)
    assert len(store.read_keys) == 4


def test_no_line_is_lost_among_programs_at_once(store, cache):
    """Readers share a cache while writers append and merge."""
    expected = {b"%d/%d" % pair for pair in itertools.product(range(2), range(40))}
    are_written = threading.Event()

    def write(index: int) -> None:
        writer = StoreLines(ObjectStore(store.address), group_sizes=(4, 3))
        for number in range(40):
            writer.append((b"%d/%d" % (index, number),))

    def read(_: int) -> set[bytes]:
        reader, seen = StoreLines(ObjectStore(store.address), cache_folder=cache), set[bytes]()
        is_last = False
        while not is_last:
            is_last = are_written.is_set()
            lines = read_new_lines(reader)
            assert lines is not None
            seen.update(lines)
        return seen

    with ThreadPoolExecutor(5) as pool:
        reads = [pool.submit(read, index) for index in range(3)]
        list(pool.map(write, range(2)))
        are_written.set()
        assert [each.result() for each in reads] == [expected] * 3


def test_a_manifest_of_many_lines_is_not_kept_in_memory(store, cache, monkeypatch):
    """The index beside the cache serves all programs of the machine."""
    text, count = f"{0:064x}", 7000
    entries = [
        ManifestEntry(text, "s", f"{n}.png", n, 0, text, 1.0, 8, 1.5, "") for n in range(count)
    ]
    StoreLines(ObjectStore(store.address)).append(tuple(map(format_entry, entries)))
    stores, added = BatchStores(None, store.address, cache), list[bytes]()
    monkeypatch.setattr(LineTable, "add", lambda _, line: added.append(line))
    folder = ObjectPath(str(store.address))
    for _ in range(2):
        manifest: Manifest = stores.open_manifest(folder, None)
        assert manifest.has_result(folder / f"{count - 1}.png")
        assert len(manifest.list_results()) == count
    assert added == []
