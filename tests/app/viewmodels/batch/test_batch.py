"""The batch view model with real threads and a real prior, without a window."""

from __future__ import annotations

import errno
import os
import threading
from dataclasses import replace
from pathlib import Path

from app.jobs.batch.batch_file import BatchFileStore
from app.jobs.batch.batch_items import CommonSettings, ItemStatus, OutputLocation
from app.jobs.batch.search_files import FolderSearchSummary
from app.jobs.worker import JobRunner
from app.viewmodels.batch.batch import BatchViewModel
from app.viewmodels.batch.batch_events import (
    BatchErrorOccurred,
    BatchFinished,
    BatchPausedByWriteError,
    UnfinishedBatchLoaded,
)
from ddrm_core.batch.manifest.lines import MANIFEST_NAME
from ddrm_core.errors import PriorNotInstalled, UnreadableFile, UnwritableOutput
from ddrm_core.os_errors import SystemFailure
from tests.support.batch_queue import QUICK, add, over, statuses, told

MISSING = replace(QUICK, prior="adm-256")


def test_a_prior_that_is_missing_stops_the_queue_instead_of_failing_every_file(
    qtbot, queue, pictures
):
    queue.set_default_settings(CommonSettings(MISSING))
    add(qtbot, queue, pictures)
    queue.start()
    over(qtbot, queue)
    assert statuses(queue) == [ItemStatus.STOPPED, ItemStatus.WAITING, ItemStatus.WAITING]
    (trouble,) = told(queue, BatchErrorOccurred)
    assert isinstance(trouble.error, PriorNotInstalled)
    assert not told(queue, BatchFinished)


def test_a_prior_that_only_one_file_wants_fails_that_file_alone(qtbot, queue, pictures):
    add(qtbot, queue, pictures)
    queue.set_own_settings([2], MISSING)
    queue.start()
    over(qtbot, queue)
    assert statuses(queue) == [ItemStatus.DONE, ItemStatus.FAILED, ItemStatus.DONE]
    assert "adm-256" in queue.state.items[1].message
    assert told(queue, BatchFinished)[0].counts.failed == 1


def test_a_full_disk_pauses_the_queue_which_goes_on_later(
    qtbot, queue, pictures, tmp_path, monkeypatch
):
    real, out = Path.write_bytes, tmp_path / "out"

    def write_bytes(path, data):
        if path.parent == out and any(out.glob("*.png")):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(path, data)

    add(qtbot, queue, pictures)
    queue.set_output_location(OutputLocation(out))
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", write_bytes)
        queue.start()
        over(qtbot, queue)
    assert statuses(queue) == [ItemStatus.DONE, ItemStatus.STOPPED, ItemStatus.WAITING]
    (full,) = told(queue, BatchPausedByWriteError)
    assert (full.folder, full.error.reason, full.remaining) == (out, SystemFailure.ENOSPC, 2)
    assert not told(queue, BatchFinished)
    assert queue.state.is_paused
    queue.start()
    over(qtbot, queue)
    assert statuses(queue) == [ItemStatus.DONE] * 3
    assert told(queue, BatchFinished)[0].counts.done == 3


def test_the_place_of_results_stays_while_files_are_restored(qtbot, queue, pictures, tmp_path):
    add(qtbot, queue, pictures)
    place = OutputLocation(tmp_path / "out")
    queue.set_output_location(place)
    queue.start()
    queue.set_output_location(OutputLocation(tmp_path / "other"))
    queue.set_output_location(OutputLocation(None))
    over(qtbot, queue)
    assert queue.state.output_location == place
    assert {row.target.parent for row in queue.state.items} == {place.folder}
    assert statuses(queue) == [ItemStatus.DONE] * 3


def test_files_are_kept_by_paths_that_hold_everywhere(qtbot, queue, pictures, monkeypatch):
    folder = pictures[0].parent
    monkeypatch.chdir(folder)
    add(qtbot, queue, [Path()])
    assert [row.source for row in queue.state.items] == pictures
    assert queue.state.output_location.folder == folder.with_name("in restored")


def test_a_search_says_what_it_found_and_could_not_read(qtbot, queue, tmp_path, pictures):
    paths = (pictures[0].parent, tmp_path / "empty")
    queue.add_paths(paths)
    qtbot.waitUntil(lambda: bool(told(queue, FolderSearchSummary)), timeout=5000)
    assert told(queue, FolderSearchSummary) == [
        FolderSearchSummary(4, (), paths)
    ]  # a path that is not a folder is added as a file
    (tmp_path / "none").mkdir()
    queue.add_paths([tmp_path / "none"])
    qtbot.waitUntil(lambda: len(told(queue, FolderSearchSummary)) == 2, timeout=5000)
    assert told(queue, FolderSearchSummary)[1].file_count == 0
    queue.add_paths(pictures[:2])
    qtbot.waitUntil(lambda: len(told(queue, FolderSearchSummary)) == 3, timeout=5000)
    assert told(queue, FolderSearchSummary)[2].known_count == 2


