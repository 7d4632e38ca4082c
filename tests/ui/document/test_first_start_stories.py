"""The first start: a sample in one click, and three hints until they are dismissed."""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.config.paths import pictures_folder
from app.config.resources import EXAMPLE_IMAGE_PATH
from app.jobs.export.save import SavedFile
from app.viewmodels.document.document import DocumentOpened
from app.viewmodels.run.run import ResultReady

LEFT = Qt.MouseButton.LeftButton


def until_open(qtbot, window):
    document = window.view_models.document
    qtbot.waitUntil(lambda: isinstance(document.state, DocumentOpened), timeout=10000)


def test_the_sample_is_one_click_away_and_hints_stay_until_they_are_dismissed(
    qtbot, window, show_next_window, photo
):
    assert not window.hint_bar.isVisible()
    qtbot.mouseClick(window.welcome_page.sample_button, LEFT)
    until_open(qtbot, window)
    assert window.view_models.document.document.source.path == EXAMPLE_IMAGE_PATH
    hints = window.hint_bar
    assert hints.isVisible()
    for words in ("Drag the line", "Ctrl+drag", "Hold H"):
        assert words in hints.hints_label.text().replace("\N{NO-BREAK SPACE}", " ")
    qtbot.mouseClick(hints.dismiss_button, LEFT)
    assert not hints.isVisible()
    window.close()
    again = show_next_window()
    again.open_paths([photo])
    until_open(qtbot, again)
    assert not again.hint_bar.isVisible()


def test_the_result_of_the_sample_goes_to_the_pictures_and_says_so(
    qtbot, window, tmp_path, monkeypatch
):
    """The sample is in the installation, where nothing of the user's is written."""
    pictures = tmp_path / "Photos"
    pictures.mkdir()
    monkeypatch.setenv("XDG_PICTURES_DIR", str(pictures))
    installed = sorted(EXAMPLE_IMAGE_PATH.parent.iterdir())
    qtbot.mouseClick(window.welcome_page.sample_button, LEFT)
    until_open(qtbot, window)
    window.view_models.parameters.set_steps(1)
    window.view_models.parameters.set_samples(1)
    qtbot.mouseClick(window.side_panel.restore_button, LEFT)
    qtbot.waitUntil(lambda: isinstance(window.view_models.run.state, ResultReady), timeout=20000)
    panel = window.side_panel.save_options
    written = pictures / "budgie_branch_qf10_restored.png"
    assert panel.folder.currentText() == "Photos"
    assert panel.folder.toolTip() == str(pictures)
    qtbot.waitUntil(lambda: panel.target_label.toolTip() == str(written))
    qtbot.mouseClick(window.side_panel.save_button, LEFT)
    qtbot.waitUntil(lambda: isinstance(window.view_models.saving.state, SavedFile), timeout=10000)
    assert list(pictures.iterdir()) == [written]
    assert sorted(EXAMPLE_IMAGE_PATH.parent.iterdir()) == installed


def test_dialogs_begin_at_the_pictures_and_then_where_the_user_was(
    qtbot, window, answers, photo, tmp_path, monkeypatch
):
    """The folder of the sample, which is in the installation, is no user's folder."""
    pictures = tmp_path / "Photos"
    pictures.mkdir()
    monkeypatch.setenv("XDG_PICTURES_DIR", str(pictures))
    window.view_models.batch.set_dialog_folder(pictures_folder())  # the folder of a first start
    qtbot.mouseClick(window.welcome_page.sample_button, LEFT)
    until_open(qtbot, window)
    qtbot.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    window.action_set.batch.show_page.trigger()
    assert answers.asked == [pictures, pictures]
    answers.to_open = photo
    qtbot.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    document = window.view_models.document
    qtbot.waitUntil(lambda: document.document.source.path == photo)
    answers.to_open = None
    answers.asked.clear()
    qtbot.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    window.action_set.batch.show_page.trigger()
    assert answers.asked == [photo.parent, photo.parent]


def test_the_hints_are_true(qtbot, open_photo):
    """Holding H shows the original, and dragging with Ctrl marks a crop."""
    window, view = open_photo, open_photo.compare_view
    compare = window.view_models.compare
    qtbot.keyPress(view, Qt.Key.Key_H)
    assert compare.state.is_showing_original
    qtbot.keyRelease(view, Qt.Key.Key_H)
    assert not compare.state.is_showing_original
    compare.set_scale(4)
    middle, ctrl = view.rect().center(), Qt.KeyboardModifier.ControlModifier
    qtbot.mousePress(view, LEFT, ctrl, middle)
    qtbot.mouseMove(view, middle * 1.1)
    qtbot.mouseRelease(view, LEFT, ctrl, middle * 1.1)
    assert len(window.view_models.regions.state.regions) == 1
