"""Small files restored by one process, by worker processes and by a cluster on this machine.

    python tests/benchmarks/workers.py [FILES] [--no-cluster] [options of batch]

The real command line is used, on files of `archive_folder.py` (32x24 to 96x72 pixels), some of
which are damaged or need no restoration. The figures of each mode:

- results per hour of wall time, with the start of the workers or of Ray;
- CPU time in `Prior.denoise`, as a share of the CPU time of all processes (`prior_clock`);
- time that is not restoring: the rest of the time that the report states for all files, divided by
  the number of workers, so that starting, waiting and reading and writing lists are in it;
- largest resident memory of the driver and of its largest worker.

Nothing else should run at the same time. 2,000 files take at most 25 minutes on two cores.
"""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.archive_folder import make_archive_folder

ROOT = Path(__file__).parents[2]
PROGRAM = [sys.executable, "-m", "app", "batch"]
CHOICES = ["--recursive", "--prior", "compact", "--preset", "fast"]
MODES = {"--workers 1": 1, "--workers 2": 2, "--cluster local --workers 2": 2}
LOOK_INTERVAL_S = 0.5
WORKER_MARKS = ("spawn_main", "ClusterWorker")
COLUMNS = "| mode | results per hour | CPU time in the prior | not restoring | driver | worker |"


@dataclass
class Usage:
    """CPU time and memory of a program and of all processes that it starts.

    Attributes:
        driver_memory: Largest resident memory of the program itself in bytes.
        worker_memory: Largest resident memory of its largest worker in bytes.
        cpu_seconds: Latest CPU time of each process in seconds, by process id.
    """

    driver_memory: int = 0
    worker_memory: int = 0
    cpu_seconds: dict[int, float] = field(default_factory=dict)

    def look(self, driver: psutil.Process) -> None:
        """Add the present usage; processes that end meanwhile keep their latest one."""
        try:
            processes = [driver, *driver.children(recursive=True)]
        except psutil.Error:
            return
        for process in processes:
            try:
                with process.oneshot():
                    times, memory = process.cpu_times(), process.memory_info().rss
                    command = " ".join(process.cmdline())
            except psutil.Error:
                continue
            self.cpu_seconds[process.pid] = times.user + times.system
            if process == driver:
                self.driver_memory = max(self.driver_memory, memory)
            elif any(mark in command for mark in WORKER_MARKS):
                self.worker_memory = max(self.worker_memory, memory)


def measure(folder: Path, output: Path, mode: str, options: list[str]) -> str:
    """Restore a folder, and return the figures of this mode as a row of a table."""
    report, clocks = output.with_suffix(".json"), output.with_suffix(".clocks")
    clocks.mkdir()
    words = [str(folder), "-o", str(output), "--report", str(report), "--quiet"]
    command = [*PROGRAM, *words, *CHOICES, *mode.split(), *options]
    paths = [str(Path(__file__).with_name("prior_clock")), str(ROOT)]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(paths),
        "PRIOR_CLOCK_FOLDER": str(clocks),
    }
    usage, began = Usage(), time.monotonic()
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        driver = psutil.Process(process.pid)
        while process.poll() is None:
            usage.look(driver)
            time.sleep(LOOK_INTERVAL_S)
    seconds = time.monotonic() - began
    summary = json.loads(report.read_text("utf-8"))["summary"]
    in_prior = sum(struct.unpack("d", path.read_bytes())[0] for path in clocks.iterdir())
    restoring = summary["seconds"] / (seconds * MODES[mode])
    return (
        f"| `{mode}` | {3600 * summary['done'] / seconds:,.0f}"
        f" | {in_prior / sum(usage.cpu_seconds.values()):.0%} | {1 - restoring:.0%}"
        f" | {usage.driver_memory >> 20} MiB | {usage.worker_memory >> 20} MiB |"
        f" {summary['done']} results in {seconds:.0f} s, {sum(usage.cpu_seconds.values()):.0f} s"
        " of CPU time"
    )


def main() -> None:
    words = sys.argv[1:]
    count = int(words.pop(0)) if words and words[0].isdecimal() else 200
    modes = [mode for mode in MODES if "--no-cluster" not in words or "--cluster" not in mode]
    options = [word for word in words if word != "--no-cluster"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kinds = make_archive_folder(folder / "in", count)
        print(f"{count} files ({dict(kinds)}), {' '.join([*CHOICES, *options])}\n\n{COLUMNS}")
        for number, mode in enumerate(modes):
            print(measure(folder / "in", folder / f"out{number}", mode, options), flush=True)


if __name__ == "__main__":
    main()
