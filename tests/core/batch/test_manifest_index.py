"""A manifest gives the same answers with an index, with a damaged one and without one."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ddrm_core.batch.manifest.driver import BatchDriver
from ddrm_core.batch.manifest.entries import (
    CopyEntry,
    Entry,
    FindingEntry,
    ManifestEntry,
    SourceEntry,
    VersionEntry,
    format_entry,
    list_keys,
)
from ddrm_core.batch.manifest.index.indexed_lines import IndexedLines
from ddrm_core.batch.manifest.line_table import LineTable
from ddrm_core.batch.manifest.lines import INDEX_NAME, MANIFEST_NAME, FolderLines
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.files.atomic_write import remove_leftover_files
from tests.support.lines_in_memory import LinesInMemory

SMALL_TAIL_BYTES = 1000
NAMES = ("a.png", "b/ü.png", "not utf-8 \udcff.png", "c.jpg")
MACHINES = (None, BatchDriver("north", 1), BatchDriver("south", 1))


def result(number: int, target: str) -> ManifestEntry:
    text = f"{number:064x}"
    return ManifestEntry(text, "s", target, number, 0, text, 1.0, 8, 1.5, "2026-01-01T00:00:00")


def results(count: int, first: int = 0) -> list[Entry]:
    return [result(number, f"{number}.png") for number in range(first, first + count)]


def append(folder: Path, entries: Iterable[Entry], machine: BatchDriver | None = None) -> None:
    """Append the lines of entries to the file of a machine, None for the file of all."""
    path = FolderLines(folder, machine).path
    path.parent.mkdir(exist_ok=True)
    with path.open("ab") as file:
        for entry in entries:
            file.write(b"\n" + format_entry(entry) + b"\n")


def index(folder: Path, *, writes_index: bool = True) -> IndexedLines:
    """Return a lookup that makes an index of a few lines."""
    lines = FolderLines(folder, None)
    return IndexedLines(lines, writes_index=writes_index, min_tail_bytes=SMALL_TAIL_BYTES)


def answers(
    lookup: IndexedLines | LinesInMemory, keys: Iterable[str]
) -> tuple[dict[str, object], ...]:
    """Return the sorted lines of each key, and the sorted targets of results and of copies."""
    lookup.refresh()
    return (
        {key: sorted(lookup.find(key)) for key in keys},
        {kind.__name__: sorted(lookup.iter_targets(kind)) for kind in (ManifestEntry, CopyEntry)},
    )


def all_keys(count: int) -> list[str]:
    return [key for entry in results(count) for key in list_keys(entry)]


def assert_same_answers(
    lookup: IndexedLines | LinesInMemory, folder: Path, keys: Iterable[str]
) -> None:
    assert answers(lookup, keys) == answers(LinesInMemory(FolderLines(folder, None)), keys)


ENTRIES = st.one_of(
    st.builds(result, st.integers(0, 3), st.sampled_from(NAMES)),
    st.builds(CopyEntry, st.just("c"), st.sampled_from(NAMES), st.just(1), st.just(2), st.just("")),
    st.builds(VersionEntry, st.sampled_from(NAMES), st.sampled_from("12"), st.just("h")),
    st.builds(FindingEntry, st.just(1), st.sampled_from("ab"), st.sampled_from([None, {"x": 1}])),
    st.builds(SourceEntry, st.sampled_from(NAMES), st.sampled_from("12"), st.just("h")),
)
ADDITIONS = st.lists(
    st.tuples(st.sampled_from(MACHINES), st.lists(ENTRIES, min_size=1, max_size=12)), max_size=5
)


@settings(max_examples=25, deadline=None)
@given(additions=ADDITIONS)
def test_the_answers_are_those_without_an_index(additions):
    """A process that writes the index, one that only reads, and one that starts each time."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lookups = (index(folder), index(folder, writes_index=False))
        keys = {key for _, entries in additions for entry in entries for key in list_keys(entry)}
        for machine, entries in additions:
            append(folder, entries, machine)
            for lookup in (*lookups, index(folder)):
                assert_same_answers(lookup, folder, keys)


def test_lines_of_one_file_keep_their_order(tmp_path):
    lookup, entries = index(tmp_path), [result(n % 7, "a.png") for n in range(40)]
    for start in range(0, 40, 8):
        append(tmp_path, entries[start : start + 8])
        lookup.refresh()
    lines = list(dict.fromkeys(map(format_entry, entries)))
    assert (tmp_path / INDEX_NAME).exists()
    assert list(lookup.find("result a.png")) == lines
    assert list(lookup.iter_targets(ManifestEntry)) == ["a.png"]


