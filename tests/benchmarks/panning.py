"""Time per frame while an image of 100 megapixels is dragged or zoomed.

    .venv/bin/python tests/benchmarks/panning.py [--view 1280x720] [--frames 200] [--ratio 1]

Before and after are made in code, with a deviation overlay and a map of the spread, as after a run
of several samples. A frame lasts from a mouse move to the painted view, on the offscreen platform,
with one core. Resident memory is read from /proc (Linux).
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.imaging.mipmap_image import MipmapImage, create_mipmap_image, create_spread_map
from app.imaging.overlay import create_deviation_overlay
from app.jobs.worker import JobRunner
from app.ui.compare.compare_view import CompareView
from app.viewmodels.compare.compare import CompareMode, CompareViewModel
from app.viewmodels.compare.gallery import GalleryViewModel
from app.viewmodels.compare.scene import ResultOverlays
from ddrm_core.imaging.rectangle import Rectangle

SIZE = (12_000, 8_400)
SCALES = (0.0, 0.37, 1.0, 1.5, 2.5, 12.0)
BUDGET_MS = 1000 / 30
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def memory_mib(what: str) -> float:
    """Return resident memory of this process in MiB: now for `VmRSS`, at its peak for `VmHWM`."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what)) / 1024


def photograph(seed: int) -> NDArray[np.uint8]:
    """Return artificial pixels of SIZE: grain on a gradient."""
    rng, (width, height) = np.random.default_rng(seed), SIZE
    tile = rng.integers(0, 60, (700, 600, 3), np.uint8)
    pixels = np.tile(tile, (height // 700, width // 600, 1))
    pixels += np.linspace(0, 190, width, dtype=np.uint8)[None, :, None]
    return pixels


def made(seed: int) -> tuple[MipmapImage, float, float]:
    """Return an image for the screen, the seconds to make it, and its bytes per pixel."""
    pixels = photograph(seed)
    began, before = time.perf_counter(), memory_mib("VmRSS")
    shown = create_mipmap_image(pixels)
    seconds, grown = time.perf_counter() - began, memory_mib("VmRSS") - before
    return shown, seconds, grown * 2**20 / (SIZE[0] * SIZE[1])


def findings() -> ResultOverlays:
    rng, (width, height) = np.random.default_rng(3), SIZE
    distances = rng.random((height // 8, width // 8), np.float32) * 2
    deviation = rng.random((height, width), np.float32) * 8
    whole = Rectangle(0, 0, width, height)
    return ResultOverlays(
        create_deviation_overlay(distances, left=0, top=0), create_spread_map(deviation, whole)
    )


def timed(app: QApplication, frames: int, move: Callable[[int], None]) -> NDArray[np.float64]:
    """Call `move` for each frame number, and measure the time until the frame is painted.

    Returns:
        Processor time and wall time of each frame in ms, of shape (frames, 2).
    """
    taken = []
    for frame in range(frames):
        began = (time.process_time(), time.perf_counter())
        move(frame)
        app.processEvents()
        taken.append((time.process_time() - began[0], time.perf_counter() - began[1]))
    return 1000 * np.array(taken)


def drag(app: QApplication, view: CompareView, frames: int) -> NDArray[np.float64]:
    """Drag the image in circles with the mouse; return the times of the frames as `timed` does."""
    middle = QPoint(view.width() // 4, view.height() // 2)
    reach = min(view.width(), view.height()) // 4

    def move(frame: int) -> None:
        angle = frame / 9
        step = QPoint(round(reach * np.sin(angle)), round(reach * np.cos(angle)))
        QTest.mouseMove(view, middle + step)

    QTest.mousePress(view, LEFT, NONE, middle)
    taken = timed(app, frames, move)
    QTest.mouseRelease(view, LEFT, NONE, middle)
    return taken


def turn(app: QApplication, view: CompareView, frames: int) -> NDArray[np.float64]:
    """Zoom in and out with the mouse wheel, between the whole image and a factor of 32.

    Returns:
        Times of the frames, as from `timed`.
    """
    place = QPointF(view.width() / 3, view.height() / 3)

    def move(frame: int) -> None:
        turned = QPoint(0, 120 if frame % 60 < 30 else -120)
        buttons, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
        there = view.mapToGlobal(place)
        event = QWheelEvent(place, there, QPoint(), turned, buttons, NONE, phase, False)
        QApplication.sendEvent(view, event)

    return timed(app, frames, move)


def row(name: str, taken: NDArray[np.float64]) -> float:
    """Print a row with percentiles of the frames' times; return the slowest processor time."""
    figures = np.percentile(taken, (50, 99, 100), axis=0).T
    core, clock = (" ".join(f"{figure:7.1f}" for figure in kind) for kind in figures)
    print(f"{name:22} {core}               {clock}", flush=True)
    return float(figures[0, 2])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--view", default="1280x720")
    parser.add_argument("--frames", type=int, default=200)
    parser.add_argument("--ratio", default="1")
    options = parser.parse_args()
    os.environ.update(QT_QPA_PLATFORM="offscreen", QT_SCALE_FACTOR=options.ratio)
    app, runner = QApplication([]), JobRunner()
    compare, gallery = CompareViewModel(), GalleryViewModel(runner)
    view = CompareView(compare, gallery)
    view.resize(*(int(side) for side in options.view.split("x")))
    view.show()
    before, seconds, each = made(1)
    print(f"made ready for the screen in {seconds:.1f} s, {each:.1f} bytes a pixel")
    gallery.show_original(before, "Before")
    gallery.show_result(made(2)[0], "After")
    view.show_result_overlays(findings())
    print(f"resident {memory_mib('VmRSS'):.0f} MiB, at most {memory_mib('VmHWM'):.0f} MiB")
    worst = 0.0
    compare.toggle_overlay()
    columns = " ".join(f"{name:>7}" for name in ("median", "99 %", "worst"))
    print(f"{'':22} {columns}  ms of a core;  median, 99 %, worst by the clock")
    for mode in CompareMode:
        compare.set_mode(mode)
        for scale in SCALES:
            # Zoomed in first, because an image that fits the view cannot be dragged.
            compare.set_scale(scale or 1.3 * compare.state.fit_scale)
            app.processEvents()
            name = f"{mode:14} {compare.state.scale:7.0%}"
            worst = max(worst, row(name, drag(app, view, options.frames)))
        compare.fit()
        worst = max(worst, row(f"{mode:14} {'zoomed':>7}", turn(app, view, options.frames)))
    print(f"peak {memory_mib('VmHWM'):.0f} MiB; the slowest frame took {worst:.1f} ms", end=", ")
    print(
        "within" if worst < BUDGET_MS else "over", f"the {BUDGET_MS:.1f} ms of 30 frames a second"
    )
    runner.shutdown()


if __name__ == "__main__":
    main()
