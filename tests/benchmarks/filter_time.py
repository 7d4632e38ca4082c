"""Time of a whole folder with and without `--below-quality`, in turn.

    python tests/benchmarks/filter_time.py FOLDER [--below-quality N] [--rounds N] [OPTION]...

Further options are those of `batch`, such as `--preset draft`. The real command line is used, each
time with a new folder of results. The results with the rule must be the same files, byte for byte,
as those of the same sources without it. Nothing else should run at the same time.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PROGRAM = [sys.executable, "-m", "app"]
STATES = ("done", "other", "copied", "failed")


@dataclass(frozen=True)
class Measurement:
    """One run of the command.

    Attributes:
        wall_seconds: Time of the process, with its start.
        batch_seconds: Time of the batch as the command states it, without the start.
        counts: Number of files by state.
    """

    wall_seconds: float
    batch_seconds: float
    counts: dict[str, int]


def run_batch(folder: Path, output: Path, options: Sequence[str]) -> Measurement:
    """Restore a folder with one command, which may fail for single files."""
    command = [*PROGRAM, "batch", str(folder), "-o", str(output), "--recursive", "--json-lines"]
    began = time.monotonic()
    ended = subprocess.run(
        [*command, "--all-pictures", *options], capture_output=True, text=True, check=False
    )
    seconds = time.monotonic() - began
    if ended.returncode not in (0, 1):
        raise SystemExit(ended.stderr)
    end = json.loads(ended.stdout.splitlines()[-1])
    return Measurement(seconds, end["seconds"], {state: end[state] for state in STATES})


def count_differing_results(with_rule: Path, without_rule: Path) -> int:
    """Return how many results with the rule are missing or different without it."""
    results = [path for path in with_rule.rglob("*_restored*") if path.is_file()]
    others = [without_rule / path.relative_to(with_rule) for path in results]
    return sum(
        not other.exists() or other.read_bytes() != path.read_bytes()
        for path, other in zip(results, others, strict=True)
    )


def print_measurements(name: str, measurements: Sequence[Measurement]) -> float:
    """Print the times and counts of one variant, and return the median time of the batch."""
    wall = ", ".join(f"{m.wall_seconds:.1f}" for m in measurements)
    batch = ", ".join(f"{m.batch_seconds:.1f}" for m in measurements)
    counts = ", ".join(f"{count} {state}" for state, count in measurements[0].counts.items())
    print(f"{name}: {counts}")
    print(f"  batch {batch} s; with the start of the program {wall} s")
    return statistics.median(m.batch_seconds for m in measurements)


def main() -> None:
    """Measure both variants in turn and print the times."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--below-quality", default="80")
    parser.add_argument("--rounds", type=int, default=3)
    arguments, options = parser.parse_known_args()
    rule = ["--below-quality", arguments.below_quality]
    with_rule, without_rule, differing = [], [], 0
    for number in range(arguments.rounds):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            variants = [("with", rule, with_rule), ("without", [], without_rule)]
            for variant, added, measurements in variants if number % 2 else reversed(variants):
                output = folder / variant
                measurements.append(run_batch(arguments.folder, output, [*options, *added]))
            differing += count_differing_results(folder / "with", folder / "without")
    slow = print_measurements("without --below-quality", without_rule)
    fast = print_measurements(f"with --below-quality {arguments.below_quality}", with_rule)
    print(f"median {fast:.1f} s instead of {slow:.1f} s: {fast / slow:.0%}")
    print(f"{differing} results differ")


if __name__ == "__main__":
    main()
