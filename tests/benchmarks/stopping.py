"""Time until a large run stops, and memory that remains, per stopped run.

    .venv/bin/python tests/benchmarks/stopping.py PICTURE.jpg [--runs 20]

Each run is stopped at another moment, from another thread. Resident memory is read from /proc
(Linux, glibc) after each run, after the allocator's free memory has been returned.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import threading
import time
from pathlib import Path

import numpy as np

from ddrm_core.cancel import CancelToken
from ddrm_core.device.selection import choose_device
from ddrm_core.errors import OperationCancelled
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.restoration.restore import restore
from ddrm_core.restoration.run import create_jpeg_run
from ddrm_core.sampler.settings import PRESETS, Preset


def resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("picture", type=Path)
    parser.add_argument("--runs", type=int, default=20)
    options = parser.parse_args()
    prior = load_prior(BUNDLED_PRIOR_PATH, choose_device("auto"))
    image, rng = read_jpeg(options.picture), np.random.default_rng(0)
    waits, left = [], []
    for number in range(options.runs):
        token, stopped = CancelToken(), {}
        after = float(rng.uniform(0.2, 8))

        def stop(token: CancelToken = token, stopped: dict[str, float] = stopped) -> None:
            stopped["at"] = time.monotonic()
            token.cancel()

        timer = threading.Timer(after, stop)
        timer.start()
        try:
            for _ in restore(create_jpeg_run(image, prior, PRESETS[Preset.FAST], seed=0), token):
                pass
        except OperationCancelled:
            waits.append(time.monotonic() - stopped["at"])
        timer.join()
        gc.collect()
        ctypes.CDLL(None).malloc_trim(0)
        left.append(resident_mib())
        print(
            f"{number + 1}: stopped {after:.1f} s in, waited {waits[-1]:.2f} s, {left[-1]:.0f} MiB"
        )
    print(f"waited {np.mean(waits):.2f} s on average, {max(waits):.2f} s at most")
    print(f"resident after the first run {left[0]:.0f} MiB, after the last {left[-1]:.0f} MiB")


if __name__ == "__main__":
    main()
