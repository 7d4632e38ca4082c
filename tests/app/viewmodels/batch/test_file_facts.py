"""The view model of facts about files, their texts, and orders of the list by them."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from app.jobs.batch.batch_cost import BatchCost
from app.jobs.batch.batch_items import BatchItem, FileSizes
from app.jobs.batch.file_facts import FileFacts, read_facts_job
from app.jobs.worker import JobRunner
from app.viewmodels.batch import batch_transitions as transitions
from app.viewmodels.batch.batch_state import BatchState
from app.viewmodels.batch.overview.batch_cost import BatchCostState
from app.viewmodels.batch.overview.file_facts import FileFactsState, FileFactsViewModel
from app.viewmodels.batch.overview.file_facts_text import (
    attached_data_text,
    count_qualities,
    damage_text,
    earlier_compression_text,
    expected_error_text,
    file_size_text,
    files_text,
    histogram_text,
    image_size_text,
    quality_text,
    sampling_text,
)
from app.viewmodels.batch.overview.item_order import ItemOrder, sort_items
from ddrm_core.batch.triage.image_facts import ImageFacts
from ddrm_core.errors import DamagedJpeg
from ddrm_core.jpeg.quality_factor import LibjpegQuality
from ddrm_core.jpeg.reasons import CutOffReason
from ddrm_core.jpeg.recompression import PreviousCompression
from ddrm_core.messages import Message
from tests.support.batch_queue import add
from tests.support.window_fixtures import settle


def facts_of(name, quality=None, **changes):
    tables = None if quality is None else LibjpegQuality(quality, is_exact=True)
    coding = "" if quality is None else "baseline"
    image = ImageFacts(Path(name), 1000, "JPEG", 40, 30, 3, coding, quality=tables)
    return FileFacts(replace(image, **changes))


def state_of(*files):
    return FileFactsState({facts.image.path: facts for facts in files})


@pytest.fixture
def inspection(qapp):
    runner = JobRunner(qapp)
    yield runner
    runner.shutdown()


@pytest.fixture
def facts(inspection, queue):
    facts = FileFactsViewModel(inspection, queue)
    yield facts
    facts.stop()


def is_read(facts, count):
    return len(facts.state.by_source) == count and not facts.state.is_reading


def test_files_are_read_as_they_are_added_and_forgotten_as_they_are_removed(
    qtbot, queue, facts, pictures, second
):
    add(qtbot, queue, pictures)
    qtbot.waitUntil(lambda: is_read(facts, 3))
    assert {read.image.quality.factor for read in facts.state.by_source.values()} == {10}
    queue.add_paths(second)
    qtbot.waitUntil(lambda: is_read(facts, 6))
    queue.remove_items([item.item_id for item in queue.state.items[:4]])
    assert list(facts.state.by_source) == second[1:]


def test_a_file_that_is_removed_and_added_while_it_is_read_is_read_anew(
    qtbot, queue, facts, pictures, original, monkeypatch
):
    """The file may have changed in between."""
    is_read_first, may_end = threading.Event(), threading.Event()

    def read_slowly(sources, token, *, searches_compression):
        groups = list(read_facts_job(sources, token, searches_compression=searches_compression))
        is_read_first.set()
        assert may_end.wait(60)
        yield from groups

    monkeypatch.setattr("app.viewmodels.batch.overview.file_facts.read_facts_job", read_slowly)
    add(qtbot, queue, pictures)
    qtbot.waitUntil(is_read_first.is_set)
    queue.remove_items([item.item_id for item in queue.state.items])
    original.crop((0, 0, 9, 11)).save(pictures[0], quality=90)
    add(qtbot, queue, pictures)
    may_end.set()
    qtbot.waitUntil(lambda: is_read(facts, 3))
    assert facts.state.by_source[pictures[0]].image.quality.factor == 90


def test_earlier_compressions_are_searched_for_on_request_visible_files_first(
    qtbot, queue, facts, inspection, pictures, text_file
):
    add(qtbot, queue, [*pictures, text_file])
    qtbot.waitUntil(lambda: is_read(facts, 4))
    settle(qtbot, inspection)
    assert not any(read.image.was_searched for read in facts.state.by_source.values())
    order = []
    facts.state_changed.connect(
        lambda state: order.extend(
            path
            for path, read in state.by_source.items()
            if read.image.was_searched and path not in order
        )
    )
    facts.show_items([queue.state.items[2].item_id])
    facts.set_searching(True)
    qtbot.waitUntil(lambda: len(order) == 3 and not facts.state.is_reading)
    assert order[0] in pictures
    assert set(order) == set(pictures)  # a text has no compression to search for


def test_nothing_is_read_while_files_are_restored(qtbot, queue, facts, inspection, pictures):
    queue.add_paths(pictures)
    qtbot.waitUntil(lambda: queue.state.can_start and not queue.state.active_searches)
    queue.start()
    facts.set_searching(True)
    settle(qtbot, inspection)
    assert not facts.state.is_reading
    assert not any(read.image.was_searched for read in facts.state.by_source.values())
    qtbot.waitUntil(lambda: not queue.state.is_active)
    qtbot.waitUntil(
        lambda: [read.image.was_searched for read in facts.state.by_source.values()] == [True] * 3
    )


def test_a_search_that_a_batch_interrupts_is_made_afterwards(qtbot, queue, facts, pictures):
    queue.add_paths(pictures)
    qtbot.waitUntil(lambda: queue.state.can_start and is_read(facts, 3))
    facts.set_searching(True)
    assert facts.state.is_reading
    queue.start()
    assert not facts.state.is_reading
    qtbot.waitUntil(lambda: not queue.state.is_active)
    qtbot.waitUntil(lambda: is_read(facts, 3))
    assert [read.image.was_searched for read in facts.state.by_source.values()] == [True] * 3


def test_each_fact_has_a_text():
    custom = LibjpegQuality(85, is_exact=False)
    image = facts_of("a.jpg", 90, chroma_sampling="4:2:0", quantization_error=3.26).image
    assert image_size_text(image) == "40 × 30"  # noqa: RUF001
    assert quality_text(image) == "90"
    assert quality_text(replace(image, quality=custom)) == "custom, near 85"
    assert quality_text(facts_of("a.png", format_name="PNG").image) == "none (PNG)"
    assert sampling_text(image) == "4:2:0"
    assert sampling_text(replace(image, chroma_sampling="grey")) == "gray"
    assert expected_error_text(image) == "3.3"
    assert earlier_compression_text(image) == ""
    assert earlier_compression_text(replace(image, was_searched=True)) == "no"
    earlier = replace(image, previous_compression=PreviousCompression(15, 0, 0, "4:2:0", 0.9))
    assert earlier_compression_text(earlier) == "JPEG quality 15"
    damage = Message(CutOffReason.PART, {"share": 40})
    damaged = replace(image, damage=damage, refusal=DamagedJpeg(Path("a.jpg"), damage))
    assert damage_text(damaged) == str(damage)
    assert damage_text(image) == attached_data_text(image) == ""
    assert damage_text(ImageFacts(Path("a.jpg"), refusal=OSError("bad"))).startswith("Unexpected")
    item = BatchItem(1, Path("a.jpg"))
    assert file_size_text(item, None) == ""
    assert file_size_text(item, facts_of("a.jpg")) == "1.0 kB"
    done = replace(item, sizes=FileSizes(1000, 2500))
    assert file_size_text(done, facts_of("a.jpg")) == "1.0 kB → 2.5 kB"


def test_the_files_are_counted_by_what_may_be_wrong_with_them():
    damaged = facts_of("b.jpg", 20, is_partially_restorable=True)
    unreadable = FileFacts(ImageFacts(Path("c.jpg"), 10))
    state = state_of(facts_of("a.jpg", 10), damaged, unreadable, facts_of("d.png"))
    assert files_text(state) == "4 files, 3.0 kB; 1 not JPEG, 1 damaged, 1 unreadable"
    assert files_text(state_of(facts_of("a.jpg", 10))) == "1 file, 1.0 kB"
    assert files_text(replace(state, is_reading=True)).endswith("1 unreadable. Reading files…")


def test_the_histogram_counts_every_jpeg_once():
    files = [facts_of(f"{n}.jpg", n) for n in range(1, 101)]
    assert count_qualities([*files, facts_of("a.png")]) == (10,) * 10
    text = histogram_text(count_qualities([files[0], files[9], files[10]]))
    assert text == "JPEG quality 1 to 10: 2 files\nJPEG quality 11 to 20: 1 file"
    assert histogram_text(count_qualities([])) == "No JPEG has been read yet"


@pytest.mark.parametrize("order", ItemOrder)
def test_an_order_puts_unknown_values_last_and_keeps_equal_ones(order):
    names = ("b 10.jpg", "b 2.jpg", "a.jpg", "unknown.jpg")
    items = [BatchItem(n, Path(name)) for n, name in enumerate(names)]
    state = state_of(*(facts_of(name, 50) for name in names[:3]))
    for descending in (False, True):
        ids = sort_items(items, order, state, BatchCostState(), is_descending=descending)
        if order is ItemOrder.FILE:
            assert ids == ((3, 0, 1, 2) if descending else (2, 1, 0, 3))
        else:
            assert ids == (0, 1, 2, 3)


def test_items_are_sorted_by_facts_results_and_expected_times():
    names = ("a", "b", "c")
    items = [BatchItem(n, Path(name), seconds=3.0 - n) for n, name in enumerate(names)]
    sizes = [facts_of("a", 90), facts_of("b", 20, width=500), facts_of("c", 50, file_size=7)]
    state, cost = state_of(*sizes), BatchCostState(BatchCost(seconds_by_item={0: 5, 1: 9, 2: 1}))

    def ids(order, *, descending=False):
        return sort_items(items, order, state, cost, is_descending=descending)

    assert ids(ItemOrder.QUALITY) == (1, 2, 0)
    assert ids(ItemOrder.QUALITY, descending=True) == (0, 2, 1)
    assert ids(ItemOrder.IMAGE_SIZE, descending=True) == (1, 0, 2)
    assert ids(ItemOrder.FILE_SIZE) == (2, 0, 1)
    assert ids(ItemOrder.EXPECTED_TIME) == (2, 0, 1)
    assert ids(ItemOrder.SECONDS) == (2, 1, 0)


def test_ordered_items_are_the_same_items():
    state = transitions.replace_items(BatchState(), [BatchItem(n, Path(f"{n}")) for n in range(5)])
    ordered = transitions.order_items(state, [3, 1, 99])
    assert [item.item_id for item in ordered.items] == [3, 1, 0, 2, 4]
    assert ordered.counts == state.counts
