"""Windows that are opened and closed at random moments, to find crashes.

    .venv/bin/python tests/benchmarks/closing_stress.py [--windows 500] [--seed 0]

Each window is closed while it loads a file, restores, saves or runs a batch, after a random part of
a second; some windows are closed twice. The garbage collector runs after every 1 to 50 new objects,
whenever the window's thread checks. Windows are opened in processes of several each, under
faulthandler. A process that crashes or hangs is counted by its last moment, its report is printed,
and the exit status is 1. Offscreen, unless QT_QPA_PLATFORM selects another platform:
`QT_QPA_PLATFORM=xcb xvfb-run .venv/bin/python ...`.
"""

from __future__ import annotations

import argparse
import faulthandler
import gc
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# The path contains the folder of this script instead.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import torch
from PIL import Image
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from app.compose import build_window
from app.config.resources import EXAMPLE_IMAGE_PATH
from app.ui.widgets.dialogs import Dialogs
from app.ui.window.garbage_collection import GuiThreadGarbageCollector
from app.ui.window.main_window import MainWindow
from app.viewmodels.batch.batch_state import BatchPhase
from app.viewmodels.run.run import ResultReady
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.sampler.settings import Preset

PER_PROCESS = 25
# Opening and closing a window takes a second or two.
PATIENCE_S = 120
MOST_OBJECTS = 50


class Answers(Dialogs):
    """File dialogs that are not shown: saving gets the path `to_save`, others are canceled."""

    def __init__(self, to_save: Path) -> None:
        self.to_save = to_save

    def ask_save_path(self, *_arguments: object) -> Path:
        return self.to_save


class Subject:
    """A window under test, and the files that it opens.

    Attributes:
        window: The window, shown.
        large: File of a megapixel, in which the search for a previous compression takes seconds.
        small: File of 97x64 pixels, which is restored quickly.
    """

    def __init__(
        self, qt: QApplication, collector: GuiThreadGarbageCollector, folder: Path
    ) -> None:
        store = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
        answers = Answers(folder / "result.png")
        self.window: MainWindow = build_window(
            qt, bundled_prior_path=BUNDLED_PRIOR_PATH, settings_store=store, dialogs=answers
        )
        self.large, self.small = folder.parent / "large.jpg", folder.parent / "small.jpg"
        self._qt, self._collector = qt, collector
        self.window.show()

    def settle(self, holds: Callable[[], bool], seconds: float = 60) -> None:
        """Process events until `holds()` is true; raise TimeoutError after `seconds`."""
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                raise TimeoutError
            self._qt.processEvents()
            self._collector.collect_due()
            time.sleep(0.001)

    def go_on(self, seconds: float) -> None:
        """Process the window's events for a number of seconds."""
        end = time.monotonic() + seconds
        self.settle(lambda: time.monotonic() >= end)

    def open(self, path: Path) -> None:
        """Open a file in the window, and wait until it is open."""
        self.window.open_paths([path])
        self.settle(lambda: self.window.view_models.document.document is not None)


def discard(qt: QApplication) -> None:
    """Answer an open question about unsaved work with Discard; close any other dialog."""
    question = qt.activeModalWidget()
    if isinstance(question, QMessageBox):
        destructive = QMessageBox.ButtonRole.DestructiveRole
        for button in question.buttons():
            if question.buttonRole(button) == destructive:
                button.click()
                return
    if question is not None:
        question.close()


def starting(_subject: Subject) -> None:
    """Do nothing, so that the window is closed right after it is shown."""


def loading(subject: Subject) -> None:
    subject.window.open_paths([subject.large])


def looking(subject: Subject) -> None:
    subject.open(subject.large)


def restoring(subject: Subject) -> None:
    models = subject.window.view_models
    subject.open(subject.small)
    models.parameters.set_steps(500)
    subject.window.action_set.restore.trigger()
    subject.settle(lambda: getattr(models.run.state, "estimate", None) is not None)


def saving(subject: Subject) -> None:
    models = subject.window.view_models
    subject.open(subject.small)
    models.parameters.apply_preset(Preset.FAST)
    subject.window.action_set.restore.trigger()
    subject.settle(lambda: isinstance(models.run.state, ResultReady))
    subject.window.action_set.save_as.trigger()


