"""Opening another file or starting a run while results are unsaved, with real keys."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
import torch
from PIL import Image
from PySide6.QtCore import Qt

from app.viewmodels.document.document import DocumentOpenFailed, DocumentOpening
from app.viewmodels.export.saving import SavingInProgress
from app.viewmodels.results.unsaved_results import SaveAnswer
from app.viewmodels.run.run import NoRun, ResultReady, RunInProgress, RunStopped
from ddrm_core.export.replay import read_run_record
from ddrm_core.imaging.quantize_pixels import to_uint8
from tests.support.history_stories import CONTROL, click, restored, until
from tests.support.unsaved_stories import (
    begin,
    kept,
    open_with_key,
    quit_with_key,
    runs_of,
    save_with_key,
)
from tests.support.window_fixtures import settle


class TestOpeningAnotherFile:
    def test_an_unsaved_result_is_named_and_gone_back_to(
        self, qtbot, quick, answers, photo, other, tmp_path
    ):
        window, first = quick, restored(qtbot, quick)
        kept(qtbot, window, 1)
        open_with_key(qtbot, window, answers, other)
        assert not answers.questions
        assert window.message_bar.title_label.text() == f"The result of {photo.name} is not saved"
        assert isinstance(window.view_models.run.state, NoRun)
        page = window.results_controller.history_page
        assert page.run_list.topLevelItem(0).text(4) == "not saved"

        assert window.message_bar.action_button.text() == "Go back"
        click(qtbot, window.message_bar.action_button)
        until(qtbot, window.view_models.run, ResultReady)
        assert window.view_models.document.document.source.path == photo
        back = window.view_models.run.state.result.restoration
        assert torch.equal(back.image, first.restoration.image)
        assert window.view_models.parameters.state.settings.sampler.steps == 2
        save_with_key(qtbot, window, answers, tmp_path / "back.png")
        assert page.run_list.topLevelItem(0).text(4) == "back.png"

    def test_a_run_in_work_is_stopped_and_its_estimate_kept(
        self, scripted, qtbot, quick, answers, photo, other, tmp_path
    ):
        window = quick
        begin(qtbot, window, scripted)
        open_with_key(qtbot, window, answers, other)
        assert not answers.questions
        assert window.message_bar.title_label.text() == f"The run of {photo.name} was stopped"
        assert "step stays under Runs" in window.message_bar.advice_label.text()
        kept(qtbot, window, 1)
        [past] = runs_of(window).runs
        assert (past.archived_result.complete, past.saved_path) == (False, None)
        assert scripted.evaluations == 3
        click(qtbot, window.message_bar.action_button)
        until(qtbot, window.view_models.run, ResultReady)
        assert window.view_models.document.document.source.path == photo
        assert not window.view_models.run.state.result.restoration.complete
        save_with_key(qtbot, window, answers, tmp_path / "estimate.png")
        assert not read_run_record(tmp_path / "estimate.png").complete

    def test_going_back_at_once_waits_until_the_estimate_is_kept(
        self, scripted, qtbot, quick, answers, photo, other
    ):
        begin(qtbot, quick, scripted)
        quick.view_models.run_history.run_left_unsaved.connect(
            lambda left: quick.view_models.run_history.activate_run(left.run_number)
        )
        open_with_key(qtbot, quick, answers, other)
        until(qtbot, quick.view_models.run, ResultReady)
        assert quick.view_models.document.document.source.path == photo

    def test_a_run_without_an_estimate_is_named(self, qtbot, quick, answers, photo, other):
        qtbot.keyClick(quick, Qt.Key.Key_Return, CONTROL)
        assert quick.view_models.run.state.estimate is None
        open_with_key(qtbot, quick, answers, other)
        assert quick.message_bar.title_label.text() == f"The run of {photo.name} was stopped"
        assert "no step yet" in quick.message_bar.advice_label.text()
        click(qtbot, quick.message_bar.action_button)
        document = quick.view_models.document
        qtbot.waitUntil(lambda: document.document.source.path == photo, timeout=5000)

    def test_a_saved_result_is_left_without_a_word(self, qtbot, quick, answers, other, tmp_path):
        restored(qtbot, quick)
        save_with_key(qtbot, quick, answers, tmp_path / "saved.png")
        open_with_key(qtbot, quick, answers, other)
        assert not quick.message_bar.isVisible()
        quit_with_key(qtbot, quick)
        assert not answers.questions
        assert not quick.isVisible()

    def test_a_file_that_is_refused_takes_nothing_away(self, qtbot, quick, photo, text_file):
        result = restored(qtbot, quick)
        quick.open_paths([text_file])
        until(qtbot, quick.view_models.document, DocumentOpenFailed)
        assert quick.view_models.run.state.result is result
        assert quick.view_models.document.document.source.path == photo

    @pytest.mark.parametrize("change", ["gone", "other"])
    def test_a_source_that_is_another_file_by_now_is_said(
        self, qtbot, quick, answers, photo, other, tmp_path, change
    ):
        first = restored(qtbot, quick)
        kept(qtbot, quick, 1)
        open_with_key(qtbot, quick, answers, other)
        photo.unlink()
        if change == "other":
            shutil.copy(other, photo)
        click(qtbot, quick.message_bar.action_button)
        until(qtbot, quick.view_models.run, ResultReady)
        assert quick.message_bar.title_label.text() == f"{photo.name} is gone or has changed since"
        assert quick.message_bar.isVisible()
        save_with_key(qtbot, quick, answers, tmp_path / "kept.png")
        with Image.open(tmp_path / "kept.png") as image:
            assert np.array_equal(np.asarray(image), to_uint8(first.restoration.image))

    def test_the_next_run_keeps_the_estimate_of_one_that_was_stopped(self, scripted, qtbot, quick):
        begin(qtbot, quick, scripted)
        qtbot.keyClick(quick, Qt.Key.Key_Escape)
        until(qtbot, quick.view_models.run, RunStopped)
        quick.view_models.parameters.set_steps(2)
        restored(qtbot, quick)
        kept(qtbot, quick, 2)
        assert [past.archived_result.complete for past in runs_of(quick).runs] == [True, False]

    def test_the_queue_opens_in_the_same_way(self, qtbot, quick, photo, other):
        restored(qtbot, quick)
        quick.view_models.batch.add_paths([other])
        qtbot.waitUntil(lambda: len(quick.view_models.batch.state.items) == 1, timeout=5000)
        quick.batch_controller.open_item(quick.view_models.batch.state.items[0].item_id)
        document = quick.view_models.document
        qtbot.waitUntil(lambda: document.document.source.path == other, timeout=5000)
        assert quick.message_bar.title_label.text() == f"The result of {photo.name} is not saved"


class TestRoom:
    @pytest.fixture
    def full(self, qtbot, quick, vault):
        """Return the window with an archived result that is too large for the array store."""
        vault.max_memory_bytes, vault.max_disk_bytes = 0, 0
        restored(qtbot, quick)
        kept(qtbot, quick, 1)
        return quick

    def test_cancel_opens_nothing(self, qtbot, full, answers, runners, photo, other):
        answers.to_unsaved = SaveAnswer.CANCEL
        full.open_paths([other])
        [question] = answers.questions
        assert question.title == f"There is no room to keep the unsaved result of {photo.name}"
        settle(qtbot, *runners)
        assert full.view_models.document.document.source.path == photo
        assert isinstance(full.view_models.run.state, ResultReady)

    def test_save_writes_it_and_opens(self, qtbot, full, answers, photo, other, tmp_path):
        answers.to_unsaved = SaveAnswer.SAVE
        open_with_key(qtbot, full, answers, other)
        assert (tmp_path / f"{photo.stem}_restored.png").exists()
        assert answers.told[0].title == f"Saved {photo.stem}_restored.png"
        assert full.view_models.document.document.source.path == other
        full.close()
        assert len(answers.questions) == 1

    def test_while_a_file_is_written_nothing_waits_where_there_is_room(
        self, qtbot, quick, answers, other, tmp_path
    ):
        restored(qtbot, quick)
        answers.to_save = tmp_path / "saved.png"
        qtbot.keyClick(quick, Qt.Key.Key_S, CONTROL | Qt.KeyboardModifier.ShiftModifier)
        quick.open_paths([other])
        assert isinstance(quick.view_models.document.state, DocumentOpening)
        assert isinstance(quick.view_models.saving.state, SavingInProgress)

    def test_discard_opens_and_forgets_it(self, qtbot, full, answers, other):
        answers.to_unsaved = SaveAnswer.DISCARD
        open_with_key(qtbot, full, answers, other)
        assert not runs_of(full).runs
        assert not full.message_bar.isVisible()

    def test_the_next_run_asks_too(self, qtbot, full, answers):
        before = full.view_models.run.state
        answers.to_unsaved = SaveAnswer.CANCEL
        qtbot.keyClick(full, Qt.Key.Key_Return, CONTROL)
        assert len(answers.questions) == 1
        assert full.view_models.run.state is before
        answers.to_unsaved = SaveAnswer.DISCARD
        restored(qtbot, full)
        kept(qtbot, full, 1)
        assert [past.number for past in runs_of(full).runs] == [2]

    def test_a_run_in_work_whose_estimate_has_no_room_asks(
        self, scripted, qtbot, quick, vault, answers, photo, other, tmp_path
    ):
        vault.max_memory_bytes, vault.max_disk_bytes = 0, 0
        begin(qtbot, quick, scripted)
        answers.to_unsaved = SaveAnswer.CANCEL
        quick.open_paths([other])
        assert len(answers.questions) == 1
        assert isinstance(quick.view_models.run.state, RunInProgress)
        assert scripted.held.is_set()
        answers.to_unsaved = SaveAnswer.SAVE
        open_with_key(qtbot, quick, answers, other)
        assert not read_run_record(tmp_path / f"{photo.stem}_restored.png").complete

    def test_what_is_beyond_the_budgets_moves_into_them_once_there_is_room(
        self, qtbot, full, vault, answers, other
    ):
        vault.max_memory_bytes = 1 << 24
        open_with_key(qtbot, full, answers, other)
        assert not answers.questions
        qtbot.waitUntil(
            lambda: not runs_of(full).runs[0].archived_result.is_over_budget, timeout=5000
        )

    def test_an_unsaved_run_that_is_removed_can_be_taken_back(self, qtbot, quick):
        restored(qtbot, quick)
        kept(qtbot, quick, 1)
        page = quick.results_controller.history_page
        quick.bottom_panel.open_page(page)
        qtbot.waitUntil(lambda: page.height() > 50)  # the splitter lays the page out later
        click(qtbot, page.remove_button)
        assert not runs_of(quick).runs
        assert quick.message_bar.title_label.text() == "Run 1 was removed"
        click(qtbot, quick.message_bar.action_button)
        assert (runs_of(quick).runs[0].number, runs_of(quick).current_number) == (1, 1)
