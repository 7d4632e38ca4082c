"""Files that arrive in a watched folder and are restored."""

from __future__ import annotations

import pytest

from app.jobs.batch.batch_items import ItemStatus, OutputLocation
from app.jobs.batch.watch_folder import FolderWatcher
from tests.support.batch_queue import statuses
from tests.support.window_fixtures import settle


@pytest.fixture
def looks(monkeypatch):
    """Return a list that grows by one item whenever the scan of a watched folder ends."""
    over, look = [], FolderWatcher.scan

    def noted(self, **options):
        found = look(self, **options)
        over.append(1)
        return found

    monkeypatch.setattr(FolderWatcher, "scan", noted)
    return over


def test_what_arrives_in_a_watched_folder_is_restored_while_that_is_on(
    qtbot, window, queue, answers, original, tmp_path, looks, runners, nothing_left_behind
):
    watched = tmp_path / "inbox"
    watched.mkdir()
    answers.to_take = watched
    watch = window.action_set.batch.watch_folder
    watch.trigger()
    assert watch.isChecked()
    assert "watching inbox" in window.batch_controller.page.progress_label.toolTip()
    original.crop((0, 0, 16, 16)).save(watched / "a.jpg", quality=10)
    qtbot.waitUntil(lambda: statuses(queue) == [ItemStatus.DONE], timeout=20000)
    assert (tmp_path / "inbox restored" / "a_restored.png").exists()

    watched.rename(tmp_path / "away")
    qtbot.waitUntil(lambda: window.message_bar.isVisible(), timeout=5000)
    assert window.message_bar.title_label.text() == f"The watched folder {watched} cannot be read"
    window.message_bar.hide()
    (tmp_path / "away").rename(watched)
    original.crop((1, 0, 17, 16)).save(watched / "b.jpg", quality=10)
    qtbot.waitUntil(lambda: statuses(queue) == [ItemStatus.DONE] * 2, timeout=20000)
    assert not window.message_bar.isVisible()  # the message is shown only once

    watch.trigger()
    assert not watch.isChecked()
    assert queue.state.captured_settings is None
    settle(qtbot, *runners)  # a search that was running ends
    looks.clear()
    original.crop((2, 0, 18, 16)).save(watched / "c.jpg", quality=10)
    assert not [timer for timer in nothing_left_behind.active_timers if timer.interval() == 20]
    settle(qtbot, *runners)
    assert not looks


def test_a_watched_folder_never_takes_its_own_results(qtbot, window, queue, answers, folder, looks):
    answers.to_take = folder
    queue.set_include_all_formats(True)
    queue.set_output_location(OutputLocation(folder))
    window.action_set.batch.watch_folder.trigger()
    qtbot.waitUntil(lambda: queue.state.counts.done == 6, timeout=20000)
    looks.clear()
    qtbot.waitUntil(lambda: len(looks) > 4, timeout=20000)
    assert queue.state.counts.total == 7  # an empty file is still being written
