"""Recorded throughputs: found again, the latest counts, and no file is too broken."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from app.config.throughput_store import ThroughputKey, ThroughputStore, find_size_class
from ddrm_core.performance.recorded_throughput import RecordedThroughput

KEY = ThroughputKey("ffdnet-color", "cpu", 2, "bins", 8)
SLOW, FAST = RecordedThroughput(2e-6, 8), RecordedThroughput(1e-7, 0)


@pytest.fixture
def store(tmp_path) -> ThroughputStore:
    return ThroughputStore(tmp_path / "state" / "throughputs.json")


def test_the_latest_throughput_of_a_run_is_found(store):
    assert store.find(KEY) is None
    store.record(KEY, SLOW)
    store.record(KEY, FAST)
    assert store.find(KEY) == FAST
    assert store.find(ThroughputKey("ffdnet-color", "cpu", 1, "bins", 8)) is None


def test_images_of_another_size_have_their_own_throughput(store):
    store.record(replace(KEY, size_class=8), SLOW)
    store.record(replace(KEY, size_class=9), FAST)
    found = [store.find(replace(KEY, size_class=size_class)) for size_class in range(6, 12)]
    assert found == [None, SLOW, SLOW, FAST, FAST, None]
    assert find_size_class(256 * 256) == 8
    assert find_size_class(48 * 48) == find_size_class(4 * 48 * 48) - 1
    assert find_size_class(1000 * 1000) == find_size_class(6000 * 4000)


def test_the_oldest_entries_give_way(store):
    for threads in range(2):
        store.record(ThroughputKey("a", "cpu", threads, "bins", 8), SLOW)
    document = json.loads(store.path.read_text())
    document["throughputs"] += [document["throughputs"][1] | {"threads": n} for n in range(2, 100)]
    store.path.write_text(json.dumps(document))
    store.record(KEY, FAST)
    found = [store.find(ThroughputKey("a", "cpu", n, "bins", 8)) is not None for n in range(100)]
    assert found == [False] + [True] * 99
    assert store.find(KEY) == FAST


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"[]",
        b'{"version": 2, "throughputs": []}',
        b'{"version": 1, "throughputs": [{}]}',
        b'{"version": 1, "throughputs": 3}',
        b"[" * 100_000,
    ],
    ids=lambda content: str(content[:30]),
)
def test_a_file_that_cannot_be_used_is_replaced(store, content):
    store.path.parent.mkdir()
    store.path.write_bytes(content)
    assert store.find(KEY) is None
    store.record(KEY, SLOW)
    assert store.find(KEY) == SLOW


@pytest.mark.parametrize(("field", "value"), [("seconds_per_pixel", 0.0), ("border", -1)])
def test_impossible_numbers_are_not_used(store, field, value):
    store.record(KEY, SLOW)
    document = json.loads(store.path.read_text())
    document["throughputs"][0][field] = value
    store.path.write_text(json.dumps(document))
    assert store.find(KEY) is None


def test_where_nothing_can_be_written_nothing_is_recorded(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    store = ThroughputStore(tmp_path / "file" / "throughputs.json")
    store.record(KEY, SLOW)
    assert store.find(KEY) is None
    assert [path.name for path in Path(tmp_path).iterdir()] == ["file"]
