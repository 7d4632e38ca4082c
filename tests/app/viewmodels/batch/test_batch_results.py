"""Results of earlier batches: kept, replaced, and those of another prior."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.jobs.batch.batch_items import CommonSettings, ItemStatus, OutputLocation
from app.viewmodels.batch.batch_events import BatchErrorOccurred, BatchFinished, RedoQuestion
from ddrm_core.batch.prior_of_results import PriorFallbackRefused
from ddrm_core.errors import InvalidSetting
from tests.support.batch_queue import QUICK, add, over, statuses, told
from tests.support.window_fixtures import write_renamed_prior

FALLBACK = replace(QUICK, is_prior_fallback=True)


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
