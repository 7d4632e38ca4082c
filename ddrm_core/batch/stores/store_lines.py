"""The lines of a manifest in an object store, as numbered objects that are written once."""

from __future__ import annotations

import re
import uuid
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from ddrm_core.batch.manifest.driver import describe_this_driver
from ddrm_core.batch.manifest.line_file import LineFile
from ddrm_core.batch.manifest.lines import MACHINES_FOLDER_NAME
from ddrm_core.batch.object_path import ObjectPath
from ddrm_core.batch.stores.clients.client import ObjectFacts
from ddrm_core.batch.stores.line_cache import LineCache
from ddrm_core.batch.stores.object_store import ObjectStore
from ddrm_core.batch.stores.reasons import (
    ObjectChanged,
    ObjectExists,
    ObjectMissing,
    StoreError,
)
from ddrm_core.errors import UnreadableFile, UnwritableOutput
from ddrm_core.os_errors import writing

_FOLDER = f"{MACHINES_FOLDER_NAME}/"
_NAME = re.compile(
    r"(?P<writer>[A-Za-z0-9_-]+)-(?P<last>[0-9]{9,18})(_(?P<count>[0-9]{9,18}))?\.jsonl"
)
# 256 objects of one append each become one, and 16 of these become one: a million appends are about
# 500 objects, which one or two requests list.
_GROUP_SIZES = (256, 16)
_READS_AT_ONCE = 8
_LISTING_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class LineObject:
    """An object with the lines of one append, or of successive appends, of one writer.

    Attributes:
        writer: Name of the writer.
        last: Number of the last append, from 1.
        count: Number of appends.
        facts: Facts about a listed object.
    """

    writer: str
    last: int
    count: int
    facts: ObjectFacts | None = field(default=None, compare=False)

    @property
    def key(self) -> str:
        """Key of the object.

        In the order of keys, a merged object is behind all objects that it replaces.
        """
        suffix = "" if self.count == 1 else f"_{self.count:09}"
        return f"{_FOLDER}{self.writer}-{self.last:09}{suffix}.jsonl"

    @property
    def first(self) -> int:
        """Number of the first append."""
        return self.last - self.count + 1


