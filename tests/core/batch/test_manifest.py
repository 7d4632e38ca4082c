"""The manifest of a folder states which files are done, after every kind of interruption."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ddrm_core.batch.manifest.driver import BatchDriver
from ddrm_core.batch.manifest.entries import (
    CopyEntry,
    ManifestEntry,
    SourceEntry,
    parse_entry,
)
from ddrm_core.batch.manifest.lines import MACHINES_FOLDER_NAME, MANIFEST_NAME
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.errors import UnwritableOutput
from ddrm_core.files.atomic_write import atomic_writer


def finished(folder: Path, name: str, content: str = "c", choices: str = "s") -> ManifestEntry:
    """Write the file of a fake result and return its manifest entry.

    Args:
        folder: Folder of the manifest.
        name: Path of the result relative to the folder.
        content: Stand-in for the SHA-256 of the source.
        choices: Stand-in for the SHA-256 of the settings.
    """
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(f"result of {content} with {choices}".encode())
    found = path.stat()
    return ManifestEntry(
        source_sha256=content,
        settings_sha256=choices,
        target=name,
        size=found.st_size,
        mtime_ns=found.st_mtime_ns,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        consistency=0.75,
        evaluations=8,
        seconds=1.5,
        finished="2026-01-01T00:00:00+00:00",
    )


def copied(folder: Path, name: str, content: bytes) -> CopyEntry:
    """Write the copy of a source with this content and return its manifest entry."""
    path = folder / name
    path.write_bytes(content)
    found = path.stat()
    sha256 = hashlib.sha256(content).hexdigest()
    return CopyEntry(sha256, name, found.st_size, found.st_mtime_ns, "2026-01-01T00:00:00+00:00")


def done(folder: Path, content: str = "c", choices: str = "s") -> list[str]:
    return [entry.target for entry in Manifest(folder).find_results(content, choices)]


def test_what_was_added_is_done(tmp_path):
    journal = Manifest(tmp_path)
    assert done(tmp_path) == []
    entry = finished(tmp_path, "süb/100% ü.png")
    journal.add(entry)
    assert list(journal.find_results("c", "s")) == [entry]
    assert list(Manifest(tmp_path).find_results("c", "s")) == [entry]
    assert done(tmp_path, "other") == done(tmp_path, "c", "other") == []
    assert Manifest(tmp_path).list_results() == (tmp_path / "süb" / "100% ü.png",)


def test_a_result_counts_only_as_it_was_written(tmp_path):
    journal, path = Manifest(tmp_path), tmp_path / "a.png"
    entry = finished(tmp_path, "a.png")
    journal.add(entry)
    assert journal.is_our_file(path)
    os.utime(path, ns=(0, 0))  # copied or restored from a backup: the bytes decide
    assert journal.is_our_file(path)
    path.write_bytes(b"x" * entry.size)
    assert not journal.is_our_file(path)
    assert done(tmp_path) == []
    path.unlink()
    assert not journal.is_our_file(path)
    assert done(tmp_path) == []
    assert journal.list_results() == (path,)


def test_the_latest_entry_of_a_target_counts(tmp_path):
    journal = Manifest(tmp_path)
    journal.add(finished(tmp_path, "a.png", choices="old"))
    journal.add(finished(tmp_path, "a.png", choices="new"))
    assert done(tmp_path, choices="old") == []
    assert done(tmp_path, choices="new") == ["a.png"]


def test_one_journal_sees_what_another_adds(tmp_path):
    one, other = Manifest(tmp_path), Manifest(tmp_path)
    one.add(finished(tmp_path, "a.png"))
    assert [entry.target for entry in other.find_results("c", "s")] == ["a.png"]
    other.add(finished(tmp_path, "b.png"))
    assert [entry.target for entry in one.find_results("c", "s")] == ["a.png", "b.png"]
    (tmp_path / MANIFEST_NAME).unlink()
    assert list(one.find_results("c", "s")) == []


def test_a_line_that_is_still_being_written_counts_later(tmp_path):
    Manifest(tmp_path).add(finished(tmp_path, "a.png"))
    path = tmp_path / MANIFEST_NAME
    line = path.read_bytes()
    path.write_bytes(line[:-9])
    journal = Manifest(tmp_path)
    assert list(journal.find_results("c", "s")) == []
    path.write_bytes(line)
    assert [entry.target for entry in journal.find_results("c", "s")] == ["a.png"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(cut=st.integers(0, 2000), garbage=st.binary(max_size=20))
def test_any_part_of_it_is_readable_and_claims_nothing_that_is_not_done(tmp_path, cut, garbage):
    folder = tmp_path / "whole"
    journal = Manifest(folder)
    if not folder.exists():
        for number in range(4):
            journal.add(finished(folder, f"{number}.png", f"content {number}"))
    text = (folder / MANIFEST_NAME).read_bytes()
    other = tmp_path / "cut"
    other.mkdir(exist_ok=True)
    for number in range(4):
        name = f"{number}.png"
        (other / name).write_bytes((folder / name).read_bytes())
    (other / MANIFEST_NAME).write_bytes(text[:cut] + garbage)
    ended = (text[:cut] + garbage).split(b"\n")[:-1]
    whole = [line for line in text.split(b"\n") if line]
    assert [n for n in range(4) if done(other, f"content {n}")] == [
        n for n in range(4) if whole[n] in ended
    ]
    # Lines after a truncated line are read.
    Manifest(other).add(finished(other, "9.png", "content 9"))
    assert done(other, "content 9") == ["9.png"]


@pytest.mark.parametrize(
    "change",
    [
        {"target": "../a.png"},
        {"target": "/etc/a.png"},
        {"target": ""},
        {"target": 3},
        {"size": "1"},
        {"size": True},
        {"consistency": None},
        {"more": 1},
    ],
)
def test_lines_that_are_no_entries(tmp_path, change):
    values = asdict(finished(tmp_path, "a.png"))
    assert parse_entry(json.dumps(values).encode()) is not None
    assert parse_entry(json.dumps(values | change).encode()) is None


@pytest.mark.parametrize("line", [b"", b"{}", b"[1]", b"null", b"\xff\xfe", b"[" * 100_000, b"{"])
def test_lines_that_are_nothing(line):
    assert parse_entry(line) is None


class TestCopies:
    CONTENT = b"a source"
    SHA256 = hashlib.sha256(CONTENT).hexdigest()

    def test_a_copy_is_ours_as_it_was_written_but_no_result(self, tmp_path):
        manifest, path = Manifest(tmp_path), tmp_path / "a.jpg"
        manifest.add(copied(tmp_path, "a.jpg", self.CONTENT))
        assert manifest.is_our_copy(path, self.SHA256)
        assert manifest.is_our_file(path, self.SHA256)
        assert not manifest.is_our_copy(path, "other")
        assert (manifest.list_copies(), manifest.list_results()) == ((path,), ())
        assert list(manifest.find_results_of_source(self.SHA256)) == []
        assert list(manifest.iter_intact_entries()) == []
        path.write_bytes(b"b source")
        os.utime(path, ns=(0, 0))
        assert not manifest.is_our_copy(path, self.SHA256)
        assert not manifest.is_our_file(path)

    def test_a_result_in_the_place_of_a_copy_is_the_result(self, tmp_path):
        manifest, path = Manifest(tmp_path), tmp_path / "a.jpg"
        manifest.add(copied(tmp_path, "a.jpg", self.CONTENT))
        entry = finished(tmp_path, "a.jpg", self.SHA256)
        manifest.add(entry)
        assert not manifest.is_our_copy(path, self.SHA256)
        assert manifest.is_our_file(path, self.SHA256)
        assert list(manifest.iter_intact_entries()) == [entry]
        path.write_bytes(self.CONTENT)  # the state after a kill between entry and renaming
        assert manifest.is_our_copy(path, self.SHA256)
        assert list(manifest.find_results(self.SHA256, "s")) == []

    def test_version_0_1_0_skips_the_line_of_a_copy(self, tmp_path):
        """The parser of results, which is that of 0.1.0, takes a line with all its names only."""
        entry = copied(tmp_path, "a.jpg", self.CONTENT)
        line = json.dumps(asdict(entry)).encode()
        assert parse_entry(line) == entry
        for change in ({"kind": "link"}, {"target": "../a.jpg"}, {"size": "8"}, {"more": 1}):
            assert parse_entry(json.dumps(asdict(entry) | change).encode()) is None


WRITER = """
import sys
from pathlib import Path
from ddrm_core.batch.manifest.entries import ManifestEntry
from ddrm_core.batch.manifest.manifest import Manifest
journal = Manifest(Path(sys.argv[1]))
for n in range(200):
    name = f"{sys.argv[2]} {n} " + "x" * (n % 90)
    journal.add(ManifestEntry(name, "s", name, 0, 0, "h", 1.0, 1, 0.0, "now"))
