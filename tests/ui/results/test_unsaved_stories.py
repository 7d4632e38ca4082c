"""Opening another file, the next run and closing with results that are in no file, real keys."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
import torch
from PIL import Image
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton

from app.compose import build
from app.config.resources import BUNDLED_PRIOR
from app.config.settings import load_settings, save_settings
from app.ui.widgets.dialogs import NativeFileDialogs
from app.viewmodels.batch.batch_state import Phase
from app.viewmodels.document.document import NotOpened, Opening
from app.viewmodels.export.saving import Saved, Saving
from app.viewmodels.results.unsaved import SaveAnswer
from app.viewmodels.run.run import Done, Idle, Running, Stopped
from ddrm_core.export.replay import read_record
from ddrm_core.imaging.quantize_pixels import rounded
from tests.support.history_stories import CONTROL, click, restored, until
from tests.support.window_fixtures import settle

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def other(tmp_path, original):
    """Another picture, in the folder of the photo."""
    path = tmp_path / "other.jpg"
    original.resize((37, 31)).save(path, quality=15)
    return path


@pytest.fixture
def quick(open_photo):
    """The window with runs of two steps of one sample."""
    open_photo.models.parameters.set_steps(2)
    open_photo.models.parameters.set_samples(1)
    return open_photo


def runs_of(window):
    return window.models.explore.runs.state


def kept(qtbot, window, count):
    """Wait until so many results are on the page of runs."""
    qtbot.waitUntil(
        lambda: len(runs_of(window).runs) == count and not runs_of(window).pending, timeout=20000
    )


def open_with_key(qtbot, window, answers, path):
    """Through the dialog; the file is open afterwards."""
    answers.to_open = path
    before = window.models.document.document
    qtbot.keyClick(window, Qt.Key.Key_O, CONTROL)
    qtbot.waitUntil(lambda: window.models.document.document is not before, timeout=20000)


def begin(qtbot, window):
    """A run of minutes, with an estimate already."""
    window.models.parameters.set_steps(1000)
    qtbot.keyClick(window, Qt.Key.Key_Return, CONTROL)
    run = window.models.run
    qtbot.waitUntil(lambda: getattr(run.state, "estimate", None) is not None, timeout=20000)


def quit_with_key(qtbot, window):
    qtbot.keyClick(window, Qt.Key.Key_Q, CONTROL)


def save_with_key(qtbot, window, answers, path):
    answers.to_save = path
    qtbot.keyClick(window, Qt.Key.Key_S, CONTROL)
    until(qtbot, window.models.saving, Saved)


class TestOpeningAnotherFile:
    def test_an_unsaved_result_is_named_and_gone_back_to(
        self, qtbot, quick, answers, photo, other, tmp_path
    ):
        window, first = quick, restored(qtbot, quick)
        kept(qtbot, window, 1)
        open_with_key(qtbot, window, answers, other)
        assert not answers.questions
        assert window.message.title.text() == f"The result of {photo.name} is not saved"
        assert isinstance(window.models.run.state, Idle)
        page = window.explore.runs.page
        assert page.list.topLevelItem(0).text(4) == "not saved"

        assert window.message.action.text() == "Go back"
        click(qtbot, window.message.action)
        until(qtbot, window.models.run, Done)
        assert window.models.document.document.source.path == photo
        back = window.models.run.state.restored.restoration
        assert torch.equal(back.picture, first.restoration.picture)
        assert window.models.parameters.state.settings.steps == 2
        save_with_key(qtbot, window, answers, tmp_path / "back.png")
        assert page.list.topLevelItem(0).text(4) == "back.png"

    def test_a_run_in_work_is_stopped_and_its_estimate_kept(
        self, qtbot, quick, answers, photo, other, tmp_path
    ):
        window = quick
        begin(qtbot, window)
        open_with_key(qtbot, window, answers, other)
        assert not answers.questions
        assert window.message.title.text() == f"The run of {photo.name} was stopped"
        assert "estimate stays under Runs" in window.message.advice.text()
        kept(qtbot, window, 1)
        [past] = runs_of(window).runs
        assert (past.put.complete, past.saved) == (False, None)
        click(qtbot, window.message.action)
        until(qtbot, window.models.run, Done)
        assert window.models.document.document.source.path == photo
        assert not window.models.run.state.restored.restoration.complete
        save_with_key(qtbot, window, answers, tmp_path / "estimate.png")
        assert not read_record(tmp_path / "estimate.png").complete

    def test_going_back_at_once_waits_until_the_estimate_is_kept(
        self, qtbot, quick, answers, photo, other
    ):
        begin(qtbot, quick)
        quick.models.explore.runs.left.connect(
            lambda left: quick.models.explore.runs.return_to(left.number)
        )
        open_with_key(qtbot, quick, answers, other)
        until(qtbot, quick.models.run, Done)
        assert quick.models.document.document.source.path == photo

    def test_a_run_without_an_estimate_is_named(self, qtbot, quick, answers, photo, other):
        qtbot.keyClick(quick, Qt.Key.Key_Return, CONTROL)
        assert quick.models.run.state.estimate is None
        open_with_key(qtbot, quick, answers, other)
        assert quick.message.title.text() == f"The run of {photo.name} was stopped"
        assert "no estimate yet" in quick.message.advice.text()
        click(qtbot, quick.message.action)
        document = quick.models.document
        qtbot.waitUntil(lambda: document.document.source.path == photo, timeout=5000)

    def test_a_saved_result_is_left_without_a_word(self, qtbot, quick, answers, other, tmp_path):
        restored(qtbot, quick)
        save_with_key(qtbot, quick, answers, tmp_path / "saved.png")
        open_with_key(qtbot, quick, answers, other)
        assert not quick.message.isVisible()
        quit_with_key(qtbot, quick)
        assert not answers.questions
        assert not quick.isVisible()

    def test_a_file_that_is_refused_takes_nothing_away(self, qtbot, quick, photo, text_file):
        result = restored(qtbot, quick)
        quick.open_paths([text_file])
        until(qtbot, quick.models.document, NotOpened)
        assert quick.models.run.state.restored is result
        assert quick.models.document.document.source.path == photo

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
        click(qtbot, quick.message.action)
        until(qtbot, quick.models.run, Done)
        assert quick.message.title.text() == f"{photo.name} is gone or has changed since"
        save_with_key(qtbot, quick, answers, tmp_path / "kept.png")
        with Image.open(tmp_path / "kept.png") as image:
            assert np.array_equal(np.asarray(image), rounded(first.restoration.picture))

    def test_the_next_run_keeps_the_estimate_of_one_that_was_stopped(self, qtbot, quick):
        begin(qtbot, quick)
        qtbot.keyClick(quick, Qt.Key.Key_Escape)
        until(qtbot, quick.models.run, Stopped)
        quick.models.parameters.set_steps(2)
        restored(qtbot, quick)
        kept(qtbot, quick, 2)
        assert [past.put.complete for past in runs_of(quick).runs] == [True, False]

    def test_the_queue_opens_in_the_same_way(self, qtbot, quick, photo, other):
        restored(qtbot, quick)
        quick.models.queue.add([other])
        qtbot.waitUntil(lambda: len(quick.models.queue.state.rows) == 1, timeout=5000)
        quick.queue.open_file(quick.models.queue.state.rows[0].number)
        document = quick.models.document
        qtbot.waitUntil(lambda: document.document.source.path == other, timeout=5000)
        assert quick.message.title.text() == f"The result of {photo.name} is not saved"


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
        assert quick.models.run.state.restored is result
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
            quick.models.parameters.set_seed(number)
            pictures.append(rounded(restored(qtbot, quick).restoration.picture))
            kept(qtbot, quick, number)
        open_with_key(qtbot, quick, answers, other)
        quick.models.parameters.set_steps(1)
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
        self, qtbot, quick, answers, photo, store, tmp_path
    ):
        restored(qtbot, quick)
        kept(qtbot, quick, 1)
        results = tmp_path / "results"
        results.mkdir()
        settings = load_settings(store)
        save_settings(store, type(settings)(results_folder=results))
        quick.models.saving.options.saved_as(photo.with_suffix(".tiff"))
        quick.models.saving.options.set_bits(16)
        answers.to_unsaved = SaveAnswer.SAVE
        quit_with_key(qtbot, quick)
        assert [path.name for path in results.iterdir()] == [f"{photo.stem}_restored.tiff"]

    def test_what_cannot_be_saved_keeps_the_window(self, qtbot, window, answers, photo, tmp_path):
        folder = tmp_path / "stick"
        folder.mkdir()
        path = folder / "a.jpg"
        shutil.copy(photo, path)
        window.open_paths([path])
        qtbot.waitUntil(lambda: window.models.document.document is not None, timeout=5000)
        window.models.parameters.set_steps(1)
        result = restored(qtbot, window)
        shutil.rmtree(folder)
        answers.to_unsaved = SaveAnswer.SAVE
        quit_with_key(qtbot, window)
        assert window.isVisible()
        assert window.message.title.text() == "The result of a.jpg could not be saved"
        assert "no such file or directory" in window.message.advice.text()
        assert not answers.told
        assert window.models.run.state.restored is result
        [past] = runs_of(window).runs
        assert past.saved is None
        folder.mkdir()
        quit_with_key(qtbot, window)
        assert not window.isVisible()
        assert (folder / "a_restored.png").exists()

    def test_during_a_run_save_stops_it_and_saves_its_estimate(
        self, qtbot, quick, answers, photo, tmp_path
    ):
        begin(qtbot, quick)
        answers.to_unsaved = SaveAnswer.CANCEL
        quick.close()
        assert isinstance(quick.models.run.state, Running)
        assert answers.questions[0].advice == (
            f"The run of {photo.name} is under way; Save stops it and saves its estimate."
        )
        answers.to_unsaved = SaveAnswer.SAVE
        quick.close()
        assert not quick.isVisible()
        record = read_record(tmp_path / f"{photo.stem}_restored.png")
        assert not record.complete

    def test_during_a_run_without_an_estimate_nothing_can_be_saved(self, qtbot, quick, answers):
        qtbot.keyClick(quick, Qt.Key.Key_Return, CONTROL)
        answers.to_unsaved = SaveAnswer.CANCEL
        quick.close()
        assert quick.isVisible()
        assert answers.questions[0].title == "Stop the run and close?"
        assert answers.offered == (SaveAnswer.CANCEL, SaveAnswer.DISCARD)

    def test_a_stopped_run_is_asked_about(self, qtbot, quick, answers, photo, tmp_path):
        begin(qtbot, quick)
        qtbot.keyClick(quick, Qt.Key.Key_Escape)
        until(qtbot, quick.models.run, Stopped)
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
        quick.models.parameters.set_samples(2)
        restored(qtbot, quick)
        save_with_key(qtbot, quick, answers, tmp_path / "saved.png")
        quick.models.run.sharpen(0.5)
        run = quick.models.run
        qtbot.waitUntil(lambda: run.state.restored.sharpness == 0.5, timeout=5000)
        quick.close()
        assert not answers.questions

    def test_copying_is_not_saving(self, qtbot, quick, answers):
        restored(qtbot, quick)
        click(qtbot, quick.panel.result.handle)
        answers.to_unsaved = SaveAnswer.CANCEL
        quick.close()
        assert len(answers.questions) == 1

    def test_closing_in_the_midst_of_saving_waits_and_asks_nothing(
        self, qtbot, quick, answers, tmp_path
    ):
        restored(qtbot, quick)
        answers.to_save = tmp_path / "saved.png"
        qtbot.keyClick(quick, Qt.Key.Key_S, CONTROL)
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

        monkeypatch.setattr(answers, "ask_save_all", ask)
        quick.close()
        assert (len(answers.questions), again) == (1, [False])
        assert not quick.isVisible()

    def test_a_queue_in_work_asks_nothing_and_goes_on_at_the_next_start(
        self, qtbot, window, answers, photo
    ):
        window.models.parameters.set_steps(500)
        queue = window.models.queue
        queue.add([photo])
        qtbot.waitUntil(lambda: len(queue.state.rows) == 1, timeout=5000)
        queue.start()
        qtbot.waitUntil(lambda: queue.state.phase is Phase.RUNNING, timeout=5000)
        window.close()
        assert not answers.questions
        assert queue.state.tally.left == 1


class TestTheQuestion:
    @pytest.fixture
    def window(self, qtbot, qapp, store):
        window = build(qapp, prior_path=BUNDLED_PRIOR, store=store, dialogs=NativeFileDialogs())
        qtbot.addWidget(window)
        with qtbot.waitExposed(window):
            window.show()
        return window

    @pytest.mark.qt_log_ignore("propagateSizeHints")  # offscreen says so of every dialog
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


class TestRoom:
    @pytest.fixture
    def full(self, qtbot, quick, vault):
        """A result for which the budgets have no room."""
        vault.memory_bytes, vault.disk_bytes = 0, 0
        restored(qtbot, quick)
        kept(qtbot, quick, 1)
        return quick

    def test_cancel_opens_nothing(self, qtbot, full, answers, runners, photo, other):
        answers.to_unsaved = SaveAnswer.CANCEL
        full.open_paths([other])
        [question] = answers.questions
        assert question.title == f"There is no room to keep the unsaved result of {photo.name}"
        settle(qtbot, *runners)
        assert full.models.document.document.source.path == photo
        assert isinstance(full.models.run.state, Done)

    def test_save_writes_it_and_opens(self, qtbot, full, answers, photo, other, tmp_path):
        answers.to_unsaved = SaveAnswer.SAVE
        open_with_key(qtbot, full, answers, other)
        assert (tmp_path / f"{photo.stem}_restored.png").exists()
        assert answers.told[0].title == f"Saved {photo.stem}_restored.png"
        assert full.models.document.document.source.path == other
        full.close()
        assert len(answers.questions) == 1

    def test_while_a_file_is_written_nothing_waits_where_there_is_room(
        self, qtbot, quick, answers, other, tmp_path
    ):
        restored(qtbot, quick)
        answers.to_save = tmp_path / "saved.png"
        qtbot.keyClick(quick, Qt.Key.Key_S, CONTROL)
        quick.open_paths([other])
        assert isinstance(quick.models.document.state, Opening)
        assert isinstance(quick.models.saving.state, Saving)

    def test_discard_opens_and_forgets_it(self, qtbot, full, answers, other):
        answers.to_unsaved = SaveAnswer.DISCARD
        open_with_key(qtbot, full, answers, other)
        assert not runs_of(full).runs
        assert not full.message.isVisible()

    def test_the_next_run_asks_too(self, qtbot, full, answers):
        before = full.models.run.state
        answers.to_unsaved = SaveAnswer.CANCEL
        qtbot.keyClick(full, Qt.Key.Key_Return, CONTROL)
        assert len(answers.questions) == 1
        assert full.models.run.state is before
        answers.to_unsaved = SaveAnswer.DISCARD
        restored(qtbot, full)
        kept(qtbot, full, 1)
        assert [past.number for past in runs_of(full).runs] == [2]

    def test_a_run_in_work_whose_estimate_has_no_room_asks(
        self, qtbot, quick, vault, answers, photo, other, tmp_path
    ):
        vault.memory_bytes, vault.disk_bytes = 0, 0
        begin(qtbot, quick)
        answers.to_unsaved = SaveAnswer.CANCEL
        quick.open_paths([other])
        assert len(answers.questions) == 1
        assert isinstance(quick.models.run.state, Running)
        answers.to_unsaved = SaveAnswer.SAVE
        open_with_key(qtbot, quick, answers, other)
        assert not read_record(tmp_path / f"{photo.stem}_restored.png").complete

    def test_what_is_beyond_the_budgets_moves_into_them_once_there_is_room(
        self, qtbot, full, vault, answers, other
    ):
        vault.memory_bytes = 1 << 24
        open_with_key(qtbot, full, answers, other)
        assert not answers.questions
        qtbot.waitUntil(lambda: not runs_of(full).runs[0].put.beyond, timeout=5000)

    def test_an_unsaved_run_that_is_removed_can_be_taken_back(self, qtbot, quick):
        restored(qtbot, quick)
        kept(qtbot, quick, 1)
        page = quick.explore.runs.page
        quick.drawer.open_page(page)
        qtbot.waitUntil(lambda: page.height() > 50)  # the splitter gives it room a moment later
        click(qtbot, page.remove)
        assert not runs_of(quick).runs
        assert quick.message.title.text() == "Run 1 was removed"
        click(qtbot, quick.message.action)
        assert (runs_of(quick).runs[0].number, runs_of(quick).current) == (1, 1)


class Manager:
    """Stands in for the desktop's session manager, which Qt makes alone."""

    def __init__(self, *, interaction=True):
        self.allowsInteraction = lambda: interaction
        self.calls = []

    def release(self):
        self.calls.append("release")

    def cancel(self):
        self.calls.append("cancel")


