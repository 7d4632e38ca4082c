"""A batch of many small files in the window: throughput, GUI blocks and memory.

    python tests/benchmarks/folders.py [COUNT]

The same files are restored without a window first, in a process of their own. Offscreen.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np
import psutil
import torch
from PIL import Image
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSettings, QTimer
from PySide6.QtWidgets import QApplication

from app.compose import build_window
from app.viewmodels.batch.batch_state import BatchPhase, BatchState
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.outcome import FileOutcome
from ddrm_core.batch.output_paths import OutputNaming, find_source_images, plan_outputs
from ddrm_core.batch.runner import restore_files
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.cancel import CancelToken
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.sampler.settings import PRESETS, Preset
from tests.support.unsaved_answers import DiscardingDialogs

_SIDE = 16
_MARKS = (200, 1000)
_ALONE = "--alone"


class Watchdog(QApplication):
    """Application that records the slowest delivery of an event on the GUI thread."""

    def __init__(self) -> None:
        super().__init__([])
        self.longest = (0.0, 0.0, "")
        self._depth = 0

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        if threading.current_thread() is not threading.main_thread():
            return super().notify(receiver, event)
        began, used, self._depth = time.perf_counter(), time.thread_time(), self._depth + 1
        try:
            return super().notify(receiver, event)
        finally:
            self._depth -= 1
            took = time.perf_counter() - began
            if not self._depth and took > self.longest[0]:
                kind = event.type().name
                name = type(receiver).__name__
                self.longest = (took, time.thread_time() - used, f"{kind} to {name}")


def make_files(folder: Path, count: int) -> None:
    folder.mkdir()
    rng = np.random.default_rng(20260101)
    for number in range(count):
        pixels = rng.integers(0, 255, (_SIDE, _SIDE, 3), np.uint8)
        Image.fromarray(pixels).save(folder / f"{number:05}.jpg", quality=20)


def settings() -> BatchSettings:
    return BatchSettings(replace(PRESETS[Preset.FAST], steps=1, samples=1))


def alone(folder: Path, target: Path) -> None:
    """Restore a folder without a window; print wall and processor time per file."""
    torch.set_num_threads(1)
    prior = load_prior(BUNDLED_PRIOR_PATH, torch.device("cpu"))
    sources = find_source_images(folder, recursive=False).image_paths
    items = plan_outputs(sources, folder, target, OutputNaming())
    began, used, failed = time.perf_counter(), time.process_time(), 0
    for event in restore_files(items, settings(), prior, Manifest(target), CancelToken()):
        failed += isinstance(event, FileOutcome) and event.error is not None
    tell("without a window", len(items), time.perf_counter() - began, time.process_time() - used)
    print(f"  failed: {failed}")


def tell(what: str, count: int, wall: float, cpu: float) -> None:
    """Print wall and processor time per file in ms, from the seconds for `count` files."""
    print(f"{what}: {1000 * wall / count:.1f} ms a file, {1000 * cpu / count:.1f} ms of CPU time")


def rss_mib() -> float:
    return psutil.Process().memory_info().rss / 2**20


def in_window(folder: Path, count: int) -> None:
    torch.set_num_threads(1)
    app = Watchdog()
    store = QSettings(str(folder.parent / "settings.ini"), QSettings.Format.IniFormat)
    window = build_window(
        app,
        bundled_prior_path=BUNDLED_PRIOR_PATH,
        settings_store=store,
        dialogs=DiscardingDialogs(),
    )
    window.show()
    queue, marks = window.view_models.batch, {}
    window.view_models.parameters.apply_preset(Preset.FAST)
    window.view_models.parameters.set_steps(1)
    window.view_models.parameters.set_samples(1)
    begun: list[float] = []

    def follow(state: BatchState) -> None:
        finished = state.counts.finished
        if finished in (*_MARKS, count) and finished not in marks:
            marks[finished] = rss_mib()
        if not begun and state.can_start and not state.active_searches:
            begun.extend((time.perf_counter(), time.process_time()))
            QTimer.singleShot(0, queue.start)
        elif state.counts.remaining == 0 and state.phase is BatchPhase.IDLE and finished == count:
            wall, cpu = time.perf_counter() - begun[0], time.process_time() - begun[1]
            tell("in the window", count, wall, cpu)
            queue.state_changed.disconnect(follow)
            QTimer.singleShot(0, window.close)

    queue.state_changed.connect(follow)
    window.open_paths([folder])
    app.exec()
    wall, cpu, what = app.longest
    print(f"  longest event: {1000 * wall:.0f} ms ({1000 * cpu:.0f} ms of CPU time), {what}")
    print("  memory: " + ", ".join(f"{mib:.0f} MiB at {n}" for n, mib in sorted(marks.items())))
    tally = queue.state.counts
    print(f"  {tally.done} done, {tally.skipped} skipped, {tally.failed} failed")


def main() -> None:
    if sys.argv[1:2] == [_ALONE]:
        alone(Path(sys.argv[2]), Path(sys.argv[3]))
        return
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        for kind in ("STATE", "CONFIG", "CACHE", "DATA"):
            os.environ[f"XDG_{kind}_HOME"] = str(home / kind)
        folder = home / "pictures"
        make_files(folder, count)
        command = [sys.executable, __file__, _ALONE, str(folder), str(home / "alone")]
        subprocess.run(command, check=True)
        in_window(folder, count)
        QCoreApplication.processEvents()


if __name__ == "__main__":
    main()
