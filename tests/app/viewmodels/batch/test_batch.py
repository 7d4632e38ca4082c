"""The queue's view model with real threads and a real engine, without a window."""

from __future__ import annotations

import errno
import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from app.jobs.batch.batch_file import QueueStore
from app.jobs.batch.batch_items import FileSettings, Place, QueueSettings, Saving, Status
from app.jobs.batch.batch_worker import Search
from app.jobs.worker import Runner
from app.viewmodels.batch.batch import QueueViewModel
from app.viewmodels.batch.batch_events import AskRedo, Ended, Full, Recalled, Trouble
from app.viewmodels.batch.batch_state import Phase
from ddrm_core.batch.manifest import JOURNAL_NAME
from ddrm_core.errors import InvalidSetting, PriorNotHere, UnreadableFile, UnwritableOutput
from ddrm_core.sampler.settings import SamplerSettings

QUICK = FileSettings(SamplerSettings(steps=1, samples=1), 0, "cpu")
MISSING = replace(QUICK, prior="adm-256")


@pytest.fixture
def files(qapp):
    runner = Runner(qapp)
    yield runner
    runner.shutdown()


@pytest.fixture
def kept(tmp_path):
    return tmp_path / "state" / "queue.jsonl"


@pytest.fixture
def queue(runner, files, engine, kept):
    queue = QueueViewModel(runner, files, engine, QueueStore(kept), watch_interval_ms=10)
    queue.propose(QueueSettings(QUICK, Saving()))
    queue.told = []
    queue.happened.connect(queue.told.append)
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
    return [row.status for row in queue.state.rows]


def add(qtbot, queue, pictures):
    queue.add(pictures)
    qtbot.waitUntil(lambda: queue.state.may_start and not queue.state.searching, timeout=5000)


def over(qtbot, queue):
    qtbot.waitUntil(lambda: queue.state.phase is Phase.RESTING, timeout=60000)


def test_a_prior_that_is_missing_stops_the_queue_instead_of_failing_every_file(
    qtbot, queue, pictures
):
    queue.propose(QueueSettings(MISSING, Saving()))
    add(qtbot, queue, pictures)
    queue.start()
    over(qtbot, queue)
    assert statuses(queue) == [Status.STOPPED, Status.WAITING, Status.WAITING]
    (trouble,) = told(queue, Trouble)
    assert isinstance(trouble.error, PriorNotHere)
    assert not told(queue, Ended)


def test_a_prior_that_only_one_file_wants_fails_that_file_alone(qtbot, queue, pictures):
    add(qtbot, queue, pictures)
    queue.use_settings([2], MISSING)
    queue.start()
    over(qtbot, queue)
    assert statuses(queue) == [Status.DONE, Status.FAILED, Status.DONE]
    assert "adm-256" in queue.state.rows[1].message
    assert told(queue, Ended)[0].tally.failed == 1


def test_results_that_would_replace_sources_are_refused_before_anything_runs(
    qtbot, queue, pictures
):
    before = [path.read_bytes() for path in pictures]
    add(qtbot, queue, pictures)
    queue.set_place(Place(pictures[0].parent, "{stem}.jpg"))
    queue.start()
    over(qtbot, queue)
    assert isinstance(told(queue, Trouble)[0].error, InvalidSetting)
    assert statuses(queue) == [Status.WAITING] * 3
    assert [path.read_bytes() for path in pictures] == before


@pytest.fixture
def second(tmp_path, original):
    """Another folder with files of the same names."""
    paths = [tmp_path / "in2" / f"{number}.jpg" for number in range(3)]
    paths[0].parent.mkdir()
    for number, path in enumerate(paths):
        original.crop((20 + number, 5, 29 + number, 16)).save(path, quality=10)
    return paths


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.glob("*.png")}


def work(qtbot, queue, files, place):
    """Restore files as a queue of their own."""
    queue.remove([row.number for row in queue.state.rows])
    add(qtbot, queue, files)
    queue.set_place(place)
    queue.start()
    over(qtbot, queue)


