"""Fixtures of the tests of clusters and killed workers, and the reason why others skip them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.support.pictures import photograph
from tests.support.scale import build_arguments

_SWITCH = "DDRM_RESTORE_TEST_SCALE"


@pytest.fixture(autouse=True, scope="session")
def wanted() -> None:
    """Skip the tests of this folder unless the launcher asks for them."""
    if os.environ.get(_SWITCH) != "1":
        pytest.skip("takes long and needs Ray: run `python3 .ci/launch.py test-scale`")


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of eight small JPEGs, two of them equal, in two folders."""
    folder = tmp_path_factory.mktemp("pictures") / "in"
    (folder / "süb").mkdir(parents=True)
    for number in range(7):
        pixels = photograph(24 + number, 32, seed=number)
        place = folder / "süb" if number % 2 else folder
        Image.fromarray(pixels).save(place / f"{number}.jpg", quality=20)
    (folder / "7.jpg").write_bytes((folder / "0.jpg").read_bytes())
    return folder


Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(pictures: Path) -> Iterator[Start]:
    """Return a function that starts a batch as a program; those that are left are killed."""
    started: list[subprocess.Popen[str]] = []

    def start(output: Path, *options: object) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "app", *build_arguments(pictures, output, *options)]
        started.append(
            subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()
