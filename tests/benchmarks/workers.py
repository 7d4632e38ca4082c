"""Small files restored by one process, by worker processes and by a cluster on this machine.

    python tests/benchmarks/workers.py [FILES] [--cluster] [--threads N] [options of batch]

The real command line is used. Restoring is the time that the report states for all files, divided
by the number of workers; the rest is starting, waiting, and reading and writing lists. Memory is
the largest resident memory of the driver, and of its largest worker. Nothing else should run at
the same time.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.archive_folder import make_archive_folder

PROGRAM = [sys.executable, "-m", "app", "batch"]
CHOICES = ["--recursive", "--prior", "compact", "--preset", "fast"]
MODES = {"--workers 1": 1, "--workers 2": 2, "--cluster local --workers 2": 2}
LOOK_INTERVAL_S = 0.5
WORKER_MARKS = ("spawn_main", "ClusterWorker")


def measure(folder: Path, output: Path, mode: str, options: list[str]) -> tuple[float, float, int]:
    """Restore a folder; return wall time and restoring time in seconds, and the number of files."""
    report = output.with_suffix(".json")
    words = [str(folder), "-o", str(output), "--report", str(report), "--quiet"]
    command = [*PROGRAM, *words, *CHOICES, *mode.split(), *options]
    began, driver_memory, worker_memory = time.monotonic(), 0, 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        driver = psutil.Process(process.pid)
        while process.poll() is None:
            try:
                driver_memory = max(driver_memory, driver.memory_info().rss)
                for child in driver.children(recursive=True):
                    if any(mark in " ".join(child.cmdline()) for mark in WORKER_MARKS):
                        worker_memory = max(worker_memory, child.memory_info().rss)
            except psutil.Error:
                continue  # a process that has just ended
            time.sleep(LOOK_INTERVAL_S)
    seconds = time.monotonic() - began
    summary = json.loads(report.read_text("utf-8"))["summary"]
    print(f"  memory: driver {driver_memory >> 20} MiB, largest worker {worker_memory >> 20} MiB")
    return seconds, summary["seconds"], summary["done"]


def main() -> None:
    words = sys.argv[1:]
    count = int(words.pop(0)) if words and words[0].isdecimal() else 200
    modes = [mode for mode in MODES if "--cluster" in words or "--cluster" not in mode]
    options = [word for word in words if word != "--cluster"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kinds = make_archive_folder(folder / "in", count)
        print(f"{count} files ({dict(kinds)}), {' '.join([*CHOICES, *options])}")
        for number, mode in enumerate(modes):
            print(mode)
            seconds, restoring, done = measure(
                folder / "in", folder / f"out{number}", mode, options
            )
            share = restoring / (seconds * MODES[mode])
            print(
                f"  {seconds:.1f} s for {done} results, {3600 * done / seconds:.0f} an hour;"
                f" restoring {share:.0%} of the workers' time",
                flush=True,
            )


if __name__ == "__main__":
    main()
