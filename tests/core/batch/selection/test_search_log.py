"""A search for an earlier compression is remembered with the content of the file."""

from __future__ import annotations

import json
import os

import pytest

from ddrm_core.batch.selection.search_log import SearchFinding, SearchLog
from ddrm_core.errors import UnreadableFile, UnwritableOutput
from ddrm_core.jpeg.recompression import PreviousCompression
from ddrm_core.os_errors import SystemFailure

CONTENT, OTHER = "a" * 64, "b" * 64
FOUND = SearchFinding(PreviousCompression(31, 3, 0, "4:2:0", 0.98))


def test_findings_are_there_for_the_next_batch(tmp_path):
    log = SearchLog(tmp_path / "out")
    assert log.find(CONTENT) is None
    log.add(CONTENT, FOUND)
    log.add(OTHER, SearchFinding(None))
    for each in (log, SearchLog(tmp_path / "out")):
        assert each.find(CONTENT) == FOUND
        assert each.find(OTHER) == SearchFinding(None)
        assert each.find("c" * 64) is None


def test_a_line_that_was_cut_off_harms_no_other(tmp_path):
    SearchLog(tmp_path).add(CONTENT, FOUND)
    path = SearchLog(tmp_path).path
    path.write_bytes(path.read_bytes()[:-9])
    SearchLog(tmp_path).add(OTHER, FOUND)
    log = SearchLog(tmp_path)
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
    log = SearchLog(tmp_path)
    log.add(CONTENT, FOUND)
    values = json.loads(log.path.read_text("utf-8"))
    target = values if change.keys() <= values.keys() | {"more"} else values["previous_compression"]
    target |= change
    log.path.write_text(json.dumps(values) + "\n[1]\nnull\n", "utf-8")
    assert SearchLog(tmp_path).find(CONTENT) is None


def test_a_file_that_cannot_be_read_is_an_error(tmp_path):
    SearchLog(tmp_path).path.mkdir()
    with pytest.raises(UnreadableFile):
        SearchLog(tmp_path).find(CONTENT)


def test_a_finding_that_the_disk_has_no_space_for_is_an_error(tmp_path, monkeypatch):
    write = os.write
    with monkeypatch.context() as full_disk:
        full_disk.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:5]))
        with pytest.raises(UnwritableOutput) as caught:
            SearchLog(tmp_path).add(CONTENT, SearchFinding(None))
    assert caught.value.reason is SystemFailure.ENOSPC
    assert SearchLog(tmp_path).find(CONTENT) is None