def test_two_folders_in_turn_keep_their_results(qtbot, queue, pictures, second, tmp_path):
    place = Place(tmp_path / "out")
    work(qtbot, queue, pictures, place)
    before = contents(tmp_path / "out")
    work(qtbot, queue, second, place)
    after = contents(tmp_path / "out")
    assert len(after) == 6
    assert {name: after[name] for name in before} == before
    named = [row.target.name for row in queue.state.rows]
    assert named == [f"{number}_restored (2).png" for number in range(3)]
    assert queue.state.rows[0].message == (
        "its result is 0_restored (2).png, because 0_restored.png is the result of another picture"
    )
    for _ in range(2):
        for files in (pictures, second):
            work(qtbot, queue, files, place)
            assert statuses(queue) == [Status.SKIPPED] * 3
    assert [row.target.name for row in queue.state.rows] == named
    assert contents(tmp_path / "out") == after
    assert not told(queue, AskRedo)


def test_results_of_other_settings_are_asked_about_and_replaced(qtbot, queue, pictures, tmp_path):
    place = Place(tmp_path / "out")
    work(qtbot, queue, pictures[:2], place)
    before = contents(tmp_path / "out")
    queue.propose(QueueSettings(replace(QUICK, seed=5), Saving()))
    work(qtbot, queue, pictures, place)
    assert statuses(queue) == [Status.KEPT, Status.KEPT, Status.DONE]
    assert {name: contents(tmp_path / "out")[name] for name in before} == before
    assert told(queue, AskRedo) == [AskRedo(2)]
    assert told(queue, Ended)[-1].tally.kept == 2
    queue.propose(QueueSettings(replace(QUICK, seed=9), Saving()))  # the window goes on meanwhile
    queue.redo_kept()
    over(qtbot, queue)
    assert statuses(queue) == [Status.DONE] * 3
    after = contents(tmp_path / "out")
    assert len(after) == 3
    assert all(after[name] != data for name, data in before.items())
    assert len(told(queue, AskRedo)) == 1
    queue.propose(QueueSettings(replace(QUICK, seed=5), Saving()))
    work(qtbot, queue, pictures, place)
    assert statuses(queue) == [Status.SKIPPED] * 3
    assert contents(tmp_path / "out") == after


def test_results_that_are_to_stay_are_asked_about_once(qtbot, queue, pictures, tmp_path):
    place = Place(tmp_path / "out")
    work(qtbot, queue, pictures[:1], place)
    before = contents(tmp_path / "out")
    queue.propose(QueueSettings(replace(QUICK, seed=5), Saving()))
    work(qtbot, queue, pictures[:1], place)
    queue.leave_kept()
    add(qtbot, queue, pictures[1:])
    queue.start()
    over(qtbot, queue)
    assert statuses(queue) == [Status.KEPT, Status.DONE, Status.DONE]
    assert told(queue, AskRedo) == [AskRedo(1)]
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
    queue.set_place(Place(out))
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", write_bytes)
        queue.start()
        over(qtbot, queue)
    assert statuses(queue) == [Status.DONE, Status.STOPPED, Status.WAITING]
    (full,) = told(queue, Full)
    assert (full.folder, full.error.code, full.left) == (out, errno.ENOSPC, 2)
    assert not told(queue, Ended)
    assert queue.state.paused
    queue.start()
    over(qtbot, queue)
    assert statuses(queue) == [Status.DONE] * 3
    assert told(queue, Ended)[0].tally.done == 3


def test_the_place_of_results_stays_while_files_are_restored(qtbot, queue, pictures, tmp_path):
    add(qtbot, queue, pictures)
    place = Place(tmp_path / "out")
    queue.set_place(place)
    queue.start()
    queue.set_place(Place(tmp_path / "other"))
    queue.set_place(Place(None))
    over(qtbot, queue)
    assert queue.state.place == place
    assert {row.target.parent for row in queue.state.rows} == {place.folder}
    assert statuses(queue) == [Status.DONE] * 3


