"""Limits on the cores and the priority of jobs."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from app.config.settings import ComputeSettings
from app.jobs.run.compute_limits import ComputeLimits
from app.jobs.run.prior_cache import PriorCache
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from tests.support.paths import ROOT

# Another process, because a lowered priority cannot be raised again.
PRIORITY_PROGRAM = """
import os, threading
from app.config.settings import ComputeSettings
from app.jobs.run.compute_limits import ComputeLimits

limits, found = ComputeLimits(), []

def work():
    limits.apply()
    found.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

def run_job():
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

run_job()
limits.settings = ComputeSettings(is_low_priority=True)
run_job()
print(*found, os.getpriority(os.PRIO_PROCESS, os.getpid()))
"""


@pytest.fixture
def three_threads():
    """Let torch use three threads unless a job limits them."""
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    yield
    torch.set_num_threads(before)


def thread_count_of(limits, settings):
    """Return the threads of torch in a job with these settings."""
    limits.settings = settings

    def job() -> int:
        limits.apply()
        return torch.get_num_threads()

    with ThreadPoolExecutor(1) as executor:
        return executor.submit(job).result()


@pytest.mark.usefixtures("three_threads")
def test_cores_are_limited_and_freed_again():
    limits = ComputeLimits()
    counts = [
        thread_count_of(limits, ComputeSettings(max_cores=cores))
        for cores in (None, 2, 64, 1, None)
    ]
    assert counts == [3, 2, 3, 1, 3]


@pytest.mark.usefixtures("three_threads")
def test_loading_a_prior_applies_the_limits():
    cache = PriorCache(BUNDLED_PRIOR_PATH)
    cache.compute_limits.settings = ComputeSettings(max_cores=2)
    cache.load("cpu")
    assert torch.get_num_threads() == 2


@pytest.mark.skipif(sys.platform != "linux", reason="threads have priorities on Linux only")
def test_only_computing_threads_get_a_low_priority():
    done = subprocess.run(
        [sys.executable, "-c", PRIORITY_PROGRAM],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    normal, lowered, main_thread = map(int, done.stdout.split())
    assert lowered == max(normal, 10)
    assert main_thread == normal
