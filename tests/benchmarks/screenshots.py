"""Screenshots of the window in every state.

    QT_SCALE_FACTOR=2 python tests/benchmarks/screenshots.py FOLDER --scheme dark --language de

A tour takes a minute or two. `--only` takes the names of the states below; the tour visits all
states nevertheless. None of the user's own files is read or written.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.compose import build_window
from app.config.resources import EXAMPLE_IMAGE_PATH
from app.config.settings import Appearance
from app.desktop.services import DesktopServices
from app.jobs.export.save import SavedFile
from app.ui.widgets.dialogs import Dialogs
from app.ui.window.application import Application
from app.ui.window.language import install_language
from app.ui.window.main_window import MainWindow
from app.viewmodels.compare.gallery import OriginalKey, PastRunKey, ResultKey, SampleKey
from app.viewmodels.document.document import DocumentOpened, DocumentOpenFailed
from app.viewmodels.parameters.reuse_settings import RecordReadDone
from app.viewmodels.results.unsaved_results import SaveAnswer, UnsavedWork
from app.viewmodels.results.unsaved_results_text import quit_question
from app.viewmodels.run.run import ResultReady, RunInProgress, RunStopped
from app.viewmodels.state_view_model import JobFailed
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.sampler.settings import Preset
from tests.benchmarks.waiting import pause, wait_until
from tests.support.unsaved_answers import DiscardingDialogs


class Tour:
    """Tour of the window's states, each of which is saved as a screenshot."""

    def __init__(self, window: MainWindow, folder: Path, picture: Path, work: Path) -> None:
        self.window = window
        self.models = window.view_models
        self.actions = window.action_set
        self.view = self.actions.view
        self._folder, self._work = folder, work
        # The tour saves results and further pictures beside the opened file.
        self._picture = Path(shutil.copy(picture, work))
        self.only: set[str] = set()

    def go(self) -> None:
        """Bring the window into each state in turn, and save a screenshot of each."""
        for name, act in self._states():
            act()
            pause(400)
            if not self.only or name in self.only:
                self._take(name)

    def _states(self) -> tuple[tuple[str, Callable[[], None]], ...]:
        view, actions = self.view, self.actions
        return (
            ("empty", lambda: None),
            ("preview", self._preview),
            ("opened", self._open),
            ("settings-line", self.window.side_panel.parameter_panel.settings_line.click),
            ("expert", actions.show_expert_controls.trigger),
            ("not-restorable", self._open_original),
            ("failed", self._fail),
            ("running", self._begin),
            ("stopped", self._stop),
            ("slider", self._restore),
            ("adjust", self.window.side_panel.result_panel.verdict_view.adjust_button.click),
            ("kept-area", self._keep_area),
            ("saved", self._save),
            ("loaded-strength", self._load_strength),
            ("save-failed", self._fail_to_save),
            ("side-by-side", self._side_by_side),
            ("one", view.single_image.trigger),
            ("four", self._four),
            ("blink", view.blink.trigger),
            ("difference", view.difference.trigger),
            ("spread", view.spread.trigger),
            ("consistency", self._consistency),
            ("grid", self._grid),
            ("loupe", self._loupe),
            ("timeline", self._scrub),
            ("samples", self._samples),
            ("runs", actions.results.show_run_history.trigger),
            ("crops", self._crops),
            ("crops-large", actions.regions.toggle_regions_page.trigger),
            ("crops-menu", self._crops_menu),
            ("film-strip", self._film_strip),
            ("inspector", self._inspect),
            ("keys", actions.support.show_shortcuts.trigger),
            ("settings", actions.show_settings.trigger),
            ("priors", actions.show_priors.trigger),
            ("folder", self._folder_waiting),
            ("folder-details", self._toggle_folder_details),
            ("folder-filter", self._toggle_folder_filter),
            ("folder-options", self._show_folder_options),
            ("folder-working", self._folder_working),
            ("folder-done", self._folder_done),
            ("quit-question", self._ask_to_quit),
        )

    def _take(self, name: str) -> None:
        if name == "quit-question":  # was taken while the dialog waited
            return
        pages = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w.isWindow()]
        for page in pages:
            if page is self.window:
                self._grab(page, name if len(pages) == 1 else None)
            else:
                self._grab(page, name)
                page.close()

    def _grab(self, widget: QWidget, name: str | None) -> None:
        if name is not None:
            widget.grab().save(str(self._folder / f"{name}.png"))
            print(name, flush=True)

    def _preview(self) -> None:
        self.window.open_paths([self._picture])
        wait_until(lambda: bool(self.models.quick_preview.state.patches))

    def _open(self) -> None:
        self.window.open_paths([self._picture])
        wait_until(lambda: isinstance(self.models.document.state, DocumentOpened))
        pause(6000)  # for the cost estimate

    def _open_original(self) -> None:
        """Open a PNG that never was a JPEG in the simple layer."""
        self.actions.show_expert_controls.trigger()
        original = self._work / "original.png"
        Image.effect_noise((320, 200), 40).convert("RGB").save(original)
        self.window.open_paths([original])
        wait_until(lambda: self._is_open(original))

    def _is_open(self, path: Path) -> bool:
        state = self.models.document.state
        return isinstance(state, DocumentOpened) and state.document.source.path == path

    def _fail(self) -> None:
        letter = self._work / "letter.jpg"
        letter.write_text("Dear reader,", "utf-8")
        self.window.open_paths([letter])
        wait_until(lambda: isinstance(self.models.document.state, DocumentOpenFailed))

    def _begin(self) -> None:
        self._open()
        self.models.parameters.apply_preset(Preset.BEST)
        self.actions.restore.trigger()

        def streams() -> bool:
            state = self.models.run.state
            return (
                isinstance(state, RunInProgress)
                and state.image is not None
                and state.evaluations_done > 8
            )

        wait_until(streams)

    def _stop(self) -> None:
        self.actions.stop.trigger()
        wait_until(lambda: isinstance(self.models.run.state, RunStopped))

    def _restore(self) -> None:
        self.models.parameters.apply_preset(Preset.FAST)
        self._run()
        self.models.parameters.apply_preset(Preset.BALANCED)
        self._run()
        self.view.slider.trigger()

    def _keep_area(self) -> None:
        self.window.compare_view.area_drawn.emit(Rectangle(250, 60, 90, 60))
        pause(3000)

    def _save(self) -> None:
        self.window.message_bar.hide()
        self.actions.save.trigger()
        wait_until(lambda: isinstance(self.models.saving.state, SavedFile))

    def _load_strength(self) -> None:
        """Load the settings of the saved result, which keeps an area as in the file."""
        saved, document = self.models.saving.state, self.models.document.document
        assert isinstance(saved, SavedFile)
        assert document is not None
        self.models.reuse_settings.read_record(saved.path, document.source, "auto")
        wait_until(lambda: isinstance(self.models.reuse_settings.state, RecordReadDone))

    def _fail_to_save(self) -> None:
        self.models.parameters.remove_initial_strength()
        self.models.saving.options.set_folder(self._work / "gone")
        self.actions.save.trigger()
        wait_until(lambda: isinstance(self.models.saving.state, JobFailed))

    def _side_by_side(self) -> None:
        """Close the hints and the message of the states before, and undo the missing folder."""
        self.models.saving.options.set_folder(None)
        self.window.hint_bar.dismiss_button.click()
        self.window.message_bar.hide()
        self.view.side_by_side.trigger()

    def _run(self) -> None:
        self.actions.restore.trigger()
        wait_until(lambda: isinstance(self.models.run.state, ResultReady))

    def _four(self) -> None:
        self.view.four_images.trigger()
        keys = (OriginalKey(), ResultKey(), SampleKey(1), PastRunKey(1))
        for pane, key in enumerate(keys):
            self.models.compare.show_in_slot(pane, key)
        pause(600)

    def _consistency(self) -> None:
        self.view.slider.trigger()
        self.view.consistency_overlay.trigger()

    def _grid(self) -> None:
        self.view.consistency_overlay.trigger()
        self.view.side_by_side.trigger()
        if not self.view.pixel_grid.isChecked():
            self.view.pixel_grid.trigger()
        self.models.compare.set_scale(12.0)

    def _loupe(self) -> None:
        self.view.slider.trigger()
        self.view.fit.trigger()
        self.view.loupe.trigger()
        QTest.mouseMove(self.window.compare_view, self.window.compare_view.rect().center())

    def _scrub(self) -> None:
        self.view.loupe.trigger()
        for _ in range(4):
            self.actions.run.previous_estimate.trigger()

    def _samples(self) -> None:
        for _ in range(4):
            self.actions.run.next_estimate.trigger()
        self.actions.results.show_samples.trigger()

    def _crops(self) -> None:
        for place in ((180, 30, 64, 48), (60, 200, 64, 48), (300, 180, 64, 48)):
            self.window.regions_controller.add_region(Rectangle(*place))
        self.window.bottom_panel.open_page(self.window.regions_controller.page)

    def _crops_menu(self) -> None:
        cell = self.window.regions_controller.page.region_view(1, 1)
        place = cell.rect().center()
        reason = QContextMenuEvent.Reason.Mouse
        event = QContextMenuEvent(reason, place, cell.mapToGlobal(place))
        QApplication.sendEvent(cell, event)

    def _film_strip(self) -> None:
        self.actions.regions.toggle_regions_page.trigger()
        for number in range(2, 9):
            shutil.copy(self._picture, self._work / f"holiday {number}.jpg")
        self.models.folder_files.refresh()
        pause(1500)

    def _inspect(self) -> None:
        self.actions.inspector.open_inspector.trigger()
        pause(1000)

    def _folder_waiting(self) -> None:
        many = self._work / "Album 1998"
        many.mkdir()
        for number in range(8):
            with Image.open(self._picture) as image:
                image.save(many / f"holiday {number + 1:02d}.jpg", quality=10 + 5 * number)
        damaged = many / "holiday 03.jpg"
        damaged.write_bytes(damaged.read_bytes()[: damaged.stat().st_size * 3 // 5])
        with Image.open(self._picture) as image:
            image.save(many / "scan.png")
        self.models.batch.set_tolerate_damage(True)
        self.models.parameters.apply_preset(Preset.DRAFT)
        (many / "letter.jpg").write_text("Dear reader,", "utf-8")
        self.window.open_paths([many])
        wait_until(lambda: len(self.models.batch.state.items) == 9)

    def _toggle_folder_options(self) -> None:
        self.window.batch_controller.page.options_section.header.click()

    def _toggle_folder_details(self) -> None:
        self.actions.batch.show_details.trigger()
        wait_until(lambda: not self.models.batch_file_facts.state.is_reading)
        wait_until(lambda: not self.models.batch_cost.state.is_estimating)

    def _toggle_folder_filter(self) -> None:
        self.window.batch_controller.page.overview.selection_fields.limit_box.click()

    def _show_folder_options(self) -> None:
        """Show the output options without the details and the filter of the states before."""
        self._toggle_folder_details()
        self._toggle_folder_filter()
        self._toggle_folder_options()

    def _folder_working(self) -> None:
        self._toggle_folder_options()
        self.actions.batch.start.trigger()
        wait_until(lambda: self.models.batch.state.counts.finished >= 2)

    def _folder_done(self) -> None:
        wait_until(lambda: self.models.batch.state.counts.remaining == 0)

    def _ask_to_quit(self) -> None:
        """Ask the question about unsaved results, and cancel it after the screenshot."""

        def answer() -> None:
            box = QApplication.activeModalWidget()
            self._grab(box, "quit-question")
            box.close()

        self.window.message_bar.hide()
        work = UnsavedWork((self._picture.name, "holiday 2.jpg"), "holiday 3.jpg", True)
        QTimer.singleShot(500, answer)
        Dialogs().ask_about_unsaved_results(self.window, quit_question(work), tuple(SaveAnswer))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--picture", type=Path, default=EXAMPLE_IMAGE_PATH)
    parser.add_argument("--scheme", choices=("light", "dark"), default="light")
    parser.add_argument("--language", default="en")
    parser.add_argument("--right-to-left", action="store_true")
    parser.add_argument("--size", default="1280x720")
    parser.add_argument("--only", nargs="*", default=())
    wanted = parser.parse_args()
    wanted.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as own:
        for variable in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
            os.environ[variable] = own
        app = Application(sys.argv[:1])
        install_language(app, wanted.language)
        if wanted.right_to_left:
            app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        store = QSettings(f"{own}/settings.ini", QSettings.Format.IniFormat)
        dialogs = DiscardingDialogs()
        window = build_window(
            app,
            bundled_prior_path=BUNDLED_PRIOR_PATH,
            settings_store=store,
            dialogs=dialogs,
            desktop=DesktopServices(is_on_battery=lambda: False),
        )
        window.view_models.preferences.set_appearance(Appearance(wanted.scheme))
        window.resize(*map(int, wanted.size.split("x")))
        window.show()
        window.view_models.priors.list_priors()
        # The path is legible in some screenshots.
        work = Path(tempfile.gettempdir()) / "Pictures"
        work.mkdir()
        tour = Tour(window, wanted.folder, wanted.picture, work)
        tour.only = set(wanted.only)
        try:
            tour.go()
        finally:
            window.close()
            shutil.rmtree(work)


if __name__ == "__main__":
    main()
