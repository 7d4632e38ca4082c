"""The batch view model with real threads and a real prior, without a window."""

from __future__ import annotations

import errno
import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from app.jobs.batch.batch_file import BatchFileStore
from app.jobs.batch.batch_items import (
    CommonSettings,
    ItemStatus,
    OutputLocation,
)
from app.jobs.batch.search_files import FolderSearchSummary
from app.jobs.run.restore_settings import RestoreSettings
from app.jobs.worker import JobRunner
from app.viewmodels.batch.batch import BatchViewModel
from app.viewmodels.batch.batch_events import (
    BatchErrorOccurred,
    BatchFinished,
    BatchPausedByWriteError,
    RedoQuestion,
    UnfinishedBatchLoaded,
)
from app.viewmodels.batch.batch_state import BatchPhase
from ddrm_core.batch.manifest import MANIFEST_NAME
from ddrm_core.batch.prior_of_results import PriorFallbackRefused
from ddrm_core.errors import InvalidSetting, PriorNotInstalled, UnreadableFile, UnwritableOutput
from ddrm_core.os_errors import SystemFailure
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.window_fixtures import write_renamed_prior

QUICK = RestoreSettings(SamplerSettings(steps=1, samples=1), 0, "cpu")
MISSING = replace(QUICK, prior="adm-256")
FALLBACK = replace(QUICK, is_prior_fallback=True)


@pytest.fixture
def files(qapp):
    runner = JobRunner(qapp)
    yield runner
    runner.shutdown()


@pytest.fixture
def kept(tmp_path):
    return tmp_path / "state" / "queue.jsonl"


@pytest.fixture
def queue(runner, files, engine, kept):
    queue = BatchViewModel(runner, files, engine, BatchFileStore(kept), watch_interval_ms=10)
    queue.set_default_settings(CommonSettings(QUICK))
    queue.told = []
    queue.event_occurred.connect(queue.told.append)
    yield queue
    for one in (runner, files):
        one.shutdown()
    queue.close()


@pytest.fixture
def pictures(tmp_path, original):
    paths = [tmp_path / "in" / f"{number}.jpg" for number in range(3)]
    paths[0].parent.mkdir()
    for number, path in enumerate(paths):
        original.crop((number, 0, number + 9, 11)).save(path, quality=10)
    return paths


def told(queue, kind):
    return [event for event in queue.told if isinstance(event, kind)]


def statuses(queue):
    return [row.status for row in queue.state.items]


def add(qtbot, queue, pictures):
    queue.add_paths(pictures)
    qtbot.waitUntil(lambda: queue.state.can_start and not queue.state.active_searches, timeout=5000)


def over(qtbot, queue):
    qtbot.waitUntil(lambda: queue.state.phase is BatchPhase.IDLE, timeout=60000)


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


class TestPriorFallback:
    @pytest.fixture
    def started(self, qtbot, queue, pictures, prior_folder):
        """Restore the first file with another prior, and add the others for the fallback."""
        prior_folder.mkdir(parents=True)
        write_renamed_prior(prior_folder / "mine.safetensors", "mine")
        queue.set_default_settings(CommonSettings(replace(QUICK, prior="mine")))
        add(qtbot, queue, pictures[:1])
        queue.start()
        over(qtbot, queue)
        assert statuses(queue) == [ItemStatus.DONE]
        queue.set_default_settings(CommonSettings(FALLBACK))
        add(qtbot, queue, pictures[1:])
        return queue

    def test_the_batch_does_not_start_beside_results_of_another_prior(
        self, qtbot, started, pictures
    ):
        folder = started.state.output_location.folder
        started.start()
        over(qtbot, started)
        assert statuses(started) == [ItemStatus.DONE, ItemStatus.WAITING, ItemStatus.WAITING]
        (event,) = told(started, BatchErrorOccurred)
        assert isinstance(event.error, PriorFallbackRefused)
        assert (event.error.path, event.error.prior) == (started.state.items[0].target, "compact")
        assert [path.stem for path in folder.glob("*.png")] == ["0_restored"]

        started.set_default_settings(CommonSettings(QUICK))  # the user chooses the bundled prior
        started.start()
        over(qtbot, started)
        assert statuses(started) == [ItemStatus.DONE] * len(pictures)

    def test_a_file_with_such_settings_of_its_own_fails_alone(self, qtbot, started):
        started.set_default_settings(CommonSettings(QUICK))
        started.set_own_settings([2], FALLBACK)
        started.start()
        over(qtbot, started)
        assert statuses(started) == [ItemStatus.DONE, ItemStatus.FAILED, ItemStatus.DONE]
        assert started.state.items[1].message.startswith("Choose compact under Model")
        assert "another prior than compact" in started.state.items[1].message

    def test_it_continues_its_own_results(self, qtbot, queue, pictures):
        queue.set_default_settings(CommonSettings(FALLBACK))
        for paths in (pictures[:1], pictures[1:]):
            add(qtbot, queue, paths)
            queue.start()
            over(qtbot, queue)
        assert statuses(queue) == [ItemStatus.DONE] * len(pictures)
        assert not told(queue, BatchErrorOccurred)


