"""The pictures of the window in the documentation.

    python tests/benchmarks/documentation_pictures.py docs [--only window window_four]

The window has the size and the light scheme of the pictures that it replaces. None of the user's
own files is read or written. Times in the pictures are those of the machine.
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
from PySide6.QtCore import QSettings

from app.compose import build_window
from app.config.resources import EXAMPLE_IMAGE_PATH
from app.config.settings import Appearance
from app.ui.window.application import Application
from app.ui.window.main_window import MainWindow
from app.viewmodels.compare.gallery import OriginalKey, PastRunKey, ResultKey, SampleKey
from app.viewmodels.document.document import DocumentOpened
from app.viewmodels.run.run import ResultReady
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.sampler.settings import Preset
from tests.benchmarks.waiting import pause, wait_until
from tests.support.unsaved_answers import DiscardingDialogs

_SIZE = (1280, 720)
_CROPS = ((190, 30, 64, 48), (100, 130, 64, 48), (310, 80, 64, 48))
_ALBUM_SIZE, _DAMAGED_NUMBER = 9, 3


class Photographer:
    """The steps that bring a window into the states of the pictures."""

    def __init__(self, window: MainWindow, work: Path) -> None:
        self._window = window
        self._models, self._actions = window.view_models, window.action_set
        self._work = work

    def pictures(self) -> dict[str, Callable[[], None]]:
        """Return the step before each picture by its name, in the order of the steps."""
        return {
            "window_folder": self._restore_folder,
            "window": self._restore_picture,
            "window_four": self._show_four,
            "window_crops": self._show_crops,
        }

    def _restore_folder(self) -> None:
        """Show a folder with half of its files restored."""
        album, batch = self._work / "Album 1998", self._models.batch
        album.mkdir()
        for number in range(1, _ALBUM_SIZE + 1):
            path = album / f"holiday {number:02d}.jpg"
            with Image.open(EXAMPLE_IMAGE_PATH) as image:
                image.save(path, quality=5 + 5 * number)
            if number == _DAMAGED_NUMBER:
                path.write_bytes(path.read_bytes()[: path.stat().st_size * 3 // 5])
        batch.set_tolerate_damage(True)
        self._models.parameters.apply_preset(Preset.FAST)
        self._window.open_paths([album])
        wait_until(lambda: len(batch.state.items) == _ALBUM_SIZE)
        pause(2000)
        self._actions.batch.start.trigger()
        for count in range(1, _ALBUM_SIZE // 2 + 1):  # each wait is limited
            wait_until(lambda count=count: batch.state.counts.finished >= count)
        pause(1000)

    def _restore_picture(self) -> None:
        """Show the result of the sample with the line between before and after."""
        self._models.batch.stop()
        wait_until(lambda: not self._models.batch.state.is_active)
        self._models.batch.remove_items([item.item_id for item in self._models.batch.state.items])
        self._window.bottom_panel.hide()
        picture = Path(shutil.copy(EXAMPLE_IMAGE_PATH, self._work))
        self._window.open_paths([picture])
        wait_until(lambda: isinstance(self._models.document.state, DocumentOpened))
        wait_until(lambda: bool(self._models.cost_estimate.state.preset_seconds))
        self._window.hint_bar.dismiss_button.click()
        for preset in (Preset.FAST, Preset.BALANCED):
            self._models.parameters.apply_preset(preset)
            self._actions.restore.trigger()
            wait_until(lambda: isinstance(self._models.run.state, ResultReady))
            pause(1000)
        self._actions.view.consistency_overlay.trigger()
        self._models.compare.set_scale(1.45)

    def _show_four(self) -> None:
        self._actions.view.consistency_overlay.trigger()
        self._actions.view.four_images.trigger()
        keys = (OriginalKey(), ResultKey(), SampleKey(1), PastRunKey(1))
        for pane, key in enumerate(keys):
            self._models.compare.show_in_slot(pane, key)
        self._models.compare.set_scale(1.0)

    def _show_crops(self) -> None:
        self._actions.view.slider.trigger()
        for place in _CROPS:
            self._window.regions_controller.add_region(Rectangle(*place))
        self._window.bottom_panel.hide()
        self._actions.regions.toggle_regions_page.trigger()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="*", default=())
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as own:
        for variable in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
            os.environ[variable] = own
        app = Application(sys.argv[:1])
        window = build_window(
            app,
            bundled_prior_path=BUNDLED_PRIOR_PATH,
            settings_store=QSettings(f"{own}/settings.ini", QSettings.Format.IniFormat),
            dialogs=DiscardingDialogs(),
        )
        window.view_models.preferences.set_appearance(Appearance.LIGHT)
        window.resize(*_SIZE)
        window.show()
        window.view_models.priors.list_priors()
        pause(3000)
        # The path is legible in one picture.
        work = Path(tempfile.gettempdir()) / "Pictures"
        work.mkdir()
        try:
            for name, act in Photographer(window, work).pictures().items():
                act()
                pause(1000)
                window.message_bar.hide()
                pause(200)
                if not wanted.only or name in wanted.only:
                    path = wanted.folder / f"{name}.png"
                    window.grab().save(str(path))
                    with Image.open(path) as image:
                        image.convert("RGB").save(path, optimize=True)
        finally:
            window.close()
            shutil.rmtree(work)


if __name__ == "__main__":
    main()