def test_targets_are_listed_in_the_order_of_their_lines(tmp_path):
    append(tmp_path, results(30))
    lookup = index(tmp_path)
    lookup.refresh()
    append(tmp_path, [*results(3), *results(2, 30)])
    lookup.refresh()
    assert list(lookup.iter_targets(ManifestEntry)) == [f"{n}.png" for n in range(32)]


def flip_a_byte(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def index_another_folder(path: Path) -> None:
    other = path.parent / "other"
    other.mkdir()
    append(other, results(30, 100))
    index(other).refresh()
    shutil.copy(other / INDEX_NAME, path)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "missing": Path.unlink,
    "empty": lambda path: path.write_bytes(b""),
    "truncated": lambda path: os.truncate(path, path.stat().st_size // 2),
    "without its end": lambda path: os.truncate(path, path.stat().st_size - 1),
    "other bytes": lambda path: path.write_bytes(random.Random(1).randbytes(20_000)),
    "one other bit": flip_a_byte,
    "of another folder": index_another_folder,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_an_index_that_is_missing_or_damaged_is_made_again(tmp_path, damage):
    append(tmp_path, results(30))
    index(tmp_path).refresh()
    path = tmp_path / INDEX_NAME
    whole = path.read_bytes()
    DAMAGES[damage](path)
    damaged = path.read_bytes() if path.exists() else None
    assert_same_answers(index(tmp_path, writes_index=False), tmp_path, all_keys(30))
    assert (path.read_bytes() if path.exists() else None) == damaged
    assert_same_answers(index(tmp_path), tmp_path, all_keys(30))
    assert path.read_bytes() == whole


@pytest.mark.parametrize("count", [10, 30, 50])
def test_an_index_of_a_replaced_manifest_is_not_used(tmp_path, count):
    """The other manifest is shorter, as long, or longer; processes run on or start anew."""
    append(tmp_path, results(30, 100))
    running = index(tmp_path), index(tmp_path, writes_index=False)
    for lookup in running:
        lookup.refresh()
    assert (tmp_path / INDEX_NAME).exists()
    (tmp_path / MANIFEST_NAME).unlink()
    append(tmp_path, results(count, 130))
    new_keys = [key for entry in results(count, 130) for key in list_keys(entry)]
    for lookup in (index(tmp_path, writes_index=False), index(tmp_path)):
        assert_same_answers(lookup, tmp_path, new_keys)
    for lookup in running:
        lookup.refresh()
        assert lookup.find("result 100.png") == ()
        assert_same_answers(lookup, tmp_path, new_keys)


def test_a_long_run_uses_an_index_however_often_it_becomes_stale(tmp_path):
    """On network file systems, an index that another machine replaces cannot be read any more."""
    lookup, path = index(tmp_path), tmp_path / INDEX_NAME
    append(tmp_path, results(30, 100))
    lookup.refresh()
    for first in range(200, 900, 100):
        before = path.read_bytes()
        (tmp_path / MANIFEST_NAME).unlink()
        append(tmp_path, results(30, first))
        lookup.refresh()
        assert lookup.find(f"result {first - 100}.png") == ()
        assert len(lookup.find(f"result {first}.png")) == 1
        assert path.read_bytes() != before


def test_a_machine_whose_file_is_gone_takes_its_lines_along(tmp_path):
    append(tmp_path, results(30))
    append(tmp_path, results(30, 30), MACHINES[1])
    lookup = index(tmp_path)
    lookup.refresh()
    append(tmp_path, results(2, 60), MACHINES[1])
    assert_same_answers(lookup, tmp_path, all_keys(62))
    FolderLines(tmp_path, MACHINES[1]).path.unlink()
    assert_same_answers(lookup, tmp_path, all_keys(62))
    assert_same_answers(index(tmp_path), tmp_path, all_keys(62))


def test_a_folder_that_takes_no_index(tmp_path):
    (tmp_path / INDEX_NAME).mkdir()
    lookup = index(tmp_path)
    for start in range(0, 90, 30):
        append(tmp_path, results(30, start))
        assert_same_answers(lookup, tmp_path, all_keys(90))
    assert sorted(path.name for path in tmp_path.iterdir()) == [INDEX_NAME, MANIFEST_NAME]


def test_a_python_without_sqlite(tmp_path, monkeypatch):
    for module in ("snapshot", "build"):
        monkeypatch.delitem(sys.modules, f"ddrm_core.batch.manifest.index.{module}", raising=False)
    monkeypatch.setitem(sys.modules, "sqlite3", None)
    append(tmp_path, results(30))
    assert_same_answers(index(tmp_path), tmp_path, all_keys(30))
    assert not (tmp_path / INDEX_NAME).exists()


def test_a_search_that_goes_on_while_the_index_changes(tmp_path):
    append(tmp_path, results(30))
    lookup = index(tmp_path)
    lookup.refresh()
    append(tmp_path, results(1, 30))
    lookup.refresh()
    targets = lookup.iter_targets(ManifestEntry)
    found = [next(targets)]
    append(tmp_path, results(60, 31))
    lookup.refresh()
    assert [*found, *targets] == [f"{n}.png" for n in range(31)]


class TestSeveralProcesses:
    BUILDER = """
import sys
from pathlib import Path
from ddrm_core.files.atomic_write import single_writer
with single_writer(Path(sys.argv[1])) as part:
    part.write_bytes(b"half of it")
    print("writing", flush=True)
    sys.stdin.read()
"""
    ADDER = """
import sys
from pathlib import Path
from ddrm_core.batch.manifest.entries import ManifestEntry, format_entry
from ddrm_core.batch.manifest.index.indexed_lines import IndexedLines
from ddrm_core.batch.manifest.lines import FolderLines
lines = FolderLines(Path(sys.argv[1]), None)
lookup = IndexedLines(lines, writes_index=True, min_tail_bytes=1000)
for n in range(60):
    name = f"{sys.argv[2]}{n}"
    lines.append([format_entry(ManifestEntry(name, "s", name, 0, 0, "h", 1.0, 1, 0.0, "now"))])
    lookup.refresh()
    assert all(lookup.find(f"result {sys.argv[2]}{m}") for m in range(n + 1))
"""

    def test_processes_that_write_the_index_at_once_find_all_lines(self, tmp_path):
        arguments = [sys.executable, "-c", self.ADDER, str(tmp_path)]
        adders = [subprocess.Popen([*arguments, name]) for name in "ab"]
        assert [adder.wait(60) for adder in adders] == [0, 0]
        keys = [f"result {name}{number}" for name in "ab" for number in range(60)]
        lookup = index(tmp_path)
        assert_same_answers(lookup, tmp_path, keys)
        assert all(map(lookup.find, keys))
        assert sorted(path.name for path in tmp_path.iterdir()) == [INDEX_NAME, MANIFEST_NAME]

    def test_a_process_that_is_killed_while_it_writes_the_index(self, tmp_path, monkeypatch):
        append(tmp_path, results(90))
        path = tmp_path / INDEX_NAME
        arguments = [sys.executable, "-c", self.BUILDER, str(path)]
        pipe = subprocess.PIPE
        with subprocess.Popen(arguments, stdin=pipe, stdout=pipe) as builder:
            assert builder.stdout is not None
            assert builder.stdout.readline() == b"writing\n"
            assert_same_answers(index(tmp_path), tmp_path, all_keys(90))
            builder.kill()
        (part,) = set(tmp_path.iterdir()) - {tmp_path / MANIFEST_NAME}
        assert_same_answers(index(tmp_path), tmp_path, all_keys(90))
        assert not path.exists()
        later = part.stat().st_ctime + 3600
        monkeypatch.setattr("ddrm_core.files.atomic_write.time.time", lambda: later)
        assert_same_answers(index(tmp_path), tmp_path, all_keys(90))
        assert path.exists()
        assert not part.exists()
        part.write_bytes(b"half of it")
        remove_leftover_files(tmp_path)
        assert not part.exists()


class TestManifestOfManyLines:
    COUNT = 7000  # lines, which are more than 2 MiB

    @pytest.fixture
    def lines_in_memory(self, monkeypatch) -> list[bytes]:
        """Return the lines that are read into memory from now on."""
        lines: list[bytes] = []
        add = LineTable.add

        def note(table: LineTable, line: bytes) -> None:
            lines.append(line)
            add(table, line)

        monkeypatch.setattr(LineTable, "add", note)
        return lines

    def test_the_next_start_reads_only_later_lines(self, tmp_path, lines_in_memory):
        folder = tmp_path / "100% #1;mode=rw&süß"
        folder.mkdir()
        append(folder, results(self.COUNT))
        Manifest(folder, writes_index=True).read_new_lines()
        append(folder, results(5, self.COUNT))
        manifest = Manifest(folder)
        assert not manifest.has_result(folder / "other.png")
        assert manifest.has_result(folder / f"{self.COUNT + 4}.png")
        assert manifest.has_result(folder / "0.png")
        assert len(manifest.list_results()) == self.COUNT + 5
        assert len(lines_in_memory) == 5

    def test_a_reader_writes_no_index(self, tmp_path, lines_in_memory):
        append(tmp_path, results(self.COUNT))
        assert len(Manifest(tmp_path).list_results()) == self.COUNT
        assert [path.name for path in tmp_path.iterdir()] == [MANIFEST_NAME]
        assert lines_in_memory == []

    def test_a_manifest_of_few_lines_has_no_index(self, tmp_path):
        append(tmp_path, results(1000))
        assert len(Manifest(tmp_path, writes_index=True).list_results()) == 1000
        assert [path.name for path in tmp_path.iterdir()] == [MANIFEST_NAME]
