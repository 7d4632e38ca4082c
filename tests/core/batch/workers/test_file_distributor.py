"""Files that several workers take: once each, equal ones in turn, lost ones again."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from ddrm_core.batch.output_paths import PlannedFile
from ddrm_core.batch.workers.file_distributor import MAX_TRIES, FileDistributor

CONTENTS = ("cat", "dog", "dog", "cat", "owl", "cat")


def planned(count: int) -> list[PlannedFile]:
    return [PlannedFile(Path(f"{n}.jpg"), Path(f"{n}.png")) for n in range(count)]


@settings(deadline=None)
@given(st.lists(st.integers(0, 99), max_size=120), st.integers(1, 4))
def test_every_file_ends_once_and_equal_ones_never_run_together(choices, worker_count):
    """Any order of ends and losses of workers gives every file exactly one end."""
    distributor = FileDistributor(planned(len(CONTENTS)))
    active, finished, losses = [], [], Counter()
    random = iter(choices)
    while True:
        while len(active) < worker_count and (taken := distributor.take()) is not None:
            if distributor.start_content(taken, CONTENTS[taken.number - 1]):
                active.append(taken)
            else:
                distributor.defer(taken)
        contents = [each.content for each in active]
        assert len(contents) == len(set(contents))
        if not active:
            break
        choice = next(random, 0)
        ended = active.pop(choice % len(active))
        if choice < 70:
            distributor.finish(ended)
        else:
            losses[ended.number] += 1
            if distributor.lose(ended):
                continue
        finished.append(ended.number)
    assert distributor.is_empty
    assert sorted(finished) == [1, 2, 3, 4, 5, 6]
    assert max(losses.values(), default=0) <= MAX_TRIES


def test_a_file_is_requested_only_when_a_worker_is_free():
    requested = []

    def endless():
        for file in planned(1000):
            requested.append(file)
            yield file

    distributor = FileDistributor(endless())
    assert [distributor.take().number for _ in range(3)] == [1, 2, 3]
    assert len(requested) == 3
    assert not distributor.is_empty


def test_a_file_that_asked_while_an_equal_one_ended_is_not_forgotten():
    distributor = FileDistributor(planned(2))
    first, second = distributor.take(), distributor.take()
    assert distributor.start_content(first, "cat")
    assert not distributor.start_content(second, "cat")
    distributor.finish(first)
    distributor.defer(second)  # the worker's message was on its way
    assert distributor.take() is second
    assert distributor.start_content(second, "cat")
