"""Blocks of the GUI thread during work with an image of 12 megapixels.

    .venv/bin/python tests/benchmarks/gui_blocks.py [--size 4000x3000] [--steps 2]

The image is opened, restored, zoomed, panned and compared on the timeline with mouse and keys,
offscreen. A block is the time from the first delivered event to the return to the event loop. For
each part of the work, the five longest blocks are printed, with the share that the GUI thread
computed (the rest was waiting for Python's lock or a core) and the stack that was found when a
block exceeded 50 ms.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# The path contains the folder of this script instead.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PIL import Image
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSlider

from app.compose import build_window
from app.config.resources import EXAMPLE_IMAGE_PATH
from app.ui.window.main_window import MainWindow
from app.viewmodels.document.document import DocumentOpened
from app.viewmodels.run.run import ResultReady
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.sampler.settings import Preset
from tests.support import leak_guards
from tests.support.leak_guards import GuiBlocks
from tests.support.unsaved_answers import DiscardingDialogs

LIMIT_S = 0.05
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


class Watchdog(threading.Thread):
    """Thread that records the GUI thread's stack during blocks longer than LIMIT_S."""

    def __init__(self, blocks: GuiBlocks) -> None:
        super().__init__(daemon=True)
        self._blocks, self._gui = blocks, threading.get_ident()
        self.found: dict[float, Counter[str]] = {}
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.wait(0.01):
            since = self._blocks.since
            if since is not None and time.perf_counter() - since > LIMIT_S:
                stack = traceback.extract_stack(sys._current_frames()[self._gui])
                own = [f for f in stack if "/app/" in f.filename or "ddrm_core" in f.filename]
                lines = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in own[-3:]]
                self.found.setdefault(since, Counter())[" < ".join(reversed(lines))] += 1


def until(app: QApplication, holds: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError
        app.processEvents()
        time.sleep(0.002)


def settle(app: QApplication, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        app.processEvents()
        time.sleep(0.002)


def zoom(app: QApplication, window: MainWindow) -> None:
    canvas = window.compare_view
    place = QPointF(canvas.width() * 0.4, canvas.height() * 0.45)
    for turned in [120] * 24 + [-120] * 24:
        wheel = QWheelEvent(
            place,
            canvas.mapToGlobal(place),
            QPoint(),
            QPoint(0, turned),
            Qt.MouseButton.NoButton,
            NONE,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        app.postEvent(canvas, wheel)
        app.processEvents()


def pan(app: QApplication, window: MainWindow) -> None:
    canvas = window.compare_view
    for key in (Qt.Key.Key_1, Qt.Key.Key_0):
        QTest.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
        middle = QPoint(canvas.width() // 4, canvas.height() // 2)
        QTest.mousePress(canvas, LEFT, NONE, middle)
        for step in range(80):
            QTest.mouseMove(canvas, middle + QPoint(2 * step, step))
            app.processEvents()
        QTest.mouseRelease(canvas, LEFT, NONE, middle)


def modes(app: QApplication, window: MainWindow) -> None:
    for key in "DQBXWCSFF":
        QTest.keyClick(window.compare_view, getattr(Qt.Key, f"Key_{key}"))
        settle(app, 0.3)


def scrub(app: QApplication, window: MainWindow) -> None:
    for slider in window.findChildren(QSlider):
        if not slider.isVisible():
            continue
        slider.setFocus()
        for key in [Qt.Key.Key_Left] * 8 + [Qt.Key.Key_Right] * 8:
            QTest.keyClick(slider, key)
            settle(app, 0.05)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="4000x3000")
    parser.add_argument("--steps", type=int, default=2)
    options = parser.parse_args()
    width, height = map(int, options.size.split("x"))
    app = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        path = prepare_folder(Path(folder), (width, height))
        store = QSettings(f"{folder}/settings.ini", QSettings.Format.IniFormat)
        blocks = GuiBlocks()
        watchdog = Watchdog(blocks)
        watchdog.start()
        listener = leak_guards.listen(app, blocks)
        window = build_window(
            app,
            bundled_prior_path=BUNDLED_PRIOR_PATH,
            settings_store=store,
            dialogs=DiscardingDialogs(),
        )
        models = window.view_models
        models.parameters.apply_preset(Preset.FAST)
        models.parameters.set_steps(options.steps)

        def start() -> None:
            window.resize(1280, 720)
            window.show()
            models.parameters.find_devices()
            models.priors.list_priors()
            settle(app, 3)

        def open_it() -> None:
            window.open_paths([path])
            until(app, lambda: isinstance(models.document.state, DocumentOpened), 60)
            settle(app, 3)

        def restore() -> None:
            QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
            until(app, lambda: isinstance(models.run.state, ResultReady), 600)
            settle(app, 3)

        parts: tuple[tuple[str, Callable[[], None]], ...] = (
            ("start", start),
            ("open", open_it),
            ("restore", restore),
            ("zoom", lambda: zoom(app, window)),
            ("pan", lambda: pan(app, window)),
            ("modes", lambda: modes(app, window)),
            ("scrub", lambda: scrub(app, window)),
        )
        for name, part in parts:
            report(name, part, blocks, watchdog)
        app.removeEventFilter(listener)
        began = time.monotonic()
        window.close()
        print(f"closed in {time.monotonic() - began:.2f} s")
        watchdog.stopped.set()
        watchdog.join()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def prepare_folder(folder: Path, size: tuple[int, int]) -> Path:
    """Redirect the user's folders into `folder`, and write a JPEG to it; return its path."""
    for name in ("DATA", "CACHE", "CONFIG", "STATE"):
        os.environ[f"XDG_{name}_HOME"] = str(folder / name)
    folder.mkdir(exist_ok=True)
    path = folder / "large.jpg"
    with Image.open(EXAMPLE_IMAGE_PATH) as image:
        image.resize(size, Image.Resampling.BICUBIC).save(path, quality=20)
    return path


def report(name: str, part: Callable[[], None], blocks: GuiBlocks, watchdog: Watchdog) -> None:
    blocks.blocks.clear()
    watchdog.found.clear()
    began = time.monotonic()
    part()
    blocks.end()
    longest = sorted(blocks.blocks, key=lambda block: -block.seconds)[:5]
    over = sum(block.seconds > LIMIT_S for block in blocks.blocks)
    print(f"{name}: {time.monotonic() - began:.1f} s, {len(blocks.blocks)} blocks, {over} over")
    for block in longest:
        print(
            f"  {1e3 * block.seconds:6.1f} ms, {1e3 * block.of_core:6.1f} of a core: {block.began}"
        )
    found: Counter[str] = Counter()
    for stacks in watchdog.found.values():
        found.update(stacks)
    for stack, count in found.most_common(5):
        print(f"  seen {count:3d} times: {stack}")


if __name__ == "__main__":
    main()
