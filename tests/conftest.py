"""Fixtures of all tests: Qt without a screen, one thread, and a random number generator."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Iterator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# English in every locale: system error messages, Qt's number formats and button texts.
os.environ.update(LC_ALL="C.UTF-8", LANGUAGE="en")
# For the programs that tests start; `one_thread` does the same for this process.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# A shell makes background jobs ignore Ctrl+C, and the programs that tests start inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

import pytest
import torch

# The modules of `tests.support` contain assertions and must be registered before their import.
pytest.register_assert_rewrite("tests.support")

from tests.support import type_checks  # noqa: E402

pytest_plugins = ("tests.support.installed_corrections", "tests.support.worker_crashes")
# Must precede the conftest modules of folders, which import the core.
type_checks.install()


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


@pytest.fixture
def rng() -> torch.Generator:
    return torch.Generator().manual_seed(20260101)