def test_files_are_kept_by_paths_that_hold_everywhere(qtbot, queue, pictures, monkeypatch):
    folder = pictures[0].parent
    monkeypatch.chdir(folder)
    add(qtbot, queue, [Path()])
    assert [row.source for row in queue.state.rows] == pictures
    assert queue.state.place.folder == folder.with_name("in restored")


def test_a_search_says_what_it_found_and_could_not_read(qtbot, queue, tmp_path, pictures):
    queue.add([pictures[0].parent, tmp_path / "empty"])
    qtbot.waitUntil(lambda: bool(told(queue, Search)), timeout=5000)
    assert told(queue, Search) == [Search(4, ())]  # what is no folder is taken for a file
    (tmp_path / "none").mkdir()
    queue.add([tmp_path / "none"])
    qtbot.waitUntil(lambda: len(told(queue, Search)) == 2, timeout=5000)
    assert told(queue, Search)[1].count == 0


def test_what_keeps_a_watched_folder_from_being_looked_into_is_said_once(
    qtbot, queue, files, pictures, tmp_path
):
    (tmp_path / "out" / JOURNAL_NAME).mkdir(parents=True)  # no file that could be read
    queue.set_place(Place(tmp_path / "out"))
    looks = []
    files.ended.connect(lambda run, _: looks.append(run))
    queue.watch(pictures[0].parent)
    qtbot.waitUntil(lambda: len(looks) > 5, timeout=5000)
    (trouble,) = told(queue, Trouble)
    assert isinstance(trouble.error, UnreadableFile)
    (tmp_path / "out" / JOURNAL_NAME).rmdir()
    qtbot.waitUntil(lambda: statuses(queue) == [Status.DONE] * 3, timeout=20000)


def test_the_list_is_on_disk_after_every_change(qtbot, queue, pictures, kept):
    add(qtbot, queue, pictures)
    queue.move([3], -1)
    queue.remove([1])

    def written():
        return kept.exists() and [line.split(",")[0] for line in kept.read_text().splitlines()[1:]]

    qtbot.waitUntil(lambda: written() == ['{"number": 3', '{"number": 2'], timeout=5000)
    queue.start()
    over(qtbot, queue)
    qtbot.waitUntil(lambda: kept.read_text().count('"DONE"') == 2, timeout=5000)
    queue.clear_finished()
    qtbot.waitUntil(lambda: not kept.exists(), timeout=5000)


def test_what_came_before_the_last_list_was_read_stays_behind_it(
    qtbot, qapp, queue, files, runner, engine, pictures, kept
):
    add(qtbot, queue, pictures[:2])
    queue.set_every_format(True)
    files.shutdown()
    queue.close()
    other = Runner(qapp)
    second = QueueViewModel(runner, other, engine, QueueStore(kept))
    second.told = []
    second.happened.connect(second.told.append)
    second.propose(QueueSettings(QUICK, Saving()))
    second.recall()
    second.add([pictures[2]])
    qtbot.waitUntil(lambda: second.state.tally.total == 3, timeout=5000)
    assert [row.source for row in second.state.rows] == pictures
    assert [row.number for row in second.state.rows] == [1, 2, 3]
    assert second.state.every_format
    assert told(second, Recalled)[0].tally.left == 2
    other.shutdown()
    second.close()


def test_a_list_that_cannot_be_kept_is_said_and_ends_nothing(qtbot, queue, pictures, kept):
    kept.parent.write_text("a file where a folder should be")
    add(qtbot, queue, pictures)
    qtbot.waitUntil(lambda: bool(told(queue, Trouble)), timeout=5000)
    queue.start()
    over(qtbot, queue)
    assert statuses(queue) == [Status.DONE] * 3
    (trouble,) = told(queue, Trouble)  # once
    assert isinstance(trouble.error, UnwritableOutput)
    kept.parent.unlink()
    queue.move([3], -1)
    qtbot.waitUntil(lambda: kept.exists() and kept.read_text().count('"DONE"') == 3, timeout=5000)


def test_threads_that_want_one_prior_get_the_same_one(engine):
    loaded, together = [], threading.Barrier(4)

    def ask():
        together.wait()
        loaded.append(engine.prior("cpu"))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(prior) for prior in loaded}) == 1
