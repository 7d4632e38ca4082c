"""Time and memory of a batch of very many tiny files on the disk, all of which were done before.

    python tests/benchmarks/many_files.py [COUNT] [--folder FOLDER]

A scripted restorer takes the place of the prior: it makes each result, a tiny PNG, and its line in
the manifest, with the settings that the real program records for a first file. Then the real
program runs on all files: a dry run, a batch that skips all of them (`--shard 1/1`, whose plan is
streamed), the same without a part, whose plan is made at once, and one that can use what the one
before has left. The folder, by default a temporary one, is kept if it is named, and used again.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[2]))

from ddrm_core.batch.manifest.lines import MANIFEST_NAME

ROOT = Path(__file__).parents[2]
DEFAULT_COUNT = 100_000
FILES_PER_FOLDER = 1000
PROGRAM = [sys.executable, "-m", "app", "batch"]
CHOICES = ["--recursive", "--prior", "compact", "--preset", "draft"]
RUNS = {
    "dry run": ("--shard", "1/1", "--dry-run"),
    "skip, streamed plan": ("--shard", "1/1", "--report", "streamed.jsonl"),
    "skip, whole plan": ("--report", "whole.csv"),
    "skip, streamed plan again": ("--shard", "1/1", "--report", "again.jsonl"),
}


def make_source(number: int) -> bytes:
    """Return a JPEG of 8x8 pixels; the comment makes its bytes unique."""
    buffer = io.BytesIO()
    Image.new("L", (8, 8), number % 256).save(buffer, "JPEG", comment=f"{number}".encode())
    return buffer.getvalue()


def make_sources(folder: Path, count: int) -> None:
    for number in range(count):
        path = folder / "in" / f"{number // FILES_PER_FOLDER:05}" / f"IMG_{number:07}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(make_source(number))


def read_first_entry(folder: Path) -> dict[str, object]:
    """Restore one file with the real program, and return its line in the manifest."""
    (folder / "first").mkdir()
    (folder / "first" / "a.jpg").write_bytes(make_source(0))
    command = [*PROGRAM, "first", "-o", "first_out", "--quiet", *CHOICES]
    run_measured(command, folder)
    *_, line = (folder / "first_out" / MANIFEST_NAME).read_bytes().splitlines()
    return dict(json.loads(line))


def make_results(folder: Path, first_entry: dict[str, object]) -> None:
    """Write a result and a line in the manifest for each source, as a scripted restorer."""
    output = folder / "out"
    output.mkdir()
    with (output / MANIFEST_NAME).open("w", encoding="utf-8") as manifest:
        for source in sorted((folder / "in").rglob("*.jpg")):
            result = (
                output / source.relative_to(folder / "in").parent / f"{source.stem}_restored.png"
            )
            result.parent.mkdir(exist_ok=True)
            data = b"\x89PNG\r\n\x1a\n" + source.name.encode()
            result.write_bytes(data)
            state = result.stat()
            entry = first_entry | {
                "source_sha256": hashlib.sha256(source.read_bytes()).hexdigest(),
                "target": result.relative_to(output).as_posix(),
                "size": state.st_size,
                "mtime_ns": state.st_mtime_ns,
                "sha256": hashlib.sha256(data).hexdigest(),
            }
            manifest.write(f"\n{json.dumps(entry)}\n")


def run_measured(command: list[str], folder: Path) -> tuple[float, float, int, str]:
    """Run a program; return wall and CPU time in seconds, peak MiB, and the summary."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    began = time.monotonic()
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=out, stderr=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - began
        out.seek(0)
        lines = out.read().splitlines()
    if process.returncode != 0:
        raise RuntimeError(f"{command}: status {process.returncode}")
    cpu_seconds = usage.ru_utime + usage.ru_stime
    summary = next((line for line in reversed(lines) if line.startswith("out: ")), "")
    return seconds, cpu_seconds, usage.ru_maxrss >> 10, summary


def measure(folder: Path, count: int) -> None:
    """Make the files unless they are there, and print time and memory of each run."""
    if not (folder / "in").exists():
        began = time.monotonic()
        make_sources(folder, count)
        make_results(folder, read_first_entry(folder))
        print(f"{count} files and results made in {time.monotonic() - began:.0f} s", flush=True)
    for name, options in RUNS.items():
        command = [*PROGRAM, "in", "-o", "out", *CHOICES, *options]
        seconds, cpu_seconds, peak, line = run_measured(command, folder)
        print(
            f"{name}: {seconds:.1f} s, CPU {cpu_seconds:.1f} s, peak {peak} MiB; {line}", flush=True
        )


def main() -> None:
    words = sys.argv[1:]
    count = next((int(word) for word in words if word.isdecimal()), DEFAULT_COUNT)
    if "--folder" in words:
        folder = Path(words[words.index("--folder") + 1]).absolute()
        folder.mkdir(parents=True, exist_ok=True)
        measure(folder, count)
        return
    with tempfile.TemporaryDirectory() as name:
        measure(Path(name), count)


if __name__ == "__main__":
    main()
