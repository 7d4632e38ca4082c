"""Fixtures: a small real JPEG in its own folder, and a runner of the program in-process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from app.config.resources import EXAMPLE_IMAGE_PATH
from tests.support.cli_pictures import opened
from tests.support.program_runner import Ended, run_program

ORIGINAL = EXAMPLE_IMAGE_PATH.with_name("budgie_branch_original.png")


@pytest.fixture(autouse=True)
def state_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of the test in which commands record the speed of their runs."""
    folder = tmp_path_factory.mktemp("state")
    monkeypatch.setattr("platformdirs.PlatformDirs.user_state_dir", str(folder))
    return folder


@pytest.fixture
def original() -> Image.Image:
    """Return an example image of 97 x 70 pixels; neither side is a multiple of the MCU's."""
    return opened(ORIGINAL).convert("RGB").crop((180, 30, 277, 100))


@pytest.fixture
def photo(tmp_path: Path, original: Image.Image) -> Path:
    path = tmp_path / "ünï photo 50%.jpg"
    original.save(path, quality=10, subsampling=2, comment=b"kept")
    return path


@pytest.fixture
def run() -> Callable[..., Ended]:
    return run_program