"""


def test_processes_that_add_at_once_spoil_no_line(tmp_path):
    arguments = [sys.executable, "-c", WRITER, str(tmp_path)]
    writers = [subprocess.Popen([*arguments, name]) for name in "ab"]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    lines = (tmp_path / MANIFEST_NAME).read_bytes().split(b"\n")
    assert sum(parse_entry(line) is not None for line in lines) == 400
    assert [line for line in lines if line and parse_entry(line) is None] == []


def test_a_folder_that_takes_no_files(tmp_path):
    entry = finished(tmp_path, "a.png")
    (tmp_path / MANIFEST_NAME).mkdir()
    with pytest.raises(UnwritableOutput):
        Manifest(tmp_path).add(entry)


class TestSeveralMachines:
    """Machines that restore parts of a batch append to files of their own, and read all files."""

    MACHINES = (BatchDriver("north", 11), BatchDriver("south", 11))

    def test_each_sees_what_all_have_done(self, tmp_path):
        alone = Manifest(tmp_path)
        manifests = [alone, *(Manifest(tmp_path, machine) for machine in self.MACHINES)]
        for number, manifest in enumerate(manifests):
            manifest.add(finished(tmp_path, f"{number}.png"))
            for other in manifests:
                found = {entry.target for entry in other.find_results("c", "s")}
                assert found == {f"{n}.png" for n in range(number + 1)}
        names = [path.name for path in sorted((tmp_path / MACHINES_FOLDER_NAME).iterdir())]
        assert names == ["north.jsonl", "south.jsonl"]
        for path in (tmp_path / MANIFEST_NAME, *(tmp_path / MACHINES_FOLDER_NAME).iterdir()):
            lines = [line for line in path.read_bytes().split(b"\n") if line]
            assert len(lines) == 1

    def test_a_removed_file_takes_its_entries_along(self, tmp_path):
        manifests = [Manifest(tmp_path, machine) for machine in self.MACHINES]
        for number, manifest in enumerate(manifests):
            manifest.add(finished(tmp_path, f"{number}.png"))
        reader = Manifest(tmp_path)
        assert len(list(reader.find_results("c", "s"))) == 2
        (tmp_path / MACHINES_FOLDER_NAME / f"{self.MACHINES[0].host_name}.jsonl").unlink()
        assert [entry.target for entry in reader.find_results("c", "s")] == ["1.png"]

    def test_files_of_another_driver_are_left_alone_for_a_day(self, tmp_path, monkeypatch):
        parts = []
        for owner in ("", *(machine.file_owner for machine in self.MACHINES)):
            with pytest.raises(KeyError), atomic_writer(tmp_path / "a.png", owner=owner) as part:
                raise KeyError
            part.write_bytes(b"half of it")
            parts.append(part)
        began = parts[-1].stat().st_ctime
        for hours, left in ((0.1, 3), (1, 1), (23, 1), (25, 0)):
            later = began + hours * 3600
            monkeypatch.setattr("ddrm_core.files.atomic_write.time.time", lambda now=later: now)
            Manifest(tmp_path, self.MACHINES[0]).storage.prepare_folder_of(tmp_path / "a.png")
            assert sum(part.exists() for part in parts) == left
            assert parts[2].exists() == (left > 0)


def test_entries_for_later_are_not_gathered_without_end(tmp_path):
    """A batch that leaves all files as they are adds no entry of a result."""
    entries = [SourceEntry(f"s3://bucket/{number}", "1", "h") for number in range(450)]
    manifest = Manifest(tmp_path)
    for entry in entries:
        manifest.add_later(entry)
    written = set(map(parse_entry, (tmp_path / MANIFEST_NAME).read_bytes().splitlines()))
    assert written - {None} == set(entries[:400])
    manifest.flush()
    assert Manifest(tmp_path).find_source_content(entries[-1].source, "1") == "h"
