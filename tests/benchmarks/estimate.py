"""Cost estimates compared with runs: time, and peak memory of a process of its own.

python tests/benchmarks/estimate.py MEGAPIXELS PRESET
"""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import replace

import psutil

from ddrm_core.cancel import CancelToken
from ddrm_core.device.selection import choose_device
from ddrm_core.performance.benchmark import create_benchmark_run
from ddrm_core.performance.cost_estimate import (
    MEAN_ONLY_OUTPUT,
    compute_workload,
    estimate_memory,
    measure_throughput,
)
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.restoration.restore import restore
from ddrm_core.sampler.settings import PRESETS, Preset


class Peak(threading.Thread):
    """Thread that measures the peak resident memory of this process, 200 times per second."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.bytes, self._ended = 0, threading.Event()

    def run(self) -> None:
        process = psutil.Process()
        while not self._ended.wait(0.005):
            self.bytes = max(self.bytes, process.memory_info().rss)

    def end(self) -> None:
        self._ended.set()
        self.join()


def main(megapixels: float, preset: Preset) -> None:
    prior = load_prior(BUNDLED_PRIOR_PATH, choose_device("auto"))
    run = create_benchmark_run(prior, replace(PRESETS[preset], steps=3), megapixels)
    token = CancelToken()
    memory, before = estimate_memory(run), psutil.Process().memory_info().rss
    pace, work = measure_throughput(run, token), compute_workload(run)
    peak, began = Peak(), time.perf_counter()
    peak.start()
    for _ in restore(run, token, MEAN_ONLY_OUTPUT):
        pass
    seconds = time.perf_counter() - began
    peak.end()
    mib = 2**20
    print(
        f"{megapixels:g} MP, {preset}: {work.estimate_seconds(pace):.1f} s forecast,"
        f" {seconds:.1f} s;"
        f" {memory.needed_bytes / mib:.0f} MiB forecast, {(peak.bytes - before) / mib:.0f} MiB more"
        f" than the {before / mib:.0f} MiB before"
    )


if __name__ == "__main__":
    main(float(sys.argv[1]), Preset(sys.argv[2]))
