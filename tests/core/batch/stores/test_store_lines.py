"""The manifest of a store: no line is lost, whatever a program reads, merges or leaves behind."""

from __future__ import annotations

import itertools
import threading
import uuid
from collections.abc import Callable, Iterator

import pytest

from ddrm_core.batch.stores.address import StoreAddress, StoreScheme
from ddrm_core.batch.stores.clients.client import ObjectFacts, ObjectFolder
from ddrm_core.batch.stores.object_store import ObjectStore
from ddrm_core.batch.stores.reasons import ObjectChanged, StoreUnavailable
from ddrm_core.batch.stores.store_lines import StoreLines
from ddrm_core.errors import UnreadableFile, UnwritableOutput
from tests.support.manifest_lines import read_new_lines

GROUPS = (4, 3)
COUNT = 31  # appends: two levels of merges, and objects of both levels and single ones at the end


class ObservedStore(ObjectStore):
    """An object store that tells each request to a test, and lists objects one by one.

    Attributes:
        before_request: Function that is called before each request and each listed entry.
    """

    before_request: Callable[[], object] = staticmethod(lambda: None)

    def create_bytes(self, key, data):
        self.before_request()
        return super().create_bytes(key, data)

    def delete(self, key):
        self.before_request()
        super().delete(key)

    def read_version(self, facts):
        self.before_request()
        return super().read_version(facts)

    def iter_folder(self, folder="") -> Iterator[ObjectFacts | ObjectFolder]:
        """Yield the entry behind the previous one at the time of the request, as by pages."""
        last = ""
        while True:
            self.before_request()
            entries = sorted(super().iter_folder(folder), key=lambda entry: entry.key)
            following = [entry for entry in entries if entry.key > last]
            if not following:
                return
            last = following[0].key
            yield following[0]


def create_store(bucket: str | None = None) -> ObservedStore:
    bucket = bucket or f"b{uuid.uuid4().hex}"
    return ObservedStore(StoreAddress(StoreScheme.MEMORY, bucket, "out"))


def read_all(store: ObjectStore) -> list[bytes]:
    return read_new_lines(StoreLines(store, group_sizes=GROUPS)) or []


def record_requests(count: int) -> list[tuple[str, bytes | None]]:
    """Return the writes and deletes of a program that appends numbered lines and merges them.

    Each request is a key with its content, None for a delete.
    """
    requests: list[tuple[str, bytes | None]] = []

    class RecordingStore(ObservedStore):
        def create_bytes(self, key, data):
            requests.append((key, data))
            return super().create_bytes(key, data)

        def delete(self, key):
            requests.append((key, None))
            super().delete(key)

    lines = StoreLines(RecordingStore(create_store().address), group_sizes=GROUPS)
    for number in range(count):
        lines.append((b"%d" % number,))
    lines.merge()
    return requests


def execute(store: ObjectStore, request: tuple[str, bytes | None]) -> None:
    key, data = request
    if data is None:
        store.delete(key)
    else:
        store.create_bytes(key, data)


def expected_lines(requests: list[tuple[str, bytes | None]]) -> set[bytes]:
    return {line for _, data in requests if data for line in data.split(b"\n") if line}


def test_every_line_is_read_in_its_order_and_by_programs_that_come_later():
    store = create_store()
    lines = StoreLines(store, group_sizes=GROUPS)
    lines.append((b"0", b"1"))
    lines.append((b"2",))
    assert read_new_lines(lines) == [b"0", b"1", b"2"]
    assert read_new_lines(lines) == []
    for number in range(3, COUNT):
        lines.append((b"%d" % number,))
    assert read_new_lines(lines)[-2:] == [b"%d" % (COUNT - 2), b"%d" % (COUNT - 1)]
    assert read_all(store) == [b"%d" % number for number in range(COUNT)]


def test_objects_are_merged_twice():
    """Few objects remain of many appends, and the rest is merged at the end."""
    store = create_store()
    lines = StoreLines(store, group_sizes=GROUPS)
    counts = []
    for number in range(COUNT):
        lines.append((b"%d" % number,))
        counts.append(len(list(store.iter_folder(".ddrm-restore.d/"))))
    assert counts[:5] == [1, 2, 3, 1, 2]
    assert counts[11] == 1  # three merged objects of four became one
    assert counts[-1] == 2 + 1 + 3
    lines.merge()
    assert len(list(store.iter_folder(".ddrm-restore.d/"))) == 2 + 1 + 1
    assert read_all(store) == [b"%d" % number for number in range(COUNT)]