def test_results_that_would_replace_sources_are_refused_before_anything_runs(
    qtbot, queue, pictures
):
    before = [path.read_bytes() for path in pictures]
    add(qtbot, queue, pictures)
    queue.set_output_location(OutputLocation(pictures[0].parent, "{stem}.jpg"))
    queue.start()
    over(qtbot, queue)
    assert isinstance(told(queue, BatchErrorOccurred)[0].error, InvalidSetting)
    assert statuses(queue) == [ItemStatus.WAITING] * 3
    assert [path.read_bytes() for path in pictures] == before


@pytest.fixture
def second(tmp_path, original):
    """Return three files with the names of `pictures` and other content, in another folder."""
    paths = [tmp_path / "in2" / f"{number}.jpg" for number in range(3)]
    paths[0].parent.mkdir()
    for number, path in enumerate(paths):
        original.crop((20 + number, 5, 29 + number, 16)).save(path, quality=10)
    return paths


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.glob("*.png")}


def work(qtbot, queue, files, place):
    """Restore `files` as the only items of the batch; `place` is the output location."""
    queue.remove_items([row.item_id for row in queue.state.items])
    add(qtbot, queue, files)
    queue.set_output_location(place)
    queue.start()
    over(qtbot, queue)


def test_two_folders_in_turn_keep_their_results(qtbot, queue, pictures, second, tmp_path):
    place = OutputLocation(tmp_path / "out")
    work(qtbot, queue, pictures, place)
    before = contents(tmp_path / "out")
    work(qtbot, queue, second, place)
    after = contents(tmp_path / "out")
    assert len(after) == 6
    assert {name: after[name] for name in before} == before
    named = [row.target.name for row in queue.state.items]
    assert named == [f"{number}_restored (2).png" for number in range(3)]
    assert queue.state.items[0].message == (
        "Its result is 0_restored (2).png, because 0_restored.png is the result of another picture"
    )
    for _ in range(2):
        for files in (pictures, second):
            work(qtbot, queue, files, place)
            assert statuses(queue) == [ItemStatus.SKIPPED] * 3
    assert [row.target.name for row in queue.state.items] == named
    assert contents(tmp_path / "out") == after
    assert not told(queue, RedoQuestion)


def test_results_of_other_settings_are_asked_about_and_replaced(qtbot, queue, pictures, tmp_path):
    place = OutputLocation(tmp_path / "out")
    work(qtbot, queue, pictures[:2], place)
    before = contents(tmp_path / "out")
    queue.set_default_settings(CommonSettings(replace(QUICK, seed=5)))
    work(qtbot, queue, pictures, place)
    assert statuses(queue) == [ItemStatus.KEPT, ItemStatus.KEPT, ItemStatus.DONE]
    assert {name: contents(tmp_path / "out")[name] for name in before} == before
    assert told(queue, RedoQuestion) == [RedoQuestion(2)]
    assert told(queue, BatchFinished)[-1].counts.kept_results == 2
    queue.set_default_settings(
        CommonSettings(replace(QUICK, seed=9))
    )  # the settings of the window change before the answer
    queue.accept_redo()
    over(qtbot, queue)
    assert statuses(queue) == [ItemStatus.DONE] * 3
    after = contents(tmp_path / "out")
    assert len(after) == 3
    assert all(after[name] != data for name, data in before.items())
    assert len(told(queue, RedoQuestion)) == 1
    queue.set_default_settings(CommonSettings(replace(QUICK, seed=5)))
    work(qtbot, queue, pictures, place)
    assert statuses(queue) == [ItemStatus.SKIPPED] * 3
    assert contents(tmp_path / "out") == after


def test_results_that_are_to_stay_are_asked_about_once(qtbot, queue, pictures, tmp_path):
    place = OutputLocation(tmp_path / "out")
    work(qtbot, queue, pictures[:1], place)
    before = contents(tmp_path / "out")
    queue.set_default_settings(CommonSettings(replace(QUICK, seed=5)))
    work(qtbot, queue, pictures[:1], place)
    queue.decline_redo()
    add(qtbot, queue, pictures[1:])
    queue.start()
    over(qtbot, queue)
    assert statuses(queue) == [ItemStatus.KEPT, ItemStatus.DONE, ItemStatus.DONE]
    assert told(queue, RedoQuestion) == [RedoQuestion(1)]
    assert before.items() <= contents(tmp_path / "out").items()


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
