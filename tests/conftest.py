"""For every test: Qt without a screen, one thread, a generator for what is random."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Iterator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# English whatever the system speaks: the system's own words for errors, Qt's figures and buttons.
os.environ.update(LC_ALL="C.UTF-8", LANGUAGE="en")
# For the programs under test, as `one_thread` is for this process.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# A shell has what it starts in the background ignore Ctrl+C, which the programs under test inherit.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

import pytest
import torch

# The builders and guards there assert, too; said before the first of them is imported.
pytest.register_assert_rewrite("tests.support")

from tests.support import type_checks  # noqa: E402

pytest_plugins = ("tests.support.installed_corrections", "tests.support.worker_crashes")
# Before the conftest modules of folders, which import the core.
type_checks.install()


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    """Small tensors are computed several times faster by one thread than by many that wait."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(autouse=True, scope="module")
def lasting_objects_frozen() -> None:
    """Python's collector leaves out the million objects of imported modules and collected tests.

    Every full collection would look at all of them, and so does the start of a window's collector.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture
def rng() -> torch.Generator:
    return torch.Generator().manual_seed(20260101)
