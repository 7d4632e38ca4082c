"""Preferences and recent files, used with real clicks and keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from app.compose import build_window
from app.config.settings import (
    Appearance,
    LivePreviewFrequency,
    Settings,
)
from app.config.settings_store import SettingsStore
from app.config.window_state import WindowState
from app.ui.widgets.theme import DARK_COLORS, LIGHT_COLORS
from app.viewmodels.document.document import DocumentOpened, DocumentOpenFailed
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH


@pytest.fixture
def page(qtbot, window):
    qtbot.keyClick(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    page = window.preferences_controller.page
    qtbot.waitUntil(page.isVisible)
    return page


def pick(qtbot, box, data):
    """Select the item of a combo box that has the given data, with the keyboard."""
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Home)
    for _ in range(box.findData(data)):
        qtbot.keyClick(box, Qt.Key.Key_Down)
    assert box.currentData() == data


def colour(qapp):
    return qapp.palette().color(QPalette.ColorRole.Window).name()


def test_light_and_dark_are_in_force_at_once(qtbot, qapp, page, store):
    pick(qtbot, page.appearance, Appearance.DARK)
    assert colour(qapp) == DARK_COLORS.window
    assert SettingsStore(store).load_settings().appearance is Appearance.DARK
    pick(qtbot, page.appearance, Appearance.LIGHT)
    assert colour(qapp) == LIGHT_COLORS.window


def test_what_was_set_is_there_at_the_next_start(qtbot, qapp, page, store, answers, tmp_path):
    pick(qtbot, page.language, "de")
    pick(qtbot, page.live_preview, LivePreviewFrequency.OCCASIONALLY)
    qtbot.mouseClick(
        page.reopen_last_file, Qt.MouseButton.LeftButton, pos=page.reopen_last_file.rect().center()
    )
    page.memory_limit.setFocus()
    page.memory_limit.selectAll()
    qtbot.keyClicks(page.memory_limit, "4096")
    qtbot.keyClick(page.memory_limit, Qt.Key.Key_Tab)
    answers.to_take = tmp_path
    page.results_folder.setFocus()
    qtbot.keyClick(page.results_folder, Qt.Key.Key_End)
    assert page.results_folder.currentText() == str(tmp_path)
    expected = Settings(
        language="de",
        live_preview=LivePreviewFrequency.OCCASIONALLY,
        reopen_last_file=page.reopen_last_file.isChecked(),
        result_memory_mib=4096,
        results_folder=tmp_path,
    )
    assert SettingsStore(store).load_settings() == expected
    again = build_window(
        qapp, bundled_prior_path=BUNDLED_PRIOR_PATH, settings_store=store, dialogs=answers
    )
    qtbot.addWidget(again)
    assert again.view_models.preferences.state == expected
    assert again.preferences_controller.page.results_folder.currentText() == str(tmp_path)


def test_choosing_no_folder_leaves_what_was_chosen(qtbot, page):
    page.results_folder.setFocus()
    qtbot.keyClick(page.results_folder, Qt.Key.Key_End)
    assert page.results_folder.currentText() == "Next to the original"


def test_results_go_beside_their_source_again(qtbot, page, store, answers, tmp_path):
    answers.to_take = tmp_path
    page.results_folder.setFocus()
    qtbot.keyClick(page.results_folder, Qt.Key.Key_End)
    assert SettingsStore(store).load_settings().results_folder == tmp_path
    qtbot.keyClick(page.results_folder, Qt.Key.Key_Home)
    assert SettingsStore(store).load_settings().results_folder is None
    assert page.results_folder.currentText() == "Next to the original"
    offered = [page.results_folder.itemText(i) for i in range(page.results_folder.count())]
    assert offered == ["Next to the original", "Choose a folder…"]  # no longer the old folder
    assert len(answers.asked) == 1


def test_reset_sets_all_as_at_the_first_start(qtbot, page, window):
    preferences = window.view_models.preferences
    preferences.set_appearance(Appearance.DARK)
    preferences.set_disk_limit(5000)
    preferences.set_reopen_last_file(True)
    qtbot.mouseClick(page.reset_button, Qt.MouseButton.LeftButton)
    assert preferences.state == Settings()
    assert page.disk_limit.text() == "Automatic"
    assert not page.reopen_last_file.isChecked()


def test_the_device_that_was_set_is_chosen_once_and_may_be_changed_after(
    qtbot, qapp, store, answers
):
    SettingsStore(store).save_settings(Settings(device="cpu"))
    window = build_window(
        qapp, bundled_prior_path=BUNDLED_PRIOR_PATH, settings_store=store, dialogs=answers
    )
    qtbot.addWidget(window)
    parameters = window.view_models.parameters
    assert parameters.state.settings.device == "cpu"
    parameters.set_device("auto")
    parameters.set_steps(7)
    assert parameters.state.settings.device == "auto"


def test_a_device_that_is_not_here_is_said_and_not_chosen(qtbot, qapp, store, answers):
    SettingsStore(store).save_settings(Settings(device="cuda:7"))
    window = build_window(
        qapp, bundled_prior_path=BUNDLED_PRIOR_PATH, settings_store=store, dialogs=answers
    )
    qtbot.addWidget(window)
    assert window.view_models.parameters.state.settings.device == "auto"
    assert window.preferences_controller.page.device.currentText() == "cuda:7 (not here)"


@pytest.fixture
def again(store, photo, screenshot, tmp_path, request):
    """Return a window with three recent files: two that exist and a missing one."""
    SettingsStore(store).save_window_state(
        WindowState(recent_files=(photo, tmp_path / "gone.jpg", screenshot))
    )
    return request.getfixturevalue("window")


def is_open(window, path):
    document = window.view_models.document.document
    return document is not None and document.source.path == path


def names(window):
    entries = window.action_set.recent_menu.actions()
    return [e.text() for e in entries if e.text() and e.text()[:1] == "&" and e.text()[1].isdigit()]


def test_files_of_before_are_opened_by_keys_alone(qtbot, again, photo, screenshot):
    window = again
    window.view_models.recent_files.check_missing_files()
    recent = window.welcome_page.recent_file_list
    qtbot.waitUntil(lambda: recent.count() == 2)
    window.welcome_page.sample_button.setFocus()
    qtbot.keyClick(window.welcome_page.sample_button, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is recent
    qtbot.keyClick(recent, Qt.Key.Key_Down)
    qtbot.keyClick(recent, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: is_open(window, screenshot), timeout=20000)
    assert window.view_models.recent_files.state.files[:2] == (screenshot, photo)


def test_a_click_opens_a_file_of_before(qtbot, again, photo):
    recent = again.welcome_page.recent_file_list
    place = recent.visualItemRect(recent.item(0)).center()
    qtbot.mouseClick(recent.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: is_open(again, photo), timeout=5000)


def test_names_and_folders_of_all_files_of_before_are_in_sight(again):
    """The height was measured before the style sheet made the rows higher."""
    recent = again.welcome_page.recent_file_list
    last = recent.visualItemRect(recent.item(recent.count() - 1))
    # A long folder is cut off at the right.
    assert recent.viewport().rect().bottom() >= last.bottom()


def test_the_menu_has_them_and_greys_what_is_gone(qtbot, again, photo):
    menu = again.action_set.recent_menu
    menu.aboutToShow.emit()
    qtbot.waitUntil(lambda: bool(again.view_models.recent_files.state.missing_files))
    assert names(again) == [f"&1 {photo.name}", "&2 gone.jpg (not there)", "&3 screenshot.png"]
    [gone] = [action for action in menu.actions() if "gone.jpg" in action.text()]
    assert not gone.isEnabled()
    [first] = [action for action in menu.actions() if photo.name in action.text()]
    first.trigger()
    qtbot.waitUntil(lambda: is_open(again, photo), timeout=5000)


def test_what_is_gone_leaves_the_list_when_it_is_chosen(qtbot, again):
    [gone] = [a for a in again.action_set.recent_menu.actions() if "gone.jpg" in a.text()]
    gone.trigger()  # the menu has not been opened, so no missing file is known
    document = again.view_models.document
    qtbot.waitUntil(lambda: isinstance(document.state, DocumentOpenFailed), timeout=5000)
    qtbot.waitUntil(lambda: len(names(again)) == 2, timeout=5000)
    assert again.message_bar.title_label.text().startswith("Cannot read")


def test_clearing_the_list_empties_menu_and_page(again):
    again.action_set.recent_files.clear_recent_files.trigger()
    assert names(again) == []
    assert not again.action_set.recent_menu.menuAction().isEnabled()
    assert not again.welcome_page.recent_file_list.isVisible()
    assert not again.action_set.recent_files.open_latest_file.isEnabled()


def test_the_last_file_comes_back_with_its_key(qtbot, again, photo):
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(again, Qt.Key.Key_T, control | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(
        lambda: isinstance(again.view_models.document.state, DocumentOpened), timeout=5000
    )
    assert is_open(again, photo)


def test_the_window_comes_back_as_it_was(qtbot, qapp, window, store, answers):
    window.resize(900, 703)  # Qt restores no window wider than the small test screen
    page = window.bottom_panel.widget(0)
    window.bottom_panel.open_page(page)
    window.close()
    again = build_window(
        qapp, bundled_prior_path=BUNDLED_PRIOR_PATH, settings_store=store, dialogs=answers
    )
    qtbot.addWidget(again)
    assert again.height() == 703
    assert not again.bottom_panel.isHidden()
    assert type(again.bottom_panel.currentWidget()) is type(page)
