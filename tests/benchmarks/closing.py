"""Time until the program has ended after its window was closed during work.

    .venv/bin/python tests/benchmarks/closing.py

The window is closed right after opening a megapixel (while its compression is detected), during a
run, during a download from a local server that has fallen silent, and during a batch. Offscreen.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# The path contains the folder of this script instead.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PIL import Image
from PySide6.QtCore import QCoreApplication, QEvent, QSettings
from PySide6.QtWidgets import QApplication

import app.config.prior_locations
from app.compose import build_window
from app.config.resources import EXAMPLE_IMAGE_PATH
from app.ui.window.main_window import MainWindow
from app.viewmodels.batch.batch_state import BatchPhase
from app.viewmodels.priors.priors import NoPriorTask
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.store.registry import PUBLISHED_PRIORS
from tests.support.file_server import FileServer, silent_after
from tests.support.unsaved_answers import DiscardingDialogs

Begin = Callable[[MainWindow, Path], Callable[[], bool]]


def settle(qt: QApplication, holds: Callable[[], bool], seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError
        qt.processEvents()
        time.sleep(0.002)


def looking(window: MainWindow, path: Path) -> Callable[[], bool]:
    window.open_paths([path])
    return lambda: window.view_models.document.document is not None


def running(window: MainWindow, path: Path) -> Callable[[], bool]:
    opened = looking(window, path)
    models = window.view_models

    def begun() -> bool:
        if models.run.request is None and opened():
            models.parameters.set_steps(500)
            window.action_set.restore.trigger()
        return getattr(models.run.state, "estimate", None) is not None

    return begun


def queued(window: MainWindow, path: Path) -> Callable[[], bool]:
    queue = window.view_models.batch
    window.view_models.parameters.set_steps(500)
    queue.add_paths([path])

    def begun() -> bool:
        if queue.state.items and queue.state.phase is BatchPhase.IDLE:
            queue.start()
        return queue.state.current_item is not None and queue.state.current_item.done_steps > 0

    return begun


def downloading(window: MainWindow, _path: Path) -> Callable[[], bool]:
    data = bytes(4_000_000)
    server = FileServer(data)
    server.script = [silent_after(1_000_000)]
    digest = hashlib.sha256(data).hexdigest()
    entry = replace(
        PUBLISHED_PRIORS[0], download_url=server.url(), size_bytes=len(data), sha256=digest
    )
    app.config.prior_locations.PUBLISHED_PRIORS = (entry,)
    priors = window.view_models.priors
    priors.describe_priors()
    window.closed.connect(server.close)

    def begun() -> bool:
        known = priors.state.find_entry(entry.name) is not None
        if known and isinstance(priors.state.task, NoPriorTask):
            priors.download(entry.name)
        return server.silent.is_set()

    return begun


def main() -> None:
    qt = QApplication([])
    begins: tuple[Begin, ...] = (looking, running, queued, downloading)
    with tempfile.TemporaryDirectory() as folder:
        for name in ("DATA", "CACHE", "CONFIG", "STATE"):
            os.environ[f"XDG_{name}_HOME"] = f"{folder}/{name}"
        path = Path(folder) / "large.jpg"
        with Image.open(EXAMPLE_IMAGE_PATH) as image:
            image.resize((1200, 900)).save(path, quality=20)
        for begin in begins:
            store = QSettings(f"{folder}/{begin.__name__}.ini", QSettings.Format.IniFormat)
            dialogs = DiscardingDialogs()
            window = build_window(
                qt, bundled_prior_path=BUNDLED_PRIOR_PATH, settings_store=store, dialogs=dialogs
            )
            window.show()
            settle(qt, begin(window, path))
            began, computed = time.monotonic(), time.process_time()
            window.close()
            seconds, of_cores = time.monotonic() - began, time.process_time() - computed
            print(f"{begin.__name__}: {seconds:.2f} s, {of_cores:.2f} s of cores", flush=True)
            window.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


if __name__ == "__main__":
    main()