def test_what_keeps_a_watched_folder_from_being_looked_into_is_said_once(
    qtbot, queue, files, pictures, tmp_path
):
    (tmp_path / "out" / MANIFEST_NAME).mkdir(parents=True)  # a folder cannot be read as a file
    queue.set_output_location(OutputLocation(tmp_path / "out"))
    looks = []
    files.ended.connect(lambda run, _: looks.append(run))
    queue.watch_folder(pictures[0].parent)
    qtbot.waitUntil(lambda: len(looks) > 5, timeout=5000)
    (trouble,) = told(queue, BatchErrorOccurred)
    assert isinstance(trouble.error, UnreadableFile)
    (tmp_path / "out" / MANIFEST_NAME).rmdir()
    qtbot.waitUntil(lambda: statuses(queue) == [ItemStatus.DONE] * 3, timeout=20000)


def test_the_list_is_on_disk_after_every_change(qtbot, queue, pictures, kept):
    add(qtbot, queue, pictures)
    queue.move_items([3], -1)
    queue.remove_items([1])

    def written():
        return kept.exists() and [line.split(",")[0] for line in kept.read_text().splitlines()[1:]]

    qtbot.waitUntil(lambda: written() == ['{"number": 3', '{"number": 2'], timeout=5000)
    queue.start()
    over(qtbot, queue)
    qtbot.waitUntil(lambda: kept.read_text().count('"DONE"') == 2, timeout=5000)
    queue.clear_finished_items()
    qtbot.waitUntil(lambda: not kept.exists(), timeout=5000)


def test_what_came_before_the_last_list_was_read_stays_behind_it(
    qtbot, qapp, queue, files, runner, engine, pictures, kept
):
    add(qtbot, queue, pictures[:2])
    queue.set_include_all_formats(True)
    files.shutdown()
    queue.close()
    other = JobRunner(qapp)
    second = BatchViewModel(runner, other, engine, BatchFileStore(kept))
    second.told = []
    second.event_occurred.connect(second.told.append)
    second.set_default_settings(CommonSettings(QUICK))
    second.load_saved_batch()
    second.add_paths([pictures[2]])
    qtbot.waitUntil(lambda: second.state.counts.total == 3, timeout=5000)
    assert [row.source for row in second.state.items] == pictures
    assert [row.item_id for row in second.state.items] == [1, 2, 3]
    assert second.state.include_all_formats
    assert told(second, UnfinishedBatchLoaded)[0].counts.remaining == 2
    other.shutdown()
    second.close()


def test_a_list_that_cannot_be_kept_is_said_and_ends_nothing(qtbot, queue, pictures, kept):
    kept.parent.write_text("a file where a folder should be")
    add(qtbot, queue, pictures)
    qtbot.waitUntil(lambda: bool(told(queue, BatchErrorOccurred)), timeout=5000)
    queue.start()
    over(qtbot, queue)
    assert statuses(queue) == [ItemStatus.DONE] * 3
    (trouble,) = told(queue, BatchErrorOccurred)  # reported only once
    assert isinstance(trouble.error, UnwritableOutput)
    kept.parent.unlink()
    queue.move_items([3], -1)
    qtbot.waitUntil(lambda: kept.exists() and kept.read_text().count('"DONE"') == 3, timeout=5000)


def test_threads_that_want_one_prior_get_the_same_one(engine):
    loaded, together = [], threading.Barrier(4)

    def ask():
        together.wait()
        loaded.append(engine.load("cpu"))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(prior) for prior in loaded}) == 1


def test_a_file_that_is_no_picture_fails_alone_and_waits_again_when_it_is_retried(
    qtbot, queue, pictures
):
    pictures[1].write_text("Dear reader,")
    add(qtbot, queue, pictures)
    queue.start()
    over(qtbot, queue)
    assert statuses(queue) == [ItemStatus.DONE, ItemStatus.FAILED, ItemStatus.DONE]
    assert "The file is not a picture" in queue.state.items[1].message
    assert not told(queue, BatchErrorOccurred)
    assert told(queue, BatchFinished)[0].counts.failed == 1
    queue.retry_failed_items()
    assert statuses(queue) == [ItemStatus.DONE, ItemStatus.WAITING, ItemStatus.DONE]


def test_stopping_before_the_first_file_leaves_all_of_them_waiting(qtbot, queue, pictures):
    add(qtbot, queue, pictures)
    queue.start()
    queue.stop()
    over(qtbot, queue)
    assert statuses(queue) == [ItemStatus.WAITING] * 3
    assert not told(queue, BatchErrorOccurred)
    assert not told(queue, BatchFinished)
    assert queue.state.can_start


def test_a_folder_that_is_watched_before_the_list_is_read_stays_watched(
    qtbot, qapp, queue, files, runner, engine, pictures, second, kept
):
    add(qtbot, queue, pictures)
    files.shutdown()
    queue.close()
    other = JobRunner(qapp)
    again = BatchViewModel(runner, other, engine, BatchFileStore(kept), watch_interval_ms=10)
    again.load_saved_batch()
    again.watch_folder(second[0].parent)
    qtbot.waitUntil(lambda: again.state.counts.total == 3)
    assert again.state.watched_folder.folder == second[0].parent
    other.shutdown()
    again.close()
