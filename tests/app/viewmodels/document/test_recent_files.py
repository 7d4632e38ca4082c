"""The list of recent files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config.window_state import MAX_RECENT_FILES
from app.viewmodels.document.recent_files import (
    RecentFilesState,
    RecentFilesViewModel,
    with_opened_file,
    without_files,
)

PATHS = st.lists(st.integers(0, 20).map(lambda n: Path(f"/{n}.jpg")), max_size=60)


@given(PATHS)
def test_the_latest_come_first_and_none_comes_twice(paths):
    state = RecentFilesState()
    for path in paths:
        state = with_opened_file(state, path)
    expected = list(dict.fromkeys(reversed(paths)))[:MAX_RECENT_FILES]
    assert list(state.files) == expected
    assert state.latest_file == (expected[0] if expected else None)


def test_a_file_that_was_opened_is_there():
    a, b = Path("/a.jpg"), Path("/b.jpg")
    state = with_opened_file(RecentFilesState((a, b), frozenset({a, b})), b)
    assert state == RecentFilesState((b, a), frozenset({a}))
    assert without_files(state, [a]) == RecentFilesState((b,))


@pytest.fixture
def recent(runner):
    return RecentFilesViewModel(runner)


def test_looking_finds_what_is_missing_and_keeps_it(qtbot, recent, tmp_path):
    here, gone = tmp_path / "here.jpg", tmp_path / "gone.jpg"
    here.touch()
    recent.set_files([gone, here, tmp_path])
    recent.check_missing_files()
    qtbot.waitUntil(lambda: bool(recent.state.missing_files), timeout=5000)
    assert recent.state.missing_files == {gone, tmp_path}
    assert recent.state.files == (gone, here, tmp_path)


def test_a_refused_file_leaves_the_list_only_where_it_is_gone(qtbot, recent, tmp_path):
    damaged, gone = tmp_path / "damaged.jpg", tmp_path / "gone.jpg"
    damaged.touch()
    recent.set_files([gone, damaged])
    recent.handle_open_failure(damaged)
    recent.handle_open_failure(gone)
    qtbot.waitUntil(lambda: recent.state.files == (damaged,), timeout=5000)
    recent.handle_open_failure(tmp_path / "never opened.jpg")
    recent.clear()
    assert recent.state == RecentFilesState()