def batch(subject: Subject) -> None:
    queue = subject.window.view_models.batch
    subject.window.view_models.parameters.apply_preset(Preset.FAST)
    queue.add_paths([subject.small, subject.large])
    subject.settle(lambda: bool(queue.state.items) and queue.state.phase is BatchPhase.IDLE)
    queue.start()


MOMENTS = (starting, loading, looking, restoring, saving, batch)


def open_and_close(
    qt: QApplication, collector: GuiThreadGarbageCollector, random_: random.Random, folder: Path
) -> None:
    """Open a window, bring it to a random moment of its life, and close it.

    Moments are those of MOMENTS, such as during a run; `folder` is for the window's files.
    """
    moment = random_.choice(MOMENTS)
    print("begin", moment.__name__, flush=True)
    subject = Subject(qt, collector, folder)
    began = time.monotonic()
    moment(subject)
    subject.go_on(random_.choice((0.0, random_.uniform(0, 0.05), random_.uniform(0, 0.4))))
    subject.window.close()
    if random_.random() < 0.2:
        subject.window.close()
    subject.window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    print("end", moment.__name__, f"{time.monotonic() - began:.2f}", flush=True)


def child(folder: Path, seed: int, windows: int) -> None:
    """Open and close `windows` windows, one after another, in this process."""
    faulthandler.enable()
    torch.set_num_threads(1)
    random_ = random.Random(seed)
    for name in ("DATA", "CACHE", "CONFIG", "STATE"):
        os.environ[f"XDG_{name}_HOME"] = f"{folder}/{name}"
    with Image.open(EXAMPLE_IMAGE_PATH) as image:
        image.resize((1200, 900)).save(folder / "large.jpg", quality=20)
        image.crop((180, 30, 277, 94)).save(folder / "small.jpg", quality=10)
    qt = QApplication([])
    collector = GuiThreadGarbageCollector(qt)
    collector.start()
    answering = QTimer(qt, interval=50)
    answering.timeout.connect(partial(discard, qt))
    answering.start()
    for number in range(windows):
        own = folder / str(number)
        own.mkdir()
        gc.set_threshold(random_.randint(1, MOST_OBJECTS), random_.randint(2, 20), 100)
        open_and_close(qt, collector, random_, own)


def run_child(seed: int, windows: int) -> tuple[list[str], str]:
    """Run a child process that opens and closes `windows` windows.

    Returns:
        Output lines of the process, and the description of its failure: empty if the process ended
        normally.
    """
    own = [sys.executable, "-X", "faulthandler", __file__, "--child"]
    with tempfile.TemporaryDirectory() as folder:
        command = [*own, folder, "--seed", str(seed), "--windows", str(windows)]
        # glibc then overwrites freed memory, so that a use after free crashes always.
        environment = os.environ | {"MALLOC_PERTURB_": "165"}
        pipe = subprocess.PIPE
        with subprocess.Popen(
            command, stdout=pipe, stderr=pipe, text=True, env=environment
        ) as process:
            try:
                printed, errors = process.communicate(timeout=PATIENCE_S + 10 * windows)
                ended = f"exit status {process.returncode}\n{errors}" if process.returncode else ""
            except subprocess.TimeoutExpired:
                process.kill()
                printed, errors = process.communicate()
                ended = f"hung\n{errors}"
    return printed.splitlines(), ended


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--windows", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--child", type=Path)
    options = parser.parse_args()
    if options.child is not None:
        child(options.child, options.seed, options.windows)
        return 0
    closed: Counter[str] = Counter()
    crashed: Counter[str] = Counter()
    began, seed, opened = time.monotonic(), options.seed, 0
    while opened < options.windows:
        lines, ended = run_child(seed, min(PER_PROCESS, options.windows - opened))
        begun = [line.split()[1] for line in lines if line.startswith("begin")]
        closed.update(line.split()[1] for line in lines if line.startswith("end"))
        opened += max(len(begun), 1)
        if ended:
            moment = begun[-1] if begun else "none"
            crashed[moment] += 1
            print(f"seed {seed}, window {len(begun)}, {moment}: {ended}", flush=True)
        seed += 1
    for moment in MOMENTS:
        name = moment.__name__
        print(f"{name}: {closed[name]} closed, {crashed[name]} crashed")
    seconds, count = time.monotonic() - began, crashed.total()
    print(f"{opened} windows, {count} processes crashed or hung, {seconds:.0f} s")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