class StoreLines:
    """The lines of a manifest as a set of numbered objects, each of which is written once.

    A store cannot append to an object. Each append therefore creates the next object of its writer:
    one program at one start, whose name has the machine, the process and a random part, so that no
    two programs create the same objects. When enough objects of one append each have gathered, the
    writer creates one object with all their lines, and then deletes them; these merged objects are
    merged again in the same way.

    A reader that lists the objects meanwhile loses no line, and neither does a program that is
    killed between two requests. A store lists keys in their order, and a merged object is behind
    the objects that it replaces: if one of these is missing from a list, the merged object existed
    before the list reaches its key. Lines that are in two objects are yielded once or twice.

    Lines that were read are in a cache, so that the next start reads only new objects. If the cache
    cannot be used, they are in a temporary file.

    This class implements `ManifestLines`. An instance is not safe for concurrent threads.
    """

    def __init__(
        self,
        store: ObjectStore,
        *,
        cache_folder: Path | None = None,
        group_sizes: tuple[int, int] = _GROUP_SIZES,
    ) -> None:
        """Create the object without a request.

        Args:
            store: Folder of the results.
            cache_folder: Folder for the lines that were read, which programs of this machine share
                for this store; None for a temporary folder.
            group_sizes: Number of objects of one append that become one object, and number of these
                that become one again.
        """
        driver = describe_this_driver()
        self._store, self._group_sizes = store, group_sizes
        self._writer = f"{driver.file_owner}-{uuid.uuid4().hex[:8]}"
        self._path = ObjectPath(str(store.address)) / MACHINES_FOLDER_NAME
        self._last = 0  # number of the last own append
        self._own_objects: list[LineObject] = []
        self._replaced_objects: list[LineObject] = []
        # Content of the latest own appends, which need not be read from the store.
        self._own_data: deque[tuple[LineObject, bytes]] = deque(maxlen=group_sizes[0])
        self._cache = LineCache(cache_folder)
        self._file: LineFile | None = None  # the file of the cache whose lines are read

    @property
    def index_path(self) -> Path:
        """Path of the index's file, in the folder of the cache."""
        return self._cache.index_path

    def find_files(self) -> Mapping[str, LineFile] | None:
        """Add the lines of new objects to the cache and return its file; see `ManifestLines`."""
        with self._reading():
            path = self._update_any_cache()
        old = self._file
        file = self._file = old if old is not None and old.path == path else LineFile(path)
        if old is not None and old is not file and old.read_offset > 0:
            return None
        if file.measure() is None:  # somebody has deleted the cache
            file.forget()
            return None
        return {path.name: file}

    def append(self, lines: Sequence[bytes]) -> None:
        """Create the next object of this program; see `ManifestLines`.

        Raises:
            UnwritableOutput: If the store refuses.
        """
        data = b"".join(line + b"\n" for line in lines)
        with self._writing():
            while True:
                self._last += 1
                new = LineObject(self._writer, self._last, 1)
                try:
                    self._store.create_bytes(new.key, data)
                # An earlier append has failed although the store has made its object.
                except ObjectExists:
                    self._own_objects.append(new)
                    continue
                except StoreError:
                    self._last -= 1
                    raise
                break
        self._own_objects.append(new)
        self._own_data.append((new, data))
        # The lines are stored; a merge that fails is tried again after the next append.
        with suppress(StoreError):
            self._merge_groups()

    def append_finding(self, line: bytes) -> None:
        """Create the next object of this program; raises the errors of `append`."""
        self.append((line,))

    def check_writable(self) -> None:
        """Check that objects can be created, and that the store keeps conditions of writes.

        Raises:
            UnwritableOutput: If the store refuses, or ignores conditions.
        """
        with self._writing():
            self._store.check_conditions(f"{_FOLDER}{self._writer}.probe")

    def merge(self) -> None:
        """Merge the last objects of this program, at the end of a batch.

        Raises:
            UnwritableOutput: If the store refuses; the lines are kept.
        """
        with self._writing():
            singles = _find_last_run(self._own_objects, 1)
            if len(singles) > 1:
                self._merge(singles)
            self._delete_replaced_objects()

    def _merge_groups(self) -> None:
        size, merged_size = self._group_sizes
        for count, group_size in ((1, size), (size, merged_size)):
            group = _find_last_run(self._own_objects, count)
            if len(group) >= group_size:
                self._merge(group)
        self._delete_replaced_objects()

    def _merge(self, group: Sequence[LineObject]) -> None:
        """Create one object with the lines of successive own objects, which are then replaced."""
        merged = LineObject(self._writer, group[-1].last, sum(replaced.count for replaced in group))
        contents = list(self._read_objects(group))
        if None in contents:  # somebody has deleted the manifest
            self._own_objects.clear()
            return
        # The object exists if an earlier call has failed behind this line; it is the same then.
        with suppress(ObjectExists):
            self._store.create_bytes(merged.key, b"".join(filter(None, contents)))
        self._own_objects[-len(group) :] = [merged]
        self._replaced_objects += group

    def _delete_replaced_objects(self) -> None:
        while self._replaced_objects:
            self._store.delete(self._replaced_objects[-1].key)
            self._replaced_objects.pop()

    def _update_any_cache(self) -> Path:
        """Return the file of the cache with all lines, in a temporary folder if no other can be.

        Raises:
            StoreError: If the store refuses.
            UnwritableOutput: If the temporary folder cannot be used.
        """
        if not self._cache.is_temporary:
            with suppress(OSError, UnreadableFile, UnwritableOutput):
                return self._update_cache()
            self._cache = LineCache(None)
        with writing(self._cache.folder):
            return self._update_cache()

    def _update_cache(self) -> Path:
        """Add the lines of all objects that the cache does not have; return its file.

        If objects are gone whose lines the cache has, it is emptied first.

        Raises:
            StoreError: If the store refuses; the lines that were read until then are in the cache.
            OSError, UnreadableFile, UnwritableOutput: If the cache cannot be used.
        """
        old = self._cache.read_state()
        objects = self._list_objects(old.last_numbers)
        is_outdated = any(
            max((found.last for found in objects.get(writer, ())), default=0) < number
            for writer, number in old.last_numbers.items()
        )
        if old.file_name and not is_outdated and not _choose_new(objects, old.last_numbers):
            return self._cache.find_file(old)
        with self._cache.lock():
            state = self._cache.read_state()
            # Another program may have emptied the cache for the same reason.
            if not state.file_name or (is_outdated and state.file_name == old.file_name):
                state = self._cache.start()
            numbers = dict(state.last_numbers)
            try:
                with self._cache.appending(state) as file:
                    self._append_new(file, objects, numbers)
            except StoreError:
                self._cache.store(replace(state, last_numbers=numbers))
                raise
            self._cache.store(replace(state, last_numbers=numbers))
        return self._cache.find_file(state)

    def _append_new(
        self,
        file: BinaryIO,
        objects: Mapping[str, Sequence[LineObject]],
        numbers: dict[str, int],
    ) -> None:
        """Append the lines of listed objects to a file, and note the number of each writer."""
        while True:
            is_complete = True
            new_objects = _choose_new(objects, numbers)
            for found, data in zip(new_objects, self._read_objects(new_objects), strict=True):
                if data is None:  # merged or deleted since the objects were listed
                    is_complete = False
                    break
                file.write(data)
                numbers[found.writer] = max(numbers.get(found.writer, 0), found.last)
            if is_complete:
                return
            objects = self._list_objects(numbers)

    def _list_objects(self, numbers: Mapping[str, int]) -> dict[str, list[LineObject]]:
        """Return the objects of each writer; see `_choose_new` for `numbers`."""
        for _ in range(_LISTING_ATTEMPTS):
            objects: dict[str, list[LineObject]] = defaultdict(list)
            for entry in self._store.iter_folder(_FOLDER):
                found = _parse_object(entry) if isinstance(entry, ObjectFacts) else None
                if found is not None:
                    objects[found.writer].append(found)
            # Only a store that does not list keys in their order can leave a gap, or a person.
            if not _has_gap(_choose_new(objects, numbers), numbers):
                break
        return objects

    def _read_objects(self, objects: Sequence[LineObject]) -> Iterator[bytes | None]:
        """Yield the content of objects in their order, None for one that does not exist.

        A few objects are read at once, and at most this number is in memory.
        """
        own_data = dict(self._own_data)
        with ThreadPoolExecutor(_READS_AT_ONCE) as pool:
            reads: deque[Future[bytes | None]] = deque()
            remaining = iter(objects)
            while True:
                for found in remaining:
                    reads.append(pool.submit(self._read_object, found, own_data))
                    if len(reads) >= _READS_AT_ONCE:
                        break
                if not reads:
                    return
                yield reads.popleft().result()

    def _read_object(self, found: LineObject, own_data: Mapping[LineObject, bytes]) -> bytes | None:
        if found in own_data:
            return own_data[found]
        try:
            if found.facts is not None:
                return self._store.read_version(found.facts)
            return self._store.read_bytes(found.key)
        except (ObjectMissing, ObjectChanged):  # deleted, since no object is written again
            return None

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Convert errors of the store to UnreadableFile for the folder of the objects."""
        try:
            yield
        except StoreError as error:
            raise UnreadableFile(self._path, error.reason) from error

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Convert errors of the store to UnwritableOutput for the folder of the objects."""
        try:
            yield
        except StoreError as error:
            raise UnwritableOutput(self._path, error.reason) from error


