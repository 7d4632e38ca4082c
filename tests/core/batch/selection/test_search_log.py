"""A search for an earlier compression is remembered with the content of the file."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from ddrm_core.batch.manifest.driver import BatchDriver
from ddrm_core.batch.manifest.entries import ManifestEntry
from ddrm_core.batch.manifest.lines import SEARCH_LOG_NAME
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.selection.search_log import SearchFinding, SearchLog
from ddrm_core.errors import UnreadableFile, UnwritableOutput
from ddrm_core.jpeg.recompression import PreviousCompression
from ddrm_core.os_errors import SystemFailure

CONTENT, OTHER = "a" * 64, "b" * 64
FOUND = SearchFinding(PreviousCompression(31, 3, 0, "4:2:0", 0.98))
# A line as it was written before findings became entries of the manifest.
EARLIER_LINE = (
    f'\n{{"version": 1, "source_sha256": "{CONTENT}", "previous_compression": {{"quality": 31, '
    '"left": 3, "top": 0, "sampling": "4:2:0", "confidence": 0.98}}\n'
)


def open_log(folder: Path, host_name: str = "") -> SearchLog:
    """Return the search log of a program, on a machine that restores a part of a batch if named."""
    return SearchLog(Manifest(folder, BatchDriver(host_name, 1) if host_name else None))


def test_findings_are_there_for_the_next_batch(tmp_path):
    log = open_log(tmp_path / "out")
    assert log.find(CONTENT) is None
    log.add(CONTENT, FOUND)
    log.add(OTHER, SearchFinding(None))
    for each in (log, open_log(tmp_path / "out")):
        assert each.find(CONTENT) == FOUND
        assert each.find(OTHER) == SearchFinding(None)
        assert each.find("c" * 64) is None


def test_a_line_that_was_cut_off_harms_no_other(tmp_path):
    open_log(tmp_path).add(CONTENT, FOUND)
    path = tmp_path / SEARCH_LOG_NAME
    path.write_bytes(path.read_bytes()[:-9])
    open_log(tmp_path).add(OTHER, FOUND)
    log = open_log(tmp_path)
    assert (log.find(CONTENT), log.find(OTHER)) == (None, FOUND)


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"more": 1},
        {"source_sha256": "a"},
        {"previous_compression": {"quality": 31}},
        {"previous_compression": 31},
        *({"quality": value} for value in (0, 101, "31", True)),
        {"left": 16},
        {"confidence": 2},
    ],
)
def test_lines_that_are_no_findings_are_searched_again(tmp_path, change):
    open_log(tmp_path).add(CONTENT, FOUND)
    path = tmp_path / SEARCH_LOG_NAME
    values = json.loads(path.read_text("utf-8"))
    target = values if change.keys() <= values.keys() | {"more"} else values["previous_compression"]
    target |= change
    path.write_text(json.dumps(values) + "\n[1]\nnull\n", "utf-8")
    assert open_log(tmp_path).find(CONTENT) is None


def test_a_file_that_cannot_be_read_is_an_error(tmp_path):
    (tmp_path / SEARCH_LOG_NAME).mkdir()
    with pytest.raises(UnreadableFile):
        open_log(tmp_path).find(CONTENT)


def test_a_finding_that_the_disk_has_no_space_for_is_an_error(tmp_path, monkeypatch):
    write = os.write
    with monkeypatch.context() as full_disk:
        full_disk.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:5]))
        with pytest.raises(UnwritableOutput) as caught:
            open_log(tmp_path).add(CONTENT, SearchFinding(None))
    assert caught.value.reason is SystemFailure.ENOSPC
    assert open_log(tmp_path).find(CONTENT) is None


def test_the_file_is_that_of_earlier_versions(tmp_path):
    (tmp_path / "earlier").mkdir()
    (tmp_path / "earlier" / SEARCH_LOG_NAME).write_text(EARLIER_LINE, "utf-8")
    assert open_log(tmp_path / "earlier").find(CONTENT) == FOUND
    open_log(tmp_path).add(CONTENT, FOUND)
    assert (tmp_path / SEARCH_LOG_NAME).read_text("utf-8") == EARLIER_LINE


def test_machines_write_a_file_each_and_read_all(tmp_path):
    """Two machines cannot append to one file of a network folder."""
    machines = [open_log(tmp_path, name) for name in ("north", "south")]
    open_log(tmp_path).add("c" * 64, FOUND)
    for log, content in zip(machines, (CONTENT, OTHER), strict=True):
        log.add(content, FOUND)
    for log in (*machines, open_log(tmp_path)):
        assert [log.find(content) for content in (CONTENT, OTHER, "c" * 64)] == [FOUND] * 3
    names = sorted(path.name for path in (tmp_path / ".ddrm-restore.d").iterdir())
    assert names == ["north.jsonl", "south.jsonl"]
    assert (tmp_path / SEARCH_LOG_NAME).read_bytes().count(b"version") == 1


def test_findings_are_no_results(tmp_path):
    open_log(tmp_path).add(CONTENT, FOUND)
    manifest = Manifest(tmp_path)
    assert (manifest.list_results(), manifest.list_copies()) == ((), ())
    entry = ManifestEntry(CONTENT, "s", "a.png", 0, 0, "h", 1.0, 1, 1.0, "")
    manifest.add(entry)
    assert SearchLog(manifest).find(CONTENT) == FOUND
    assert manifest.list_results() == (tmp_path / "a.png",)
