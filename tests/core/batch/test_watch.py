"""New files in a watched folder, found by repeated scans."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ddrm_core.batch.watch import FileStamp, FolderWatchState, is_readable_file, read_file_stamps

A, B = Path("a.jpg"), Path("b.jpg")
WHOLE = FileStamp(100, 5)


def told(looks, watched=None, can_be_read=lambda _: True):
    """Scan a watched folder several times; return the files that each scan reports as new.

    Args:
        looks: Files with size and time that each scan finds.
        watched: State before the first scan, None for an empty one.
        can_be_read: Predicate that says whether a file can be read.
    """
    watched, arrivals = watched or FolderWatchState(), []
    for listing in looks:
        watched, arrived = watched.update(listing, can_be_read)
        arrivals.append(list(arrived))
    return arrivals


@pytest.mark.parametrize(
    ("looks", "arrivals"),
    [
        ([{A: WHOLE}], [[]]),
        ([{A: WHOLE}, {A: WHOLE}, {A: WHOLE}], [[], [A], []]),
        ([{A: FileStamp(50, 5)}, {A: WHOLE}, {A: WHOLE}], [[], [], [A]]),  # the file was growing
        ([{A: FileStamp(100, 4)}, {A: WHOLE}, {A: WHOLE}], [[], [], [A]]),  # or overwritten
        ([{A: FileStamp(0, 5)}, {A: FileStamp(0, 5)}, {A: WHOLE}, {A: WHOLE}], [[], [], [], [A]]),
        ([{A: WHOLE}, {}, {A: WHOLE}, {A: WHOLE}], [[], [], [], [A]]),
        ([{A: WHOLE}, {A: WHOLE}, {}, {A: WHOLE}, {A: WHOLE}], [[], [A], [], [], [A]]),
        ([{A: WHOLE}, {A: WHOLE}, {A: FileStamp(9, 9)}, {A: FileStamp(9, 9)}], [[], [A], [], [A]]),
        ([{B: WHOLE, A: WHOLE}, {B: WHOLE, A: WHOLE}], [[], [B, A]]),
    ],
)
def test_a_file_arrives_once_it_stays_as_it_is(looks, arrivals):
    assert told(looks) == arrivals


def test_what_was_there_at_first_has_arrived(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"x")
    there = read_file_stamps([tmp_path / "a.jpg", tmp_path / "gone.jpg"])
    assert list(there) == [tmp_path / "a.jpg"]
    assert told([there, there], FolderWatchState(there)) == [[], []]


def test_a_file_that_cannot_be_read_yet_waits():
    open_elsewhere = iter([False, False, True])
    looks = [{A: WHOLE}] * 5
    assert told(looks, can_be_read=lambda _: next(open_elsewhere)) == [[], [], [], [A], []]


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from([A, B]), st.builds(FileStamp, st.integers(0, 2), st.integers(0, 1))
        )
    )
)
def test_nothing_arrives_twice_as_it_was(looks):
    arrivals = told(looks)
    for path in (A, B):
        seen = None
        for before, now, arrived in zip([{}, *looks], looks, arrivals, strict=False):
            if path not in now:
                seen = None
            if path in arrived:
                assert before[path] == now[path] != seen
                assert now[path].size
                seen = now[path]


def test_reading(tmp_path):
    (tmp_path / "a").write_bytes(b"x")
    (tmp_path / "empty").write_bytes(b"")
    assert is_readable_file(tmp_path / "a")
    assert not is_readable_file(tmp_path / "empty")
    assert not is_readable_file(tmp_path / "nothing")
    assert not is_readable_file(tmp_path)
