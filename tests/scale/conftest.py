"""Fixtures of the tests of clusters and killed workers, and the reason why others skip them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.support.pictures import photograph
from tests.support.program_runner import run_program
from tests.support.s3_server import BUCKET, S3Server, run_s3_server, upload_folder
from tests.support.scale import SLOW, build_arguments, read_results, start_batch

_SWITCH = "DDRM_RESTORE_TEST_SCALE"


@pytest.fixture(autouse=True, scope="session")
def wanted() -> None:
    """Skip the tests of this folder unless the launcher asks for them."""
    if os.environ.get(_SWITCH) != "1":
        pytest.skip("takes long and needs Ray and moto: run `python3 .ci/launch.py test-scale`")


@pytest.fixture(autouse=True, scope="session")
def state_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let all commands write the speed of their runs and caches to folders of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("state", "cache"):
            patch.setenv(f"XDG_{name.upper()}_HOME", str(tmp_path_factory.mktemp(name)))
        yield


@pytest.fixture(scope="session")
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


@pytest.fixture(scope="session")
def expected(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return the results of `pictures` with the options `SLOW`, restored in one process."""
    output = tmp_path_factory.mktemp("expected") / "out"
    ended = run_program(*build_arguments(pictures, output, *SLOW))
    assert ended.exit_code == 0, ended.stderr
    return read_results(output)


Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(pictures: Path) -> Iterator[Start]:
    """Return a function that starts a batch as a program; those that are left are killed.

    It takes the folder of results and options, and by the name `pictures` another folder of files.
    """
    started: list[subprocess.Popen[str]] = []

    def start(output: Path, *options: object, pictures: Path = pictures) -> subprocess.Popen[str]:
        started.append(start_batch(pictures, output, *options))
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def running_server() -> Iterator[S3Server]:
    with run_s3_server() as server:
        yield server


@pytest.fixture
def server(running_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> S3Server:
    """Return a server with its address and credentials in the environment, without faults."""
    for name, value in running_server.environment.items():
        monkeypatch.setenv(name, value)
    running_server.lost_answers = running_server.conflicts = 0
    running_server.ignores_conditions = False
    return running_server


@pytest.fixture
def bucket_folder(server: S3Server, pictures: Path, request: pytest.FixtureRequest) -> str:
    """Return the address of a folder that has the pictures in "in"."""
    address = f"s3://{BUCKET}/{request.node.name}"
    upload_folder(server, pictures, f"{address}/in")
    return address
