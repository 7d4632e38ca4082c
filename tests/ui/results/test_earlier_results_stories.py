"""Results that outlast their window: quitting, a killed program, and the next start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from app.jobs.results.result_folders import list_window_folders, results_folder
from app.viewmodels.run.run import RunStopped
from ddrm_core.imaging.quantize_pixels import to_uint8
from tests.support.history_stories import CONTROL, click, restored, until
from tests.support.unsaved_stories import begin, kept, quit_with_key, runs_of, save_with_key
from tests.support.window_fixtures import settle


@pytest.fixture
def next_window(qtbot, show_next_window, runners):
    """Return a function that starts the window anew, and waits until it has looked for results."""

    def start():
        window = show_next_window()
        window.view_models.stored_results.find_earlier()
        settle(qtbot, runners[-3])  # the runner of short jobs, see `JobRunners`
        return window

    return start


def button_of(qtbot, window, text):
    """Return the button of the message with a text, as soon as it is visible."""

    def visible_buttons():
        buttons = window.message_bar.findChildren(QPushButton)
        return [button for button in buttons if button.isVisible() and button.text() == text]

    qtbot.waitUntil(lambda: visible_buttons() != [])
    return visible_buttons()[0]


def pixels(path):
    with Image.open(path) as image:
        return np.asarray(image)


@pytest.mark.parametrize("is_crash_found_first", [False, True])
def test_after_a_crash_results_and_report_are_offered_together(
    qtbot, quick, show_next_window, photo, tmp_path, is_crash_found_first
):
    """Neither message hides the other, whichever search ends first."""
    restored(qtbot, quick)
    kept(qtbot, quick, 1)
    quit_with_key(qtbot, quick)
    (tmp_path / "log").mkdir(exist_ok=True)
    (tmp_path / "log" / "crash-4194305.txt").write_text("Fatal Python error: Segmentation fault")
    later = show_next_window()
    crash, stored = later.view_models.bug_report, later.view_models.stored_results

    def find_crash():
        crash.check_for_crash()
        qtbot.waitUntil(lambda: bool(crash.state.crash_text))

    def find_results():
        stored.find_earlier()
        qtbot.waitUntil(lambda: stored.state.has_earlier)

    steps = (find_crash, find_results) if is_crash_found_first else (find_results, find_crash)
    for find in steps:
        find()
    title = later.message_bar.title_label
    qtbot.waitUntil(lambda: title.text() == "The program crashed the last time")
    assert photo.name in later.message_bar.advice_label.text()
    assert button_of(qtbot, later, "Save report…").isVisible()
    click(qtbot, button_of(qtbot, later, "Show earlier results"))
    kept(qtbot, later, 1)


def test_quitting_with_an_unsaved_result_asks_nothing_and_the_next_start_offers_it(
    qtbot, quick, answers, photo, next_window, tmp_path
):
    """Defect 2: the result of a closed window can be shown and saved at the next start."""
    result = restored(qtbot, quick)
    kept(qtbot, quick, 1)
    quit_with_key(qtbot, quick)
    assert not answers.questions
    assert not quick.isVisible()
    later = next_window()
    assert later.message_bar.title_label.text() == "One result of an earlier session is kept"
    assert photo.name in later.message_bar.advice_label.text()
    click(qtbot, button_of(qtbot, later, "Show earlier results"))
    kept(qtbot, later, 1)
    page = later.results_controller.history_page
    qtbot.waitUntil(page.run_list.isVisible)
    [past_run] = runs_of(later).runs
    assert past_run.saved_path is None
    assert not past_run.is_of_open_file
    page.run_list.setFocus()
    qtbot.keyClick(page.run_list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: runs_of(later).current_number == past_run.number)
    assert later.view_models.document.document.source.path == photo
    target = tmp_path / "saved.png"
    save_with_key(qtbot, later, answers, target)
    assert np.array_equal(pixels(target), to_uint8(result.restoration.image))
    quit_with_key(qtbot, later)
    assert not answers.questions
    assert next_window().view_models.stored_results.state.earlier.file_names == (photo.name,)


def test_the_estimate_of_a_stopped_run_is_kept_without_a_question(
    scripted, qtbot, quick, answers, photo, next_window
):
    begin(qtbot, quick, scripted)
    qtbot.keyClick(quick, Qt.Key.Key_Escape)
    until(qtbot, quick.view_models.run, RunStopped)
    quit_with_key(qtbot, quick)
    assert not answers.questions
    assert not quick.isVisible()
    later = next_window()
    click(qtbot, button_of(qtbot, later, "Show earlier results"))
    kept(qtbot, later, 1)
    [past_run] = runs_of(later).runs
    assert past_run.request.source.path == photo
    assert not past_run.archived_result.complete


def test_what_the_budget_cannot_keep_is_asked_about(qtbot, quick, answers, photo, vault):
    vault.max_disk_bytes = 0
    restored(qtbot, quick)
    kept(qtbot, quick, 1)
    quit_with_key(qtbot, quick)
    [question] = answers.questions
    assert question.advice == (
        f"The result of {photo.name} is not saved.\n"
        "There is no room to keep it for the next start, or its file has changed."
    )


def test_room_that_was_made_later_is_used_at_the_end(qtbot, quick, answers, vault):
    vault.max_disk_bytes = 0
    restored(qtbot, quick)
    kept(qtbot, quick, 1)
    vault.max_disk_bytes = 1 << 30
    quit_with_key(qtbot, quick)
    assert not answers.questions
    assert not quick.isVisible()
    assert list_window_folders(results_folder())


def test_clear_now_deletes_them_for_good(qtbot, quick, next_window):
    restored(qtbot, quick)
    kept(qtbot, quick, 1)
    quit_with_key(qtbot, quick)
    later = next_window()
    click(qtbot, button_of(qtbot, later, "Clear now"))
    qtbot.waitUntil(lambda: not later.view_models.stored_results.state.has_earlier)
    assert not list_window_folders(results_folder())


def test_do_not_keep_after_closing_is_a_choice_that_stays(qtbot, quick, answers, next_window):
    restored(qtbot, quick)
    kept(qtbot, quick, 1)
    quit_with_key(qtbot, quick)
    later = next_window()
    qtbot.keyClick(later, Qt.Key.Key_H, CONTROL)
    bar = later.results_controller.history_page.earlier_results_bar
    # The splitter lays the page out a moment later.
    qtbot.waitUntil(lambda: bar.isVisible() and bar.parentWidget().height() > 50)
    click(qtbot, bar.show_button)
    kept(qtbot, later, 1)
    later.view_models.stored_results.set_keeps_results(True)
    page = later.preferences_controller.page
    later.preferences_controller.show_page()
    page.discard_results.setFocus()
    qtbot.keyClick(page.discard_results, Qt.Key.Key_Space)
    assert bar.discard_box.isChecked()
    page.close()
    quit_with_key(qtbot, later)
    assert len(answers.questions) == 1
    assert not list_window_folders(results_folder())
    assert not next_window().view_models.stored_results.state.keeps_results


def test_a_removed_run_does_not_come_back(qtbot, quick, next_window):
    restored(qtbot, quick)
    kept(qtbot, quick, 1)
    quick.view_models.run_history.remove_run(1)
    quit_with_key(qtbot, quick)
    assert not next_window().view_models.stored_results.state.has_earlier


_PROGRAM = """
import sys
from pathlib import Path

