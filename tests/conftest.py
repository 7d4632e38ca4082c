"""Fixtures of all tests: Qt without a screen, one thread, and a random number generator."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Iterator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# English in every locale: system error messages, Qt's number formats and button texts.
os.environ.update(LC_ALL="C.UTF-8", LANGUAGE="en")
# For the programs that tests start; `one_thread` does the same for this process.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Otherwise each of the programs would compile all modules of the project anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# A shell makes background jobs ignore Ctrl+C, and the programs that tests start inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

import pytest
import torch

# For the next run, and for the copies of the project in which the tests work.
sys.dont_write_bytecode = False
# The modules of `tests.support` contain assertions and must be registered before their import.
pytest.register_assert_rewrite("tests.support")

from tests.support import type_checks  # noqa: E402

pytest_plugins = ("tests.support.installed_corrections", "tests.support.worker_crashes")
# Must precede the conftest modules of folders, which import the core.
type_checks.install()

from app.config import prior_locations  # noqa: E402
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH  # noqa: E402
from ddrm_core.prior.store import packaged  # noqa: E402
from tests.support.preloaded_python import PreloadedPython  # noqa: E402


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    """Limit torch to one thread, since many threads would compute small tensors more slowly."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(autouse=True, scope="module")
def lasting_objects_frozen() -> None:
    """Exclude the objects of imported modules and collected tests from garbage collection.

    Otherwise every full collection and every start of a window's own collector would visit about
    a million objects.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def bundled_prior_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the bundled prior be the default one, and let no package bring another.

    Tests of packaged priors undo this with `packaged_priors`. All others are quick, hold numbers of
    the bundled prior, and do not depend on what is installed.
    """
    monkeypatch.setattr(prior_locations, "PREFERRED_PRIOR_NAME", BUNDLED_PRIOR_PATH.stem)
    monkeypatch.setattr(packaged, "PACKAGED_PRIORS", ())


@pytest.fixture
def packaged_priors(bundled_prior_alone: None, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    """Let FFDNet be the default prior, as it is outside the tests."""
    monkeypatch.setattr(packaged, "PACKAGED_PRIORS", (packaged.FFDNET_COLOR,))
    monkeypatch.setattr(prior_locations, "PREFERRED_PRIOR_NAME", packaged.FFDNET_COLOR.name)


@pytest.fixture(scope="session")
def preloaded_python() -> Iterator[PreloadedPython]:
    """Return a runner of Python programs that do not wait for the import of torch."""
    with PreloadedPython() as python:
        yield python


@pytest.fixture
def rng() -> torch.Generator:
    return torch.Generator().manual_seed(20260101)
