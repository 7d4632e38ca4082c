"""Memory of the window after runs and after many opened files.

    .venv/bin/python tests/benchmarks/window_memory.py [WIDTH HEIGHT] [--samples N] [--files N]

The window opens an image of this size (12 megapixels by default), finishes one run of its samples,
then nine more, and opens many files. After each, resident memory and disk usage are printed. The
prior is replaced by one that returns every image unchanged: the kept memory does not depend on the
prior, and ten runs take minutes instead of hours.
"""

from __future__ import annotations

import argparse
import gc
import os
import shutil
import sys
import tempfile
from pathlib import Path

# The path contains the folder of this script instead.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
import psutil
from PIL import Image
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from app.compose import build_window
from app.config.resources import EXAMPLE_IMAGE_PATH
from app.ui.window.main_window import MainWindow
from app.viewmodels.run.run import ResultReady, RunFailed
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.denoiser import Prior
from tests.benchmarks.waiting import pause, wait_until
from tests.support.unsaved_answers import DiscardingDialogs

MIB = 1 << 20
FOLDER = Path(tempfile.mkdtemp(prefix="window_memory-"))


def unchanged(_prior, x, _sigma, poll, _view=0):
    """Return noisy images unchanged, in place of `Prior.denoise`."""
    poll()
    return x.clone()


def say(words: str) -> None:
    gc.collect()
    resident = psutil.Process().memory_info().rss / MIB
    on_disk = sum(path.stat().st_size for path in FOLDER.rglob("*.npy")) / MIB
    print(f"{words:32} {resident:7.0f} MiB resident, {on_disk:6.0f} MiB on disk", flush=True)


def picture(path: Path, size: tuple[int, int], seed: int) -> Path:
    with Image.open(EXAMPLE_IMAGE_PATH.with_name("budgie_branch_original.png")) as image:
        large = image.convert("RGB").resize(size)
    noise = np.random.default_rng(seed).integers(-8, 8, (*size[::-1], 1), np.int16)
    pixels = (np.asarray(large, np.int16) + noise).clip(0, 255).astype(np.uint8)
    Image.fromarray(pixels).save(path, quality=30)
    return path


def opened(window: MainWindow, path: Path) -> None:
    document = window.view_models.document
    window.open_paths([path])
    wait_until(lambda: document.document is not None and document.document.source.path == path)
    pause(50)


def restored(window: MainWindow, seed: int) -> None:
    models = window.view_models
    models.parameters.set_seed(seed)
    before = models.run_history.state
    window.action_set.restore.trigger()
    wait_until(lambda: isinstance(models.run.state, ResultReady | RunFailed), seconds=1800)
    if isinstance(models.run.state, RunFailed):
        raise models.run.state.error
    wait_until(lambda: models.run_history.state is not before)
    wait_until(lambda: models.run_history.state.current_number is not None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", nargs="*", type=int, default=[4000, 3000])
    parser.add_argument("--samples", type=int, default=8)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--files", type=int, default=50)
    wish = parser.parse_args()
    width, height = wish.size
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        os.environ[name] = str(FOLDER / name.lower())
    Prior.denoise = unchanged  # type: ignore[method-assign]
    app = QApplication([])
    store = QSettings(str(FOLDER / "settings.ini"), QSettings.Format.IniFormat)
    window = build_window(
        app,
        bundled_prior_path=BUNDLED_PRIOR_PATH,
        settings_store=store,
        dialogs=DiscardingDialogs(),
    )
    window.show()
    window.view_models.parameters.find_devices()
    wait_until(lambda: len(window.view_models.parameters.state.devices) > 0)
    pause(3000)
    window.view_models.parameters.set_steps(1)
    window.view_models.parameters.set_samples(wish.samples)
    say("before opening")
    opened(window, picture(FOLDER / "large.jpg", (width, height), 0))
    say(f"{width}x{height} opened")
    for number in range(1, wish.runs + 1):
        restored(window, number)
        if number in (1, 2, 3, wish.runs):
            say(f"after {number} runs of {wish.samples} samples")
    small = [picture(FOLDER / f"{n}.jpg", (1200, 800), n) for n in range(wish.files)]
    for number, path in enumerate(small, 1):
        opened(window, path)
        if number in (1, wish.files // 2, wish.files):
            say(f"after {number} more files")
    print(f"{len(window.view_models.run_history.state.runs)} runs are kept")
    window.close()
    say("after closing")
    shutil.rmtree(FOLDER)


if __name__ == "__main__":
    main()
