"""The quick preview of an image of 12 megapixels: its first patch, blocks and cancellation.

    .venv/bin/python tests/benchmarks/quick_preview.py [--size 4000x3000] [--clicks 5]

The image is opened offscreen. The first patch has to be shown within 0.3 s of rest plus 1.5 times
what the preset draft takes for its pixels, which is measured alone afterward. A click must discard
the patch in progress within 0.1 s, and no block of the GUI thread may take more than 50 ms. The
exit status is 1 if a limit is exceeded.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from unittest import mock

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# The path contains the folder of this script instead.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QCoreApplication, QEvent, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.compose import build_window
from app.desktop.services import DesktopServices
from app.jobs.run.prior_cache import PriorCache
from app.jobs.run.restore_request import RestoreRequest, create_run_from_request
from app.jobs.worker import JobRunner, job_from_function
from app.ui.window.main_window import MainWindow
from app.viewmodels.document.document import DocumentOpened
from app.viewmodels.run.quick_preview import draft_settings
from app.viewmodels.window.quick_preview_scheduler import REST_MS
from ddrm_core.cancel import CancelToken
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.performance.cost_estimate import MEAN_ONLY_OUTPUT
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.restoration.restore import restore
from tests.benchmarks.gui_blocks import LIMIT_S, prepare_folder
from tests.benchmarks.waiting import pause
from tests.support import leak_guards
from tests.support.leak_guards import GuiBlocks
from tests.support.unsaved_answers import DiscardingDialogs

_DRAFT_FACTOR, _CANCEL_LIMIT_S = 1.5, 0.1


def wait_for(app: QApplication, holds, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError
        app.processEvents()
        time.sleep(0.001)


def measure_first_patch(app: QApplication, window: MainWindow, path: Path) -> float:
    """Open the file; return the seconds from its opening to the first patch."""
    models = window.view_models
    window.open_paths([path])
    wait_for(app, lambda: isinstance(models.document.state, DocumentOpened))
    began = time.monotonic()
    wait_for(app, lambda: bool(models.quick_preview.state.patches))
    return time.monotonic() - began


def measure_draft(window: MainWindow, region: Rectangle) -> float:
    """Return the seconds that the preset draft takes for a region, the least of three."""
    models = window.view_models
    document = models.document.document
    assert document is not None
    settings = draft_settings(models.parameters.state.settings)
    cache = PriorCache(BUNDLED_PRIOR_PATH)
    least = float("inf")
    for _ in range(3):
        began = time.monotonic()
        request = RestoreRequest(document.source, settings, region=region)
        steps = restore(create_run_from_request(cache, request), CancelToken(), MEAN_ONLY_OUTPUT)
        for _step in steps:
            pass
        least = min(least, time.monotonic() - began)
    return least


def measure_cancel(app: QApplication, window: MainWindow, runner: JobRunner) -> float:
    """Click while a patch is in progress; return the seconds until `runner` is free."""
    models = window.view_models
    preview = models.quick_preview
    wait_for(app, lambda: preview.state.is_working and preview.state.fraction_done > 0)
    began = time.monotonic()
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton)
    if preview.state.is_working:
        raise RuntimeError("the click did not cancel the preview")
    ended: list[int] = []
    runner.ended.connect(lambda job_id, _outcome: ended.append(job_id))
    last = runner.start(job_from_function(lambda: None))
    wait_for(app, lambda: last in ended)
    return time.monotonic() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="4000x3000")
    parser.add_argument("--clicks", type=int, default=5)
    options = parser.parse_args()
    width, height = map(int, options.size.split("x"))
    app = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        path = prepare_folder(Path(folder), (width, height))
        small_path = prepare_folder(Path(folder) / "small", (320, 240))
        store = QSettings(f"{folder}/settings.ini", QSettings.Format.IniFormat)
        runners: list[JobRunner] = []

        def create_runner() -> JobRunner:
            runners.append(JobRunner())
            return runners[-1]

        with mock.patch("app.compose.JobRunner", create_runner):
            window = build_window(
                app,
                bundled_prior_path=BUNDLED_PRIOR_PATH,
                settings_store=store,
                dialogs=DiscardingDialogs(),
                desktop=DesktopServices(is_on_battery=lambda: False),
            )
        window.resize(1280, 720)
        window.show()
        window.view_models.parameters.find_devices()
        cold = measure_first_patch(app, window, small_path)
        print(f"first image of the session: {cold:.2f} s, with loading the prior")
        pause(2000)
        blocks = GuiBlocks()
        listener = leak_guards.listen(app, blocks)
        warm = measure_first_patch(app, window, path)
        blocks.end()
        patch = window.view_models.quick_preview.state.patches[-1].rectangle
        cancels = [measure_cancel(app, window, runners[0]) for _ in range(options.clicks)]
        wait_for(app, lambda: len(window.view_models.quick_preview.state.patches) > 2)
        app.removeEventFilter(listener)
        window.view_models.quick_preview_scheduler.stop()
        draft = measure_draft(window, patch)
        limit = REST_MS / 1000 + _DRAFT_FACTOR * draft
        longest = blocks.longest
        print(f"first patch of {width}x{height}: {patch.width}x{patch.height} in {warm:.2f} s")
        print(f"limit {limit:.2f} s = {REST_MS} ms of rest + {_DRAFT_FACTOR} x draft {draft:.2f} s")
        print(f"cancelled by a click in {1e3 * max(cancels):.0f} ms at most, of {len(cancels)}")
        print(
            f"longest block {1e3 * longest.seconds:.0f} ms, of which the GUI thread computed "
            f"{1e3 * longest.of_core:.0f} ms: {longest.began}"
        )
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    is_kept = warm <= limit and max(cancels) <= _CANCEL_LIMIT_S and longest.seconds <= LIMIT_S
    return 0 if is_kept else 1


if __name__ == "__main__":
    sys.exit(main())
