"""The question about unsaved results when the window is closed, with real keys."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton

from app.compose import build_window
from app.ui.widgets.dialogs import Dialogs
from app.viewmodels.batch.batch_state import BatchPhase
from app.viewmodels.results.unsaved_results import SaveAnswer
from app.viewmodels.run.run import RunInProgress, RunStopped
from ddrm_core.export.replay import read_run_record
from ddrm_core.formats.capabilities import SaveFormat
from ddrm_core.imaging.quantize_pixels import to_uint8
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from tests.support.batch_stories import under_way
from tests.support.history_stories import CONTROL, click, restored, until
from tests.support.unsaved_stories import (
    begin,
    kept,
    open_with_key,
    quit_with_key,
    runs_of,
    save_with_key,
)


@pytest.fixture
def quick(quick):
    """Return the window whose results are not kept after closing."""
    quick.view_models.stored_results.set_keeps_results(False)
    return quick


class TestClosing:
    def test_cancel_keeps_the_window_and_the_result(self, qtbot, quick, answers, photo):
        result = restored(qtbot, quick)
        kept(qtbot, quick, 1)
        answers.to_unsaved = SaveAnswer.CANCEL
        quit_with_key(qtbot, quick)
        [question] = answers.questions
        assert question.title == "Save before closing?"
        assert question.advice == f"The result of {photo.name} is not saved."
        assert answers.offered == (SaveAnswer.SAVE, SaveAnswer.DISCARD, SaveAnswer.CANCEL)
        assert quick.isVisible()
        assert quick.view_models.run.state.result is result
        answers.to_unsaved = SaveAnswer.DISCARD
        quick.close()
        assert not quick.isVisible()

    def test_discard_closes_and_writes_nothing(self, qtbot, quick, answers, tmp_path):
        restored(qtbot, quick)
        answers.to_unsaved = SaveAnswer.DISCARD
        quit_with_key(qtbot, quick)
        assert len(answers.questions) == 1
        assert not quick.isVisible()
        assert not list(tmp_path.glob("*restored*"))

    def test_save_writes_every_unsaved_result_under_free_names(
        self, qtbot, quick, answers, photo, other, tmp_path
    ):
        taken = tmp_path / f"{photo.stem}_restored.png"
        taken.write_bytes(b"mine")
        pictures = []
        for number in (1, 2):
            quick.view_models.parameters.set_seed(number)
            pictures.append(to_uint8(restored(qtbot, quick).restoration.image))
            kept(qtbot, quick, number)
        open_with_key(qtbot, quick, answers, other)
        quick.view_models.parameters.set_steps(1)
        restored(qtbot, quick)
        answers.to_unsaved = SaveAnswer.SAVE
        quit_with_key(qtbot, quick)
        assert not quick.isVisible()
        [question] = answers.questions
        assert question.advice == f"3 results are not saved: {other.name}, {photo.name}."
        stem = f"{photo.stem}_restored"
        written = [tmp_path / f"{stem} (2).png", tmp_path / f"{stem} (3).png"]
        [told] = answers.told
        assert told.title == "3 results are saved"
        names = f"{stem} (2).png, {stem} (3).png, other_restored.png"
        assert told.advice == f"In {tmp_path}: {names}."
        assert taken.read_bytes() == b"mine"
        for path, picture in zip(written, pictures, strict=True):
            with Image.open(path) as image:
                assert np.array_equal(np.asarray(image), picture)
        assert (tmp_path / "other_restored.png").exists()

    def test_the_formats_and_the_folder_of_the_settings_are_used(
        self, qtbot, quick, answers, photo, tmp_path
    ):
        restored(qtbot, quick)
        kept(qtbot, quick, 1)
        results = tmp_path / "results"
        results.mkdir()
        quick.view_models.preferences.set_results_folder(results)
        quick.view_models.saving.options.set_format(SaveFormat.TIFF)
        quick.view_models.saving.options.set_bits(16)
        answers.to_unsaved = SaveAnswer.SAVE
        quit_with_key(qtbot, quick)
        assert [path.name for path in results.iterdir()] == [f"{photo.stem}_restored.tiff"]

    def test_what_cannot_be_saved_keeps_the_window(self, qtbot, window, answers, photo, tmp_path):
        folder = tmp_path / "stick"
        folder.mkdir()
        path = folder / "a.jpg"
        shutil.copy(photo, path)
        window.open_paths([path])
        qtbot.waitUntil(lambda: window.view_models.document.document is not None, timeout=5000)
        window.view_models.parameters.set_steps(1)
        window.view_models.stored_results.set_keeps_results(False)
        result = restored(qtbot, window)
        shutil.rmtree(folder)
        answers.to_unsaved = SaveAnswer.SAVE
        quit_with_key(qtbot, window)
        assert window.isVisible()
        assert window.message_bar.title_label.text() == "The result of a.jpg could not be saved"
        assert "no such file or directory" in window.message_bar.advice_label.text()
        assert not answers.told
        assert window.view_models.run.state.result is result
        [past] = runs_of(window).runs
        assert past.saved_path is None
        folder.mkdir()
        quit_with_key(qtbot, window)
        assert not window.isVisible()
        assert (folder / "a_restored.png").exists()

    def test_during_a_run_save_stops_it_and_saves_its_estimate(
        self, scripted, qtbot, quick, answers, photo, tmp_path
    ):
        begin(qtbot, quick, scripted)
        answers.to_unsaved = SaveAnswer.CANCEL
        quick.close()
        assert isinstance(quick.view_models.run.state, RunInProgress)
        assert scripted.held.is_set()
        assert answers.questions[0].advice == (
            f"The run of {photo.name} is under way; Save stops it and saves its latest step."
        )
        answers.to_unsaved = SaveAnswer.SAVE
        quick.close()
        assert not quick.isVisible()
        record = read_run_record(tmp_path / f"{photo.stem}_restored.png")
        assert not record.complete
        assert scripted.evaluations == 3

    def test_during_a_run_without_an_estimate_nothing_can_be_saved(self, qtbot, quick, answers):
        qtbot.keyClick(quick, Qt.Key.Key_Return, CONTROL)
        answers.to_unsaved = SaveAnswer.CANCEL
        quick.close()
        assert quick.isVisible()
        assert answers.questions[0].title == "Stop the run and close?"
        assert answers.offered == (SaveAnswer.CANCEL, SaveAnswer.DISCARD)

    def test_a_stopped_run_is_asked_about(self, scripted, qtbot, quick, answers, photo, tmp_path):
        begin(qtbot, quick, scripted)
        qtbot.keyClick(quick, Qt.Key.Key_Escape)
        until(qtbot, quick.view_models.run, RunStopped)
        answers.to_unsaved = SaveAnswer.SAVE
        quick.close()
        assert answers.questions[0].advice == f"The result of {photo.name} is not saved."
        assert not quick.isVisible()
        assert (tmp_path / f"{photo.stem}_restored.png").exists()

    def test_without_unsaved_work_nothing_is_asked(self, quick, answers):
        quick.close()
        assert not answers.questions
        assert not quick.isVisible()

    def test_another_sharpness_after_saving_is_not_unsaved(self, qtbot, quick, answers, tmp_path):
        quick.view_models.parameters.set_samples(2)
        restored(qtbot, quick)
        save_with_key(qtbot, quick, answers, tmp_path / "saved.png")
        quick.view_models.run.set_sharpness(0.5)
        run = quick.view_models.run
        qtbot.waitUntil(lambda: run.state.result.sharpness == 0.5, timeout=5000)
        quick.close()
        assert not answers.questions

    def test_copying_is_not_saving(self, qtbot, quick, answers):
        restored(qtbot, quick)
        click(qtbot, quick.side_panel.result_panel.drag_handle)
        answers.to_unsaved = SaveAnswer.CANCEL
        quick.close()
        assert len(answers.questions) == 1

    def test_closing_in_the_midst_of_saving_waits_and_asks_nothing(
        self, qtbot, quick, answers, tmp_path
    ):
        restored(qtbot, quick)
        answers.to_save = tmp_path / "saved.png"
        qtbot.keyClick(quick, Qt.Key.Key_S, CONTROL | Qt.KeyboardModifier.ShiftModifier)
        quick.close()
        assert not answers.questions
        assert answers.to_save.exists()

    def test_a_second_request_while_the_question_is_open_changes_nothing(
        self, qtbot, quick, answers, monkeypatch
    ):
        restored(qtbot, quick)
        again = []

        def ask(_parent, question, _offered):
            answers.questions.append(question)
            event = QCloseEvent()
            quick.closeEvent(event)
            again.append(event.isAccepted())
            return SaveAnswer.DISCARD

        monkeypatch.setattr(answers, "ask_about_unsaved_results", ask)
        quick.close()
        assert (len(answers.questions), again) == (1, [False])
        assert not quick.isVisible()

    def test_a_queue_in_work_asks_nothing_and_goes_on_at_the_next_start(
        self, scripted, qtbot, window, answers, photo
    ):
        scripted.hold_before(3)  # after one step of two samples
        queue = window.view_models.batch
        queue.add_paths([photo])
        qtbot.waitUntil(lambda: len(queue.state.items) == 1, timeout=5000)
        queue.start()
        qtbot.waitUntil(lambda: scripted.held.is_set() and under_way(queue))
        assert queue.state.phase is BatchPhase.RUNNING
        window.close()
        assert not answers.questions
        assert queue.state.counts.remaining == 1
        assert scripted.evaluations == 2


class TestTheQuestion:
    @pytest.fixture
    def window(self, qtbot, qapp, store):
        window = build_window(
            qapp,
            bundled_prior_path=BUNDLED_PRIOR_PATH,
            settings_store=store,
            dialogs=Dialogs(),
        )
        qtbot.addWidget(window)
        with qtbot.waitExposed(window):
            window.show()
        return window

    @pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform, for every dialog
    def test_its_buttons(self, qtbot, quick, photo, tmp_path):
        restored(qtbot, quick)
        seen = []

        def answer(press):
            def act():
                box = QApplication.activeModalWidget()
                assert isinstance(box, QMessageBox)
                buttons = {button.text().replace("&", ""): button for button in box.buttons()}
                seen.append((box.text(), sorted(buttons), box.defaultButton().text()))
                press(box, buttons)

            QTimer.singleShot(0, act)
            quick.close()

        answer(lambda box, _: qtbot.keyClick(box, Qt.Key.Key_Escape))
        assert quick.isVisible()
        answer(lambda _, buttons: click(qtbot, buttons["Cancel"]))
        assert quick.isVisible()

        def save(_box, buttons):
            QTimer.singleShot(0, close_note)
            click(qtbot, buttons["Save"])

        def close_note():
            box = QApplication.activeModalWidget()
            if box is None or box.text() == "Save before closing?":
                QTimer.singleShot(5, close_note)
                return
            seen.append(box.informativeText())
            click(qtbot, box.findChild(QPushButton))

        answer(save)
        assert not quick.isVisible()
        target = tmp_path / f"{photo.stem}_restored.png"
        words = ("Save before closing?", ["Cancel", "Discard", "Save"])
        assert [(s[0], s[1]) for s in seen[:3]] == [words] * 3
        assert seen[0][2].replace("&", "") == "Save"
        assert seen[3] == f"It is in {tmp_path}."
        assert target.exists()