import platformdirs
from PySide6.QtCore import QSettings

folder, photo = Path(sys.argv[1]), Path(sys.argv[2])
for name in ("data", "cache", "config", "state", "log"):
    setattr(platformdirs.PlatformDirs, f"user_{name}_dir", str(folder / name))

from app.compose import build_window
from app.ui.widgets.dialogs import Dialogs
from app.ui.window.application import Application
from app.viewmodels.document.document import DocumentOpened
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH

app = Application(sys.argv[:1])
settings = QSettings(str(folder / "other.ini"), QSettings.Format.IniFormat)
window = build_window(
    app, bundled_prior_path=BUNDLED_PRIOR_PATH, settings_store=settings, dialogs=Dialogs()
)
models = window.view_models

def on_document(state):
    if isinstance(state, DocumentOpened):
        models.parameters.set_prior(None)
        models.parameters.set_steps(1)
        models.parameters.set_samples(1)
        window.run_controller.restore_image()

def on_history(state):
    if state.runs and state.runs[0].stored_folder is not None:
        print("stored", flush=True)

models.document.state_changed.connect(on_document)
models.run_history.state_changed.connect(on_history)
window.show()
window.open_paths([photo])
app.exec()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_a_killed_program_loses_no_finished_result(qtbot, photo, next_window, tmp_path):
    """A result survives kill -9, and is not offered while its window still lives."""
    program = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, str(tmp_path), str(photo)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )
    with program:
        try:
            assert program.stdout.readline() == "stored\n"
            assert not next_window().view_models.stored_results.state.has_earlier
        finally:
            program.send_signal(signal.SIGKILL)
    assert program.returncode == -signal.SIGKILL
    later = next_window()
    click(qtbot, button_of(qtbot, later, "Show earlier results"))
    kept(qtbot, later, 1)
    [past_run] = runs_of(later).runs
    assert past_run.request.source.path == photo
    assert past_run.archived_result.mean.load().shape == (3, 64, 97)
