"""Fixtures of the tests of the window and its parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt, SignalInstance
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from app.config.resources import EXAMPLE_IMAGE_PATH
from app.imaging.mipmap_image import MipmapImage
from app.jobs.run.prior_cache import PriorCache
from app.jobs.worker import JobOutcome, JobRunner, job_from_function
from ddrm_core.performance.cost_estimate import Throughput
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.denoiser import Prior
from tests.support.scripted_denoiser import ScriptedDenoiser

# Minimum time after which a wait for the window fails, even on a slow machine.
PATIENCE_MS = 60_000
CENTER = QPoint()  # QTest takes a null point for the center of the widget
ORIGINAL = EXAMPLE_IMAGE_PATH.with_name("budgie_branch_original.png")


class PatientBot(QtBot):
    """A QtBot whose waits end with the awaited event, and fail after `PATIENCE_MS` or later.

    A wait that fails on a slow machine proves nothing about the window. Tests of speed measure time
    themselves.
    """

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = 0) -> None:
        super().waitUntil(callback, timeout=max(timeout, PATIENCE_MS))

    def waitSignal(
        self, signal: SignalInstance, *, timeout: int = 0, raising: bool | None = None
    ) -> object:
        # Without a failure at its end, as in `assertNotEmitted`, a wait always takes its full time.
        patience_ms = timeout if raising is False else max(timeout, PATIENCE_MS)
        return super().waitSignal(signal, timeout=patience_ms, raising=raising)

    def waitExposed(self, widget: QWidget, *, timeout: int = 0) -> AbstractContextManager[None]:
        return super().waitExposed(widget, timeout=max(timeout, PATIENCE_MS))

    def waitActive(self, widget: QWidget, *, timeout: int = 0) -> AbstractContextManager[None]:
        return super().waitActive(widget, timeout=max(timeout, PATIENCE_MS))

    @staticmethod
    def mouseClick(
        widget: QWidget,
        button: Qt.MouseButton,
        modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
        pos: QPoint = CENTER,
    ) -> None:
        """Click a widget where it is once pending layouts are done, as a user does.

        Qt lays widgets out after the events that are waiting. On a slow machine, a test can get
        ahead of that, and its click would hit what was there before.
        """
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        QtBot.mouseClick(widget, button, modifier, pos)


@pytest.fixture
def qtbot(request: pytest.FixtureRequest) -> PatientBot:
    request.getfixturevalue("qapp")
    return PatientBot(request)


def settle(qtbot: QtBot, *runners: JobRunner) -> None:
    """Wait until all jobs of `runners` have ended and their outcomes are delivered."""
    for runner in runners:
        _settle(qtbot, runner)


def _settle(qtbot: QtBot, runner: JobRunner) -> None:
    over: list[int] = []

    def note(run_id: int, _outcome: JobOutcome) -> None:
        over.append(run_id)

    runner.ended.connect(note)
    last = runner.start(job_from_function(lambda: None))
    qtbot.waitUntil(lambda: last in over)
    runner.ended.disconnect(note)


@pytest.fixture(autouse=True)
def prior_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Redirect the user's folders to temporary ones, and return the folder of imported priors."""
    monkeypatch.setattr("platformdirs.PlatformDirs.user_data_dir", str(tmp_path / "data"))
    monkeypatch.setattr("platformdirs.PlatformDirs.user_cache_dir", str(tmp_path / "cache"))
    monkeypatch.setattr("platformdirs.PlatformDirs.user_config_dir", str(tmp_path / "config"))
    monkeypatch.setattr("platformdirs.PlatformDirs.user_state_dir", str(tmp_path / "state"))
    monkeypatch.setattr("platformdirs.PlatformDirs.user_log_dir", str(tmp_path / "log"))
    return tmp_path / "data" / "priors"


@pytest.fixture
def original() -> Image.Image:
    """Return the image of 97x64 pixels around the bird's head in the sample.

    The width is odd, hence not a whole number of MCUs.
    """
    with Image.open(ORIGINAL) as image:
        return image.convert("RGB").crop((180, 30, 277, 94))


@pytest.fixture
def photo(tmp_path: Path, original: Image.Image) -> Path:
    path = tmp_path / "böld picture 火.jpg"
    original.save(path, quality=10, subsampling=2, comment=b"kept")
    return path


@pytest.fixture
def screenshot(tmp_path: Path) -> Path:
    """Return the path of a PNG with a JPEG's decoded pixels and a grid offset of (3, 5)."""
    path = tmp_path / "screenshot.png"
    with Image.open(EXAMPLE_IMAGE_PATH) as image:
        image.crop((131, 5, 371, 197)).save(path)
    return path


@pytest.fixture
def banded(tmp_path: Path, original: Image.Image) -> Path:
    """Return the path of an image whose pixels have three bits instead of eight."""
    path = tmp_path / "banded.png"
    Image.fromarray(np.asarray(original) & np.uint8(0xE0)).save(path)
    return path


@pytest.fixture
def twice(tmp_path: Path, screenshot: Path) -> Path:
    """Return the path of a JPEG of the screenshot, with a higher quality factor than before."""
    path = tmp_path / "twice.jpg"
    with Image.open(screenshot) as image:
        image.save(path, quality=92)
    return path


@pytest.fixture
def cut(tmp_path: Path) -> Path:
    """Return the path of a damaged JPEG, whose data ends in the middle of the image."""
    path = tmp_path / "cut.jpg"
    path.write_bytes(EXAMPLE_IMAGE_PATH.read_bytes()[:4500])
    return path


@pytest.fixture
def text_file(tmp_path: Path) -> Path:
    path = tmp_path / "letter.jpg"
    path.write_text("Dear reader,", encoding="utf-8")
    return path


def write_renamed_prior(path: Path, name: str, licence: str = "CC0") -> Path:
    """Write the bundled prior under another name to `path`, and return the path."""
    with safe_open(str(BUNDLED_PRIOR_PATH), "pt") as bundled:
        header = bundled.metadata() | {"name": name, "licence": licence}
    save_file(load_file(BUNDLED_PRIOR_PATH), path, header)
    return path


def pixels_of(picture: MipmapImage) -> np.ndarray:
    """Return the RGB pixels of an image for the screen, of shape (h, w, 3)."""
    shown = picture.full_size.convertToFormat(QImage.Format.Format_RGB32)
    flat = np.frombuffer(shown.constBits(), np.uint8)
    # A copy, because the image may be deleted before the array.
    return flat.reshape(shown.height(), shown.width(), 4)[:, :, 2::-1].copy()


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedDenoiser]:
    """Return the denoiser that runs evaluate instead of the bundled prior.

    A test names this fixture before the window. Cost estimates use a prepared throughput, because
    the evaluations of a measurement would be counted and held like those of a run.
    """
    denoiser = ScriptedDenoiser()
    monkeypatch.setattr(Prior, "denoise", denoiser.denoise)
    monkeypatch.setattr(
        "ddrm_core.performance.cost_estimate.measure_throughput",
        lambda _run, _token: Throughput(1e-6),
    )
    yield denoiser
    denoiser.release()


@pytest.fixture
def engine() -> PriorCache:
    return PriorCache(BUNDLED_PRIOR_PATH)


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[JobRunner]:
    runner = JobRunner(qapp)
    yield runner
    runner.shutdown()
