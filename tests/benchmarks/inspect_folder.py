"""Triage of many small files: files per second and core, and peak memory.

    python tests/benchmarks/inspect_folder.py [COUNT...]

`inspect FOLDER --report` of the real command line reads folders of 1,000 and 10,000 files, each
with and without the search for an earlier compression. The seconds of the processor are those of
the program and of its libjpeg process, on one thread.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.archive_folder import make_archive_folder

COUNTS = (1000, 10_000)
OPTIONS = {"with the search": (), "--no-earlier": ("--no-earlier",)}
_POLL_SECONDS = 0.2
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def measure(folder: Path, options: tuple[str, ...]) -> tuple[float, float, float]:
    """Return wall seconds, seconds of the processor and peak memory in MiB of one command.

    Memory is the resident memory of the program and its libjpeg process together.
    """
    command = [sys.executable, "-m", "app", "inspect", str(folder), "--recursive"]
    command += ["--all-pictures", "--report", str(folder.parent / "report.csv"), *options]
    began, peak, used = time.monotonic(), 0.0, 0.0
    process = psutil.Popen(command, env=os.environ | _ONE_THREAD)
    while process.poll() is None:
        memory = seconds = 0.0
        try:
            for each in (process, *process.children(recursive=True)):
                memory += each.memory_info().rss / 2**20
                times = each.cpu_times()
                seconds += times.user + times.system
        except psutil.NoSuchProcess:
            continue
        peak, used = max(peak, memory), max(used, seconds)
        time.sleep(_POLL_SECONDS)
    return time.monotonic() - began, used, peak


def main() -> None:
    """Measure each number of files, and print a line per measurement."""
    counts = [int(text) for text in sys.argv[1:]] or COUNTS
    for count in counts:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "album"
            make_archive_folder(folder, count)
            for label, options in OPTIONS.items():
                seconds, used, peak = measure(folder, options)
                print(
                    f"{count:6} files, {label}: {seconds:.1f} s, {used:.1f} s of the processor,"
                    f" {count / used:.0f} files/s and core, peak {peak:.0f} MiB",
                    flush=True,
                )


if __name__ == "__main__":
    main()
