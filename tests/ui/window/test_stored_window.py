"""A window opens with what the window of 0.1.0 left behind."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QWidget

from app.compose import build_window
from app.config.settings import Appearance
from app.jobs.batch.batch_items import ItemStatus
from app.ui.widgets.bottom_panel import BottomPanel
from app.ui.widgets.theme import Theme
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.stored_by_0_1_0 import HOME, OTHER, SAMPLER, STORED, copy_priors, copy_text

# The value of "window/drawer" of 0.1.0, and the tab that the page has today.
DRAWER_PAGES = {
    "CropsPage": "Crops",
    "SamplesPage": "Versions",
    "RunsPage": "Runs",
    "QueuePage": "Folder",
}


def shown_tab(drawer: BottomPanel) -> str:
    """Return the title of the visible page of the bottom panel, empty if the panel is hidden."""
    return "" if drawer.isHidden() else drawer.tabText(drawer.currentIndex()).replace("&", "")


class TestPagesOfTheDrawer:
    @pytest.mark.parametrize("key", DRAWER_PAGES)
    def test_the_page_of_a_stored_key_is_shown_and_stored_again(
        self, qtbot, qapp, store, answers, key
    ):
        store.setValue("window/drawer", key)
        window = build_window(
            qapp, bundled_prior_path=BUNDLED_PRIOR_PATH, settings_store=store, dialogs=answers
        )
        qtbot.addWidget(window)
        assert shown_tab(window.bottom_panel) == DRAWER_PAGES[key]
        store.remove("window/drawer")
        window.close()
        assert store.value("window/drawer") == key

    def test_every_page_has_a_key_that_0_1_0_could_have_stored(self, window):
        drawer, found = window.bottom_panel, {}
        for index in range(drawer.count()):
            drawer.open_page(drawer.widget(index))
            found[drawer.current_page_key()] = shown_tab(drawer)
        assert found == DRAWER_PAGES

    @pytest.mark.parametrize("key", ["", "DrawerPage"])
    def test_no_page_is_shown_for_another_key(self, qtbot, qapp, store, answers, key):
        store.setValue("window/drawer", key)
        window = build_window(
            qapp, bundled_prior_path=BUNDLED_PRIOR_PATH, settings_store=store, dialogs=answers
        )
        qtbot.addWidget(window)
        assert shown_tab(window.bottom_panel) == ""
        window.close()
        assert store.value("window/drawer") == ""

    def test_a_key_is_not_the_name_of_a_class(self, qtbot, qapp: QApplication):
        drawer = BottomPanel(Theme(qapp))
        qtbot.addWidget(drawer)
        drawer.add_page(QWidget(), "FirstPage", "One", "The first")
        drawer.add_page(QWidget(), "SecondPage", "Two", "The second")
        drawer.restore_page("SecondPage")
        assert (shown_tab(drawer), drawer.current_page_key()) == ("Two", "SecondPage")
        drawer.restore_page("QWidget")
        assert shown_tab(drawer) == "Two"


@pytest.fixture
def left(qtbot, qapp, answers, tmp_path, prior_folder):
    """Yield a window that starts with files of version 0.1.0: settings, batch, presets, priors."""
    copy_priors(prior_folder)
    for name, folder in (("queue.jsonl", "state"), ("presets.json", "config")):
        (tmp_path / folder).mkdir()
        shutil.copy(STORED / name, tmp_path / folder)
    store = QSettings(
        str(copy_text("settings.ini", tmp_path / "settings.ini")), QSettings.Format.IniFormat
    )
    window = build_window(
        qapp, bundled_prior_path=BUNDLED_PRIOR_PATH, settings_store=store, dialogs=answers
    )
    qtbot.addWidget(window, before_close_func=lambda _window: answers.let_go())
    with qtbot.waitExposed(window):
        window.show()
    yield window
    window.view_models.preferences.set_appearance(
        Appearance.SYSTEM
    )  # all windows share their colors


def test_the_settings_have_the_names_under_which_they_were_stored():
    code = (
        "from PySide6.QtCore import QSettings\n"
        "from app.ui.window.application import Application\n"
        "application = Application([])\n"
        "print(QSettings().organizationName(), QSettings().applicationName())\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True
    )
    assert found.stdout.split() == ["ddrm-restore", "ddrm-restore"]


def test_the_window_is_as_it_was_left(left):
    assert left.height() == 703
    assert shown_tab(left.bottom_panel) == "Crops"
    assert left.view_models.parameters.state.settings.prior == "tiny"
    assert left.view_models.saving.options.state.choices.export.jpeg_quality == 80
    assert left.view_models.preferences.state.results_folder == HOME / "Results, böld"
    assert left.view_models.recent_files.state.files == (
        HOME / "Photos 火" / "a, b.jpg",
        HOME / "böld.tiff",
    )


def test_the_queue_opens_with_its_files(qtbot, left):
    queue = left.view_models.batch
    queue.load_saved_batch()
    qtbot.waitUntil(left.message_bar.isVisible)
    assert left.message_bar.title_label.text() == "A folder is not finished: 3 of 6 left"
    assert [row.source.name for row in queue.state.items] == [
        *("böld 火.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg", "\udcff.jpg")
    ]
    assert [row.status for row in queue.state.items] == [
        *(ItemStatus.WAITING, ItemStatus.DONE, ItemStatus.FAILED, ItemStatus.SKIPPED),
        *(ItemStatus.STOPPED, ItemStatus.STOPPED),
    ]
    assert queue.state.captured_settings.restore.sampler == SAMPLER
    assert queue.state.output_location.folder == Path("/home/ann/results")
    assert left.batch_controller.page.table_view.table_model.rowCount() == 6


@pytest.mark.parametrize(("name", "settings"), [("Mine", SAMPLER), ("Nº 2, böld 火", OTHER)])
def test_a_preset_applies(qtbot, left, name: str, settings: SamplerSettings):
    left.view_models.presets.load()
    choice = left.side_panel.parameter_panel.preset
    qtbot.waitUntil(lambda: choice.findText(name) > 0)
    choice.setCurrentIndex(choice.findText(name))
    choice.activated.emit(choice.currentIndex())
    state = left.view_models.parameters.state
    assert state.settings.sampler == settings
    assert choice.currentText() == name
