"""Many small files: `batch` compared with `restore` once per file, in time and memory.

    python tests/benchmarks/batch.py [FILES] [WIDTHxHEIGHT]

The real command line is used. Nothing else should run at the same time.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
from PIL import Image

from app.config.resources import EXAMPLE_IMAGE_PATH

ALONE = 5
LOOKS = (1, 200, 500, 1000, 1500, 2000)
PROGRAM = [sys.executable, "-m", "app"]
CHOICES = ["--preset", "fast", "--steps", "1"]


def make(folder: Path, count: int, size: tuple[int, int]) -> list[Path]:
    """Write `count` JPEGs of different crops of the sample to a folder; return their paths."""
    folder.mkdir()
    with Image.open(EXAMPLE_IMAGE_PATH.with_name("budgie_branch_original.png")) as image:
        whole = image.convert("RGB")
    paths = []
    for number in range(count):
        left, top = number * 7 % (whole.width - size[0]), number * 5 % (whole.height - size[1])
        piece = whole.crop((left, top, left + size[0], top + size[1]))
        piece.putpixel((0, 0), (number % 256, number // 256, 0))
        paths.append(folder / f"{number:05d}.jpg")
        piece.save(paths[-1], quality=5 + number % 90)
    return paths


def mebibytes(process: psutil.Process) -> float:
    """Return the resident memory of a process and its child processes in MiB."""
    every = [process, *process.children(recursive=True)]
    return float(sum(p.memory_info().rss for p in every)) / 2**20


def batch(folder: Path, output: Path) -> float:
    """Restore a whole folder with one batch command; return the seconds taken."""
    began = time.monotonic()
    command = [*PROGRAM, "batch", str(folder), "-o", str(output), *CHOICES]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        assert process.stdout is not None
        known = psutil.Process(process.pid)
        for done, _ in enumerate(process.stderr, 1):
            if done in LOOKS:
                seconds, memory = time.monotonic() - began, mebibytes(known)
                print(f"  {done:5} files: {seconds:7.1f} s, {memory:6.0f} MiB", flush=True)
        print(f"  {process.stdout.read().strip()}")
    return time.monotonic() - began


def alone(paths: list[Path], output: Path) -> float:
    """Restore each file with a command of its own; return the mean seconds per file."""
    output.mkdir()
    began = time.monotonic()
    for path in paths:
        command = [*PROGRAM, "restore", str(path), "-o", str(output / f"{path.stem}.png")]
        subprocess.run([*command, *CHOICES], check=True, capture_output=True)
    return (time.monotonic() - began) / len(paths)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    width, height = map(int, (sys.argv[2] if len(sys.argv) > 2 else "64x48").split("x"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = make(folder / "in", count, (width, height))
        print(f"{count} files of {width}x{height}, {' '.join(CHOICES)}")
        together = batch(folder / "in", folder / "out")
        print(f"batch: {together:.1f} s, {count / together:.1f} files a second")
        again = batch(folder / "in", folder / "out")
        print(f"again, all done: {again:.1f} s")
        each = alone(paths[:ALONE], folder / "alone")
        print(f"restore per file: {each:.2f} s each of {ALONE}, {each * count:.0f} s for all")
        print(f"{each * count / together:.0f} times as fast")


if __name__ == "__main__":
    main()
