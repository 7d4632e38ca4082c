"""Opening, restoring, comparing and saving with real clicks and keys."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage

from app.jobs.document.open import open_document
from app.jobs.export.save import SavedFile
from app.viewmodels.document.document import DocumentOpened, DocumentOpenFailed
from app.viewmodels.run.run import NoRun, ResultReady, RunInProgress, RunStopped
from ddrm_core.sampler.settings import Preset
from tests.support.history_stories import click
from tests.support.scripted_denoiser import until_held


def until(qtbot, model, kind, timeout=20000):
    qtbot.waitUntil(lambda: isinstance(model.state, kind), timeout=timeout)


def opened(qtbot, window, path):
    def is_open():
        document = window.view_models.document.document
        return document is not None and document.source.path == path

    qtbot.waitUntil(is_open, timeout=5000)


def begin(qtbot, window, scripted):
    """Start a run of 20 steps of two samples, and wait until the test's prior pauses the run."""
    window.view_models.parameters.set_steps(20)
    window.view_models.parameters.set_samples(2)
    scripted.hold_before(5)
    qtbot.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    until_held(qtbot, scripted, window.view_models.run)


def error_to(original, path):
    with Image.open(path) as image:
        return np.square(np.asarray(image, float) - np.asarray(original, float)).mean()


