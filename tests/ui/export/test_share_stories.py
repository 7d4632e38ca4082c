"""Copying and dragging of images to other programs, with real clicks and keys."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDrag, QGuiApplication

from app.imaging.qimage import pixels_from_qimage
from app.viewmodels.export.sharing import ShareReady
from app.viewmodels.run.run import ResultReady
from app.viewmodels.state_view_model import JobFailed
from ddrm_core.sampler.settings import Preset

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def restored(qtbot, open_photo):
    open_photo.view_models.parameters.apply_preset(Preset.FAST)
    open_photo.action_set.restore.trigger()
    qtbot.waitUntil(
        lambda: isinstance(open_photo.view_models.run.state, ResultReady), timeout=20000
    )
    return open_photo


@pytest.fixture
def dragged(monkeypatch):
    """Replace the start of a drag by a record, and return the list of the recorded drags."""
    taken = []

    def take(drag, actions):
        data = drag.mimeData()
        taken.append((data.urls(), data.imageData(), actions, drag.pixmap().size()))
        return actions

    monkeypatch.setattr(QDrag, "exec", take)
    return taken


def copied(qtbot, window):
    """Wait until an image has been copied, and return the clipboard's MIME data."""
    qtbot.waitUntil(
        lambda: window.message_bar.title_label.text().startswith("Copied "), timeout=20000
    )
    return QGuiApplication.clipboard().mimeData()


def test_a_result_is_copied_as_a_picture_and_as_the_file_it_would_be_saved_as(
    qtbot, restored, photo
):
    window = restored
    qtbot.keyClick(window, Qt.Key.Key_C, CONTROL)
    data = copied(qtbot, window)
    [url] = data.urls()
    path = url.toLocalFile()
    assert path.endswith(f"/{photo.stem}_restored.png")
    with Image.open(path) as image:
        assert image.text  # the record of the run
        saved = np.asarray(image)
    assert np.array_equal(saved, pixels_from_qimage(data.imageData()))
    assert np.array_equal(
        saved, pixels_from_qimage(window.view_models.run.state.result.image.full_size)
    )
    window.close()
    with pytest.raises(FileNotFoundError):
        Image.open(path)


def test_it_is_written_once_for_many_copies(qtbot, restored):
    for _ in range(2):
        qtbot.keyClick(restored, Qt.Key.Key_C, CONTROL)
        first = copied(qtbot, restored).urls()
        restored.message_bar.hide()
        restored.message_bar.title_label.setText("")
    assert copied_again(qtbot, restored) == first


def copied_again(qtbot, window):
    qtbot.mouseClick(window.side_panel.result_panel.drag_handle, Qt.MouseButton.LeftButton)
    return copied(qtbot, window).urls()


def test_a_copied_result_is_given_back_with_the_run_and_its_file_stays(qtbot, restored):
    restored.action_set.clipboard.copy_result.trigger()
    [url] = copied(qtbot, restored).urls()
    kept = weakref.ref(restored.view_models.run.state.result.full_image_buffer)
    restored.view_models.run.reset()
    qtbot.waitUntil(lambda: gc.collect() >= 0 and kept() is None, timeout=20000)
    assert Path(url.toLocalFile()).is_file()


def test_the_folder_is_private(qtbot, restored):
    restored.action_set.clipboard.copy_result.trigger()
    copied(qtbot, restored)
    folder = restored.view_models.sharing.state.path.parent.parent
    assert folder.stat().st_mode & 0o077 == 0


def test_the_original_is_copied_as_its_own_file(qtbot, open_photo, photo):
    qtbot.keyClick(open_photo, Qt.Key.Key_C, CONTROL | SHIFT)
    data = copied(qtbot, open_photo)
    assert [url.toLocalFile() for url in data.urls()] == [str(photo)]
    assert data.imageData().width() == 97


def test_text_fields_keep_their_own_copy(qtbot, restored):
    seed = restored.side_panel.parameter_panel.advanced.seed
    restored.side_panel.parameter_panel.advanced.parentWidget().show()
    seed.show()
    seed.setFocus()
    seed.selectAll()
    qtbot.keyClick(seed, Qt.Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text() == seed.text()
    assert not isinstance(restored.view_models.sharing.state, ShareReady)


def test_there_is_nothing_to_copy_before_a_run(open_photo):
    window = open_photo
    assert not window.action_set.clipboard.copy_result.isEnabled()
    assert window.action_set.clipboard.copy_original.isEnabled()


def test_a_result_is_dragged_out_as_a_file(qtbot, restored, dragged, photo):
    handle = restored.side_panel.result_panel.drag_handle
    start = handle.rect().center()
    qtbot.mousePress(handle, Qt.MouseButton.LeftButton, pos=start)
    for step in range(1, 6):
        qtbot.mouseMove(handle, start + QPoint(10 * step, 0))
    qtbot.waitUntil(lambda: bool(dragged), timeout=20000)
    [(urls, image, actions, size)] = dragged
    assert urls[0].toLocalFile().endswith(f"{photo.stem}_restored.png")
    assert image.width() == 97
    assert actions == Qt.DropAction.CopyAction
    assert 0 < max(size.width(), size.height()) <= 96
    qtbot.mouseRelease(handle, Qt.MouseButton.LeftButton)
    assert not restored.message_bar.isVisible()  # a drag is not a click, so nothing is copied


def test_a_drag_waits_for_its_file_and_is_off_when_the_button_is_let_go(qtbot, restored, dragged):
    handle = restored.side_panel.result_panel.drag_handle
    qtbot.mousePress(handle, Qt.MouseButton.LeftButton)
    qtbot.mouseMove(handle, handle.rect().center() + QPoint(90, 0))
    qtbot.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=QPoint(500, 5))
    qtbot.waitUntil(
        lambda: isinstance(restored.view_models.sharing.state, ShareReady), timeout=20000
    )
    assert not dragged
    assert not restored.message_bar.isVisible()


def test_a_full_disk_is_said(qtbot, restored, monkeypatch):
    def full(_folder):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.jobs.storage.temporary_folder.TemporaryFolder.get_or_create", full)
    restored.action_set.clipboard.copy_result.trigger()
    qtbot.waitUntil(
        lambda: isinstance(restored.view_models.sharing.state, JobFailed), timeout=20000
    )
    assert restored.message_bar.title_label.text().endswith("no space left on device")
    assert restored.message_bar.action_button.isHidden()  # a full disk is no bug to report