def _choose_new(
    objects: Mapping[str, Sequence[LineObject]], numbers: Mapping[str, int]
) -> list[LineObject]:
    """Return the objects of all writers that together have each new append once.

    Args:
        objects: Objects of each writer.
        numbers: Number of the last append of each writer that is not new.
    """
    chosen: list[LineObject] = []
    for writer, own_objects in objects.items():
        number = numbers.get(writer, 0)
        for found in sorted(own_objects, key=lambda item: (item.first, -item.last)):
            if found.last > number:
                chosen.append(found)
                number = found.last
    return chosen


def _has_gap(chosen: Sequence[LineObject], numbers: Mapping[str, int]) -> bool:
    """Return whether an append of a writer is in none of the chosen objects; see `_choose_new`."""
    last = dict(numbers)
    for found in chosen:
        if found.first > last.get(found.writer, 0) + 1:
            return True
        last[found.writer] = found.last
    return False


def _find_last_run(objects: Sequence[LineObject], count: int) -> Sequence[LineObject]:
    """Return the objects of `count` appends each at the end of a list."""
    start = len(objects)
    while start and objects[start - 1].count == count:
        start -= 1
    return objects[start:]


def _parse_object(facts: ObjectFacts) -> LineObject | None:
    """Return the object of a key, None for the key of something else."""
    found = _NAME.fullmatch(facts.key.removeprefix(_FOLDER))
    if found is None:
        return None
    return LineObject(found["writer"], int(found["last"]), int(found["count"] or 1), facts)