def test_open_restore_look_and_save(qtbot, window, answers, photo, original, tmp_path):
    answers.to_open, answers.to_save = photo, tmp_path / "result.png"
    assert not window.action_set.restore.isEnabled()
    click(qtbot, window.welcome_page.open_button)
    opened(qtbot, window, photo)
    assert window.compare_view.isVisible()
    assert window.side_panel.file_panel.fact_table.value_text("Name") == photo.name
    assert photo.name in window.windowTitle()
    assert not window.side_panel.result_panel.isVisible()

    estimates = []
    window.view_models.run.state_changed.connect(
        lambda state: estimates.append(state.image) if isinstance(state, RunInProgress) else None
    )
    click(qtbot, window.side_panel.restore_button)
    assert window.run_bar.stop_button.isVisible()
    assert not window.action_set.restore.isEnabled()
    until(qtbot, window.view_models.run, ResultReady)
    assert any(picture is not None for picture in estimates)
    assert window.side_panel.result_panel.isVisible()
    facts = window.side_panel.result_panel.fact_table
    assert facts.value_text("Before rounding").startswith("all ")
    assert not window.run_bar.stop_button.isVisible()

    qtbot.keyClick(
        window,
        Qt.Key.Key_S,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    until(qtbot, window.view_models.saving, SavedFile)
    assert answers.asked[-1] == photo.with_name(f"{photo.stem}_restored.png")
    assert window.message_bar.title_label.text() == "Saved result.png"
    assert error_to(original, tmp_path / "result.png") < error_to(original, photo)


def test_see_where_a_result_is_outside_its_bins(qtbot, open_photo):
    window = open_photo
    assert not window.action_set.view.consistency_overlay.isEnabled()
    window.view_models.parameters.apply_preset(Preset.FAST)
    window.action_set.restore.trigger()
    until(qtbot, window.view_models.run, ResultReady)
    verdict_view = window.side_panel.result_panel.verdict_view
    assert verdict_view.title_label.text() == "Faithful to your file\N{NO-BREAK SPACE}✓"
    plain = window.compare_view.grab().toImage()
    qtbot.keyClick(window, Qt.Key.Key_C)
    assert window.action_set.view.consistency_overlay.isChecked()
    assert window.compare_view.grab().toImage() != plain  # at least the label differs
    qtbot.keyClick(window, Qt.Key.Key_C)
    assert window.compare_view.grab().toImage() == plain


def test_not_answering_the_dialogs_changes_nothing(qtbot, open_photo, answers, photo):
    qtbot.keyClick(open_photo, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    assert answers.asked == [photo.parent]
    assert isinstance(open_photo.view_models.document.state, DocumentOpened)


def test_stop_and_keep_the_estimate(scripted, qtbot, open_photo):
    window = open_photo
    begin(qtbot, window, scripted)
    assert window.run_bar.status_label.text().startswith("Step 2 of 20, ")
    assert window.run_bar.status_label.text().endswith(" left")
    assert window.run_bar.progress_bar.value() == 4
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    until(qtbot, window.view_models.run, RunStopped, timeout=5000)
    assert scripted.evaluations == 4
    assert window.message_bar.title_label.text().startswith("Stopped after ")
    assert not window.action_set.save.isEnabled()
    click(qtbot, window.message_bar.action_button)
    until(qtbot, window.view_models.run, ResultReady)
    assert window.side_panel.result_panel.verdict_view.title_label.text() == ("Intermediate result")
    assert window.action_set.save.isEnabled()
    assert not window.message_bar.isVisible()


@pytest.mark.parametrize("size", [(900, 600), (1280, 720)])
def test_the_progress_of_a_run_is_seen_from_afar(scripted, qtbot, open_photo, size):
    """The bar is at least half as wide as the window, and the title has the time (defect 39)."""
    window = open_photo
    window.resize(*size)
    begin(qtbot, window, scripted)
    assert 2 * window.run_bar.progress_bar.width() >= window.width()
    assert window.windowTitle().startswith("10 %, ")
    assert " left - " in window.windowTitle()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    until(qtbot, window.view_models.run, RunStopped)
    assert window.windowTitle().startswith("b")  # the name of the file again


def test_a_run_can_be_started_again_after_a_stop(scripted, qtbot, open_photo):
    window = open_photo
    begin(qtbot, window, scripted)
    click(qtbot, window.run_bar.stop_button)
    until(qtbot, window.view_models.run, RunStopped, timeout=5000)
    window.view_models.parameters.apply_preset(Preset.FAST)
    click(qtbot, window.side_panel.restore_button)
    assert not window.message_bar.isVisible()
    until(qtbot, window.view_models.run, ResultReady)
    assert window.view_models.run.state.result.restoration.complete


def test_what_is_no_jpeg_is_said_and_the_open_file_stays(qtbot, open_photo, text_file, photo):
    open_photo.open_paths([text_file])
    until(qtbot, open_photo.view_models.document, DocumentOpenFailed, timeout=5000)
    assert open_photo.message_bar.isVisible()
    assert "is not a picture" in open_photo.message_bar.title_label.text()
    assert text_file.name in open_photo.message_bar.title_label.text()
    assert photo.name in open_photo.windowTitle()
    assert open_photo.action_set.restore.isEnabled()


def test_what_cannot_be_read_is_said_in_an_empty_window(qtbot, window, tmp_path):
    window.open_paths([tmp_path / "missing.jpg"])
    until(qtbot, window.view_models.document, DocumentOpenFailed, timeout=5000)
    assert window.message_bar.title_label.text().startswith("Cannot read")
    assert window.welcome_page.isVisible()
    assert not window.action_set.restore.isEnabled()


def test_opening_another_file_stops_the_run_and_says_so(
    scripted, qtbot, open_photo, photo, tmp_path
):
    window = open_photo
    begin(qtbot, window, scripted)
    other = tmp_path / "other.jpg"
    with Image.open(photo) as image:
        image.resize((40, 50)).save(other)
    window.open_paths([other])
    opened(qtbot, window, other)
    assert window.view_models.run.state == NoRun()
    assert scripted.evaluations == 4
    assert window.view_models.compare.state.image_size.width == 40
    assert window.message_bar.title_label.text() == f"The run of {photo.name} was stopped"


def test_a_run_stopped_by_a_file_that_does_not_open_can_be_kept(
    scripted, qtbot, open_photo, text_file
):
    window = open_photo
    begin(qtbot, window, scripted)
    window.open_paths([text_file])
    until(qtbot, window.view_models.document, DocumentOpenFailed, timeout=5000)
    assert "is not a picture" in window.message_bar.title_label.text()
    click(qtbot, window.message_bar.action_button)
    until(qtbot, window.view_models.run, ResultReady)


def test_closing_during_a_run_ends_it(scripted, qtbot, open_photo, nothing_left_behind):
    begin(qtbot, open_photo, scripted)
    open_photo.close()
    assert not open_photo.isVisible()
    assert nothing_left_behind.running_threads == []


def test_the_window_remembers_its_size_and_folder(open_photo, store, photo):
    open_photo.close()
    assert store.value("window/folder") == str(photo.parent)
    assert not store.value("window/geometry").isEmpty()


def files(*paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def drop(window, data):
    place, left = QPoint(500, 300), Qt.MouseButton.LeftButton
    copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    with warnings.catch_warnings():
        # PySide6 6.12 expects a QPointF, which earlier versions do not accept.
        warnings.simplefilter("ignore", DeprecationWarning)
        enter = QDragEnterEvent(place, copy, data, left, none)
    QGuiApplication.sendEvent(window, enter)
    if enter.isAccepted():
        QGuiApplication.sendEvent(window, QDropEvent(QPointF(place), copy, data, left, none))
    return enter.isAccepted()


def test_drop(qtbot, window, photo):
    assert drop(window, files(photo))
    opened(qtbot, window, photo)
    assert not window.message_bar.isVisible()


def test_dropping_several_files_or_a_folder_puts_them_in_the_queue(
    qtbot, window, photo, text_file, tmp_path
):
    def queued():
        return [row.source for row in window.view_models.batch.state.items]

    assert drop(window, files(photo, text_file))
    qtbot.waitUntil(lambda: queued() == [photo, text_file])
    assert window.batch_controller.page.isVisible()
    other = tmp_path / "others" / "copy.jpg"
    other.parent.mkdir()
    other.write_bytes(photo.read_bytes())
    assert drop(window, files(other.parent))
    qtbot.waitUntil(lambda: queued() == [photo, text_file, other])


def test_what_names_no_file_cannot_be_dropped(window):
    data = QMimeData()
    data.setText("a word")
    assert not drop(window, data)


@pytest.mark.parametrize("how", ["url", "path", "quoted", "url as text"])
def test_paste_a_file(qtbot, window, photo, how):
    data = files(photo)
    text = {"path": str(photo), "quoted": f'"{photo}"', "url as text": photo.as_uri()}
    if how != "url":
        data = QMimeData()
        data.setText(text[how])
    QGuiApplication.clipboard().setMimeData(data)
    qtbot.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    opened(qtbot, window, photo)


def test_pasted_pixels_are_restored_and_saved_like_a_png(
    qtbot, window, screenshot, answers, tmp_path
):
    """Pixels of the clipboard are opened, with a warning (defect 23)."""
    image = QImage(str(screenshot))
    QGuiApplication.clipboard().setImage(image)
    qtbot.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    until(qtbot, window.view_models.document, DocumentOpened)
    assert window.message_bar.title_label.text() == "Pasted pixels lose JPEG data; copy the file"
    document = window.view_models.document.document
    assert document.image.full_size.convertToFormat(QImage.Format.Format_RGB32) == image
    as_png = open_document(screenshot).source
    assert document.source.size == as_png.size
    assert document.source.previous_compression == as_png.previous_compression
    assert window.view_models.recent_files.state.files == ()
    window.view_models.parameters.apply_preset(Preset.FAST)
    qtbot.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    until(qtbot, window.view_models.run, ResultReady)
    panel = window.side_panel.save_options
    assert panel.keep_date.isChecked() is panel.keep_date.isEnabled() is False
    answers.to_save = tmp_path / "pasted.png"
    window.export_controller.ask_and_save()
    qtbot.waitUntil(answers.to_save.exists)
    assert answers.asked[-1].name.startswith("Pasted ")
    assert panel.folder.currentText() == answers.asked[-1].parent.name
    qtbot.waitUntil(lambda: window.message_bar.title_label.text() == "Saved pasted.png")
    assert "date" not in window.message_bar.advice_label.text()


def test_pasting_a_word_is_explained(window):
    QGuiApplication.clipboard().setText("a sentence")
    window.action_set.paste.trigger()
    assert window.message_bar.title_label.text() == "The clipboard holds no file"