class TestTheEndOfTheSession:
    def test_nothing_unsaved_lets_it_end(self, quick, answers):
        manager = Manager()
        quick.unsaved.commit(manager)
        assert not manager.calls
        assert not answers.questions

    def test_cancel_stops_it(self, qtbot, quick, answers):
        restored(qtbot, quick)
        answers.to_unsaved, manager = SaveAnswer.CANCEL, Manager()
        quick.unsaved.commit(manager)
        assert manager.calls == ["release", "cancel"]
        assert quick.isVisible()

    def test_discard_leaves_the_run_alone_as_the_session_may_go_on(self, qtbot, quick, answers):
        begin(qtbot, quick)
        quick.unsaved.commit(Manager())
        assert len(answers.questions) == 1
        assert isinstance(quick.models.run.state, Running)

    def test_a_window_that_was_closed_is_not_asked_about(self, qtbot, quick, answers):
        restored(qtbot, quick)
        quick.close()
        quick.unsaved.commit(Manager())
        assert len(answers.questions) == 1

    def test_discard_lets_it_end_and_closing_does_not_ask_again(self, qtbot, quick, answers):
        restored(qtbot, quick)
        kept(qtbot, quick, 1)
        answers.to_unsaved, manager = SaveAnswer.DISCARD, Manager()
        quick.unsaved.commit(manager)
        assert manager.calls == ["release"]
        quick.close()
        assert len(answers.questions) == 1
        assert not quick.isVisible()

    def test_a_session_that_goes_on_after_all_asks_about_what_is_new(self, qtbot, quick, answers):
        restored(qtbot, quick)
        kept(qtbot, quick, 1)
        answers.to_unsaved = SaveAnswer.DISCARD
        quick.unsaved.commit(Manager())
        restored(qtbot, quick)
        kept(qtbot, quick, 2)
        quick.close()
        assert len(answers.questions) == 2

    def test_save_saves_and_lets_it_end(self, qtbot, quick, answers, photo, tmp_path):
        restored(qtbot, quick)
        answers.to_unsaved, manager = SaveAnswer.SAVE, Manager()
        quick.unsaved.commit(manager)
        assert manager.calls == ["release"]
        assert (tmp_path / f"{photo.stem}_restored.png").exists()

    def test_without_the_right_to_ask_everything_is_saved(
        self, qtbot, quick, answers, photo, tmp_path
    ):
        begin(qtbot, quick)
        manager = Manager(interaction=False)
        quick.unsaved.commit(manager)
        assert not manager.calls
        assert not answers.questions
        assert (tmp_path / f"{photo.stem}_restored.png").exists()
