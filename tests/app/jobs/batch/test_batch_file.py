"""The batch file."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from app.jobs.batch.batch_file import BatchFileStore, SavedBatch
from app.jobs.batch.batch_items import (
    BatchItem,
    CommonSettings,
    FileSizes,
    ItemStatus,
    OutputLocation,
)
from app.jobs.run.restore_settings import RestoreSettings
from ddrm_core.batch.selection.rule import OthersPolicy, SelectionRule
from ddrm_core.export.settings import ExportSettings
from ddrm_core.metadata.model import MetadataPolicy
from ddrm_core.restoration.assumption import CompressionAssumption
from ddrm_core.sampler.corrections.parameters import StoredParameters
from ddrm_core.sampler.settings import NoiseSpacing, SamplerSettings

SAMPLER = SamplerSettings(
    steps=3, samples=5, start=400, correction="paper", spacing=NoiseSpacing.UNIFORM
)
OWN = RestoreSettings(
    SAMPLER, 2**63 - 1, "cuda:1", "mine", CompressionAssumption(10, (3, 5), "4:2:2")
)
SAVING = ExportSettings(16, MetadataPolicy.NO_GPS, True, 80)
ROWS = (
    BatchItem(1, Path("/a/böld 火.jpg"), Path("/a"), OWN),
    BatchItem(
        5, Path(os.fsdecode(b"/a/\xff.jpg")), status=ItemStatus.DONE, target=Path("/b/ff.png")
    ),
    BatchItem(2, Path("/a/c.jpg"), status=ItemStatus.FAILED, seconds=0.5, message="No.\nReally."),
    BatchItem(
        4, Path("/a/e.jpg"), status=ItemStatus.KEPT, target=Path("/b/e (2).png"), consistency=0.5
    ),
    BatchItem(6, Path("/a/f.jpg"), redo=True),
    BatchItem(
        7, Path("/a/g.jpg"), status=ItemStatus.DONE, is_partial=True, sizes=FileSizes(12, 345)
    ),
    BatchItem(8, Path("/a/h.jpg"), status=ItemStatus.OTHER, message="Not below 80"),
    BatchItem(9, Path("/a/i.jpg"), status=ItemStatus.COPIED, target=Path("/b/i.jpg")),
    BatchItem(10, Path("/a/j.jpg"), status=ItemStatus.NOT_REPLACED, message="It is a link"),
    BatchItem(3, Path("/a/d.jpg"), status=ItemStatus.SKIPPED, consistency=0.75, evaluation_count=9),
)
OF_0_1_0 = {"WAITING", "WORKING", "DONE", "SKIPPED", "FAILED", "STOPPED"}
KEPT = SavedBatch(
    OutputLocation(Path("/b"), "{stem}{ext}", keep_subfolders=False),
    CommonSettings(
        replace(
            OWN,
            prior=None,
            assumption=replace(OWN.assumption, grid=None),
            is_prior_fallback=True,
        ),
        SAVING,
        ".tiff",
    ),
    recursive=False,
    include_all_formats=True,
    tolerate_damage=True,
    items=ROWS,
    selection=SelectionRule(80, OthersPolicy.COPY),
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state" / "queue.jsonl"


@pytest.fixture
def kept(path):
    """Yield a store whose batch file holds the batch `KEPT`."""
    store = BatchFileStore(path)
    store.save(KEPT)
    yield store
    store.release()


def reread(path):
    store = BatchFileStore(path)
    try:
        return store.load()
    finally:
        store.release()


def test_all_of_it_comes_back(kept, path):
    assert kept.load() == KEPT
    kept.release()
    assert reread(path) == KEPT


def test_a_correction_that_is_not_loaded_comes_back_as_it_was(path):
    stored = StoredParameters("narrow", "correction-package 2.1", (("width", 0.25),))
    sampler = replace(SAMPLER, correction="narrow", correction_parameters=(stored,))
    batch = replace(KEPT, settings=replace(KEPT.settings, restore=replace(OWN, sampler=sampler)))
    store = BatchFileStore(path)
    store.save(batch)
    store.release()
    assert reread(path) == batch


def test_changes_come_back_and_a_file_in_work_as_a_stopped_one(kept):
    kept.append_changes([replace(ROWS[0], status=ItemStatus.DONE, consistency=1.0)])
    kept.append_changes([replace(ROWS[-1], status=ItemStatus.WORKING)])
    rows = kept.load().items
    assert [row.item_id for row in rows] == [1, 5, 2, 4, 6, 7, 8, 9, 10, 3]
    states = ["DONE", "DONE", "FAILED", "KEPT", "WAITING", "DONE", "OTHER", "COPIED"]
    assert [row.status.name for row in rows] == [*states, "NOT_REPLACED", "STOPPED"]


def test_a_list_of_0_1_0_comes_back_and_0_1_0_knows_every_state_here(kept, path):
    header, *lines = path.read_text("utf-8").splitlines()
    documents = [json.loads(line) for line in lines]
    assert {document["status"] for document in documents} <= OF_0_1_0
    for document in documents:
        del document["kept"], document["redo"], document["partial"]
    path.write_text("\n".join([header, *map(json.dumps, documents)]), "utf-8")
    rows = kept.load().items
    as_then = {
        4: replace(ROWS[3], status=ItemStatus.SKIPPED),
        6: replace(ROWS[4], redo=False),
        7: replace(ROWS[5], is_partial=False),
    }
    assert rows == tuple(as_then.get(row.item_id, row) for row in ROWS)


def test_what_a_kill_cut_off_is_left_out(kept, path):
    whole = path.read_bytes()
    last = len(whole.splitlines(keepends=True)[-1])
    for cut in (1, last // 2, last - 1):
        path.write_bytes(whole[:-cut])
        expected = ROWS if cut == 1 else ROWS[:-1]  # one missing byte is only the line break
        assert kept.load().items == expected


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe", b'{"version": 99}\n', b"[1]\n", b"7"])
def test_what_is_no_queue_is_none(kept, path, content):
    path.write_bytes(content)
    assert kept.load() is None


def test_a_second_window_neither_takes_it_nor_spoils_it(kept, path):
    second = BatchFileStore(path)
    assert second.load() is None
    second.save(replace(KEPT, items=()))
    second.append_changes(ROWS[:1])
    second.delete()
    assert kept.load() == KEPT
    kept.release()
    kept.delete()  # has no effect after the release
    second.append_changes(ROWS[:1])  # has no effect: the file was in use at the load
    second.save(replace(KEPT, items=()))
    second.release()
    assert reread(path) == KEPT


def test_forgetting(kept, path):
    kept.delete()
    assert not path.exists()
    kept.delete()