def test_no_line_is_lost_between_two_requests():
    """A program may end after each request, and others read then, for the first time or again."""
    store, requests = create_store(), record_requests(COUNT)
    reader, seen = StoreLines(store, group_sizes=GROUPS), set[bytes]()
    assert len(requests) > 2 * COUNT
    for number, request in enumerate(requests, 1):
        execute(store, request)
        expected = expected_lines(requests[:number])
        assert set(read_all(store)) == expected
        new_lines = read_new_lines(reader)
        assert new_lines is not None
        seen.update(new_lines)
        assert seen == expected


@pytest.mark.parametrize("count", [2, 50])
@pytest.mark.parametrize("delay", range(5))
def test_no_line_is_lost_while_objects_are_listed_and_read(count, delay):
    """The writer goes on beside a reader, from each of its requests on.

    It pauses for the first entries that the reader lists, makes a number of requests, one for each
    request or entry of the reader, and ends.
    """
    requests = record_requests(14)
    for start in range(len(requests)):
        store = create_store()
        for request in requests[:start]:
            execute(store, request)
        speeds = itertools.chain(itertools.repeat(0, delay), itertools.repeat(1))
        remaining, lock = iter(requests[start : start + count]), threading.Lock()

        def write(store=store, speeds=speeds, remaining=remaining, lock=lock) -> None:
            with lock:  # objects are read by several threads
                for request in itertools.islice(remaining, next(speeds)):
                    execute(ObjectStore(store.address), request)

        store.before_request = write
        assert set(read_all(store)) >= expected_lines(requests[:start])


def test_writers_share_no_object_and_read_each_other():
    store = create_store()
    writers = [StoreLines(store, group_sizes=GROUPS) for _ in range(3)]
    for number in range(10):
        for index, writer in enumerate(writers):
            writer.append((b"%d/%d" % (index, number),))
    expected = sorted(b"%d/%d" % (index, number) for index in range(3) for number in range(10))
    for writer in writers:
        assert sorted(read_new_lines(writer)) == expected


def test_a_deleted_manifest_is_read_anew():
    store = create_store()
    reader = StoreLines(store)
    StoreLines(store).append((b"old",))
    assert read_new_lines(reader) == [b"old"]
    for entry in list(store.iter_folder(".ddrm-restore.d/")):
        store.delete(entry.key)
    assert read_new_lines(reader) is None
    StoreLines(store).append((b"new",))
    assert read_new_lines(reader) == [b"new"]


def test_an_append_that_failed_is_repeated_by_the_next_one():
    """The store fails before the request, or its answer is lost behind the request."""
    store = create_store()
    lines = StoreLines(store, group_sizes=GROUPS)

    def fail() -> None:
        raise StoreUnavailable("memory://x", "no answer")

    lines.append((b"0",))
    store.before_request = fail
    with pytest.raises(UnwritableOutput, match=r"memory://.*no answer"):
        lines.append((b"1",))
    with pytest.raises(UnreadableFile, match="no answer"):
        read_new_lines(lines)
    store.before_request = lambda: None
    create = store.create_bytes

    def create_and_fail(key, data):
        create(key, data)
        fail()

    store.create_bytes = create_and_fail
    with pytest.raises(UnwritableOutput):
        lines.append((b"2",))
    store.create_bytes = create
    for number in range(3, 9):
        lines.append((b"%d" % number,))
    assert read_all(store) == [b"0", *(b"%d" % number for number in range(2, 9))]


def test_a_merge_that_failed_is_repeated():
    store = create_store()
    lines = StoreLines(store, group_sizes=GROUPS)
    delete, failures = store.delete, iter([True, False, True])

    def delete_or_fail(key):
        if next(failures, False):
            raise StoreUnavailable("memory://x", "no answer")
        delete(key)

    store.delete = delete_or_fail
    for number in range(9):
        lines.append((b"%d" % number,))
        assert set(read_all(store)) == {b"%d" % n for n in range(number + 1)}
    assert len(list(store.iter_folder(".ddrm-restore.d/"))) == 3


def test_a_check_leaves_nothing_and_other_objects_are_ignored():
    store = create_store()
    StoreLines(store).check_writable()
    assert list(store.iter_folder(".ddrm-restore.d/")) == []
    for name in ("notes.txt", "host.jsonl", "a-1.jsonl", "x/a-000000001.jsonl"):
        store.create_bytes(f".ddrm-restore.d/{name}", b"other\n")
    assert read_all(store) == []


def test_objects_that_are_never_as_listed_are_an_error():
    """A store may give other versions in its lists than in its answers."""
    store, count = create_store(), 0
    StoreLines(store).append((b"0",))

    def refuse(facts: ObjectFacts) -> bytes:
        nonlocal count
        count += 1
        raise ObjectChanged(store.address.format_object(facts.key))

    store.read_version = refuse
    with pytest.raises(UnreadableFile, match="was changed in the meantime"):
        read_all(store)
    assert 5 < count < 100
