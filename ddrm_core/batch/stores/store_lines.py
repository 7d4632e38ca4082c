"""The lines of a manifest in an object store, as numbered objects that are written once."""

from __future__ import annotations

import uuid
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from ddrm_core.batch.manifest.driver import describe_this_driver
from ddrm_core.batch.manifest.line_file import LineFile
from ddrm_core.batch.manifest.lines import MACHINES_FOLDER_NAME
from ddrm_core.batch.object_path import ObjectPath
from ddrm_core.batch.stores.clients.client import ObjectFacts
from ddrm_core.batch.stores.line_cache import LineCache
from ddrm_core.batch.stores.line_object import (
    LINES_FOLDER,
    LineObject,
    choose_first_objects,
    choose_new_objects,
    has_gap,
    parse_line_object,
)
from ddrm_core.batch.stores.object_store import ObjectStore
from ddrm_core.batch.stores.reasons import (
    ObjectChanged,
    ObjectExists,
    ObjectMissing,
    StoreError,
)
from ddrm_core.batch.stores.store_errors import reading_store, writing_store
from ddrm_core.errors import UnreadableFile, UnwritableOutput
from ddrm_core.os_errors import writing

# 256 objects of one append each become one, and 16 of these become one: a million appends are about
# 500 objects, which one or two requests list.
_GROUP_SIZES = (256, 16)
_READS_AT_ONCE = 8
_LISTING_ATTEMPTS, _MAX_EMPTY_ROUNDS = 3, 30


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
    before the list reaches its key. Lines that are in two objects are read once or twice.

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
        with reading_store(self._path):
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
        with writing_store(self._path):
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
        with writing_store(self._path):
            self._store.check_conditions(f"{LINES_FOLDER}{self._writer}.probe")

    def merge(self) -> None:
        """Merge the last objects of this program, at the end of a batch.

        Raises:
            UnwritableOutput: If the store refuses; the lines are kept.
        """
        with writing_store(self._path):
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

        Raises:
            StoreError: If the store refuses; the lines that were read until then are in the cache.
            ObjectChanged: If objects are never as they were listed.
            OSError, UnreadableFile, UnwritableOutput: If the cache cannot be used.
        """
        empty_round_count = 0  # in succession
        while empty_round_count < _MAX_EMPTY_ROUNDS:
            state = self._cache.read_state()
            objects = self._list_objects(state.last_numbers)
            is_outdated = any(
                max((found.last for found in objects.get(writer, ())), default=0) < number
                for writer, number in state.last_numbers.items()
            )
            new_objects = choose_new_objects(objects, state.last_numbers)
            if state.file_name and not is_outdated and not new_objects:
                return self._cache.find_file(state)
            # Other programs read further objects between the rounds of this one.
            with self._cache.lock():
                path = self._append_round(objects, state.file_name if is_outdated else "")
            if path is not None:
                return path
            is_empty = self._cache.read_state().last_numbers == state.last_numbers
            empty_round_count = empty_round_count + 1 if is_empty else 0
        raise ObjectChanged(self._store.address.format_object(LINES_FOLDER))

    def _append_round(
        self, objects: Mapping[str, Sequence[LineObject]], outdated_name: str
    ) -> Path | None:
        """Append the lines of some new objects to the cache, under its lock.

        Args:
            objects: Listed objects of each writer.
            outdated_name: Name of a file with lines that are gone from the store, which an empty
                one replaces unless another program has done that.

        Returns:
            File of the cache, None if it does not have the lines of all objects.

        Raises the errors of `_update_cache`.
        """
        state = self._cache.read_state()
        if state.file_name in ("", outdated_name):
            state = self._cache.start()
        numbers = dict(state.last_numbers)
        new_objects = choose_new_objects(objects, numbers)
        chosen = choose_first_objects(new_objects)
        is_complete = len(chosen) == len(new_objects)
        try:
            with self._cache.appending(state) as file:
                for found, data in zip(chosen, self._read_objects(chosen), strict=True):
                    if data is None:  # merged or deleted since the objects were listed
                        is_complete = False
                        break
                    file.write(data)
                    numbers[found.writer] = found.last
        except StoreError:
            self._cache.store(replace(state, last_numbers=numbers))
            raise
        self._cache.store(replace(state, last_numbers=numbers))
        return self._cache.find_file(state) if is_complete else None

    def _list_objects(self, numbers: Mapping[str, int]) -> dict[str, list[LineObject]]:
        """Return the objects of each writer; see `choose_new_objects` for `numbers`."""
        for _ in range(_LISTING_ATTEMPTS):
            objects: dict[str, list[LineObject]] = defaultdict(list)
            for entry in self._store.iter_folder(LINES_FOLDER):
                found = parse_line_object(entry) if isinstance(entry, ObjectFacts) else None
                if found is not None:
                    objects[found.writer].append(found)
            # Only a store that does not list keys in their order can leave a gap, or a person.
            if not has_gap(choose_new_objects(objects, numbers), numbers):
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


def _find_last_run(objects: Sequence[LineObject], count: int) -> Sequence[LineObject]:
    """Return the objects of `count` appends each at the end of a list."""
    start = len(objects)
    while start and objects[start - 1].count == count:
        start -= 1
    return objects[start:]
