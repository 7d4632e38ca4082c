"""Time and memory of a manifest of very many lines, with its index.

    python tests/benchmarks/manifest_index.py [COUNTS]

Times are CPU times. Each process is measured alone: the first one makes the index, the second one
finds it. Then one extends the index by further lines, and one must not write to the folder.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from subprocess import run

sys.path.insert(0, str(Path(__file__).parents[2]))

from ddrm_core.batch.manifest.entries import ManifestEntry
from ddrm_core.batch.manifest.lines import INDEX_NAME, MANIFEST_NAME, FolderLines
from ddrm_core.batch.manifest.manifest import Manifest
from tests.support.lines_in_memory import LinesInMemory

COUNTS = (10_000, 100_000, 1_000_000)
LOOKUP_COUNT = 10_000
FILES_PER_FOLDER = 1000
MIB = 1 << 20


def entries(numbers: range) -> Iterator[ManifestEntry]:
    for number in numbers:
        # Hashes in no order, like those of real files.
        text = f"{number * 0x9E3779B97F4A7C15 % 2**64:016x}" * 4
        target = f"{number // FILES_PER_FOLDER:06}/IMG_{number:07}_restored.png"
        times = (1.0, 8, 1.5, "2026-01-01T00:00:00+00:00")
        yield ManifestEntry(text, text, target, 1000, number, text, *times)


def write_lines(folder: Path, numbers: range) -> None:
    with (folder / MANIFEST_NAME).open("a") as file:
        for entry in entries(numbers):
            file.write(f"\n{json.dumps(asdict(entry))}\n")


def measure_open(folder: Path, *, writes_index: bool, count: int) -> None:
    """Open a manifest, and print time and memory of opening and of searches."""
    manifest = Manifest(folder, writes_index=writes_index)
    began = time.process_time()
    manifest.read_new_lines()
    opened = time.process_time()
    found = 0
    for entry in entries(range(0, count, max(count // LOOKUP_COUNT, 1))):
        found += manifest.has_result(folder / entry.target)
    searched = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"  opened in {opened - began:.2f} s, {found} searches of "
        f"{(searched - opened) / found * 1e6:.0f} us, peak {peak:.0f} MiB",
        flush=True,
    )


def measure_list(folder: Path) -> None:
    """List all results of a manifest, and print time and memory."""
    began = time.process_time()
    count = sum(1 for _ in Manifest(folder).iter_results())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  {count} results listed in {time.process_time() - began:.2f} s, peak {peak:.0f} MiB")


def measure_memory(folder: Path) -> None:
    """Read all lines into memory, as without SQLite, and print time and memory."""
    began = time.process_time()
    LinesInMemory(FolderLines(folder, None)).refresh()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  opened in {time.process_time() - began:.2f} s, peak {peak:.0f} MiB")


def measure(count: int, folder: Path) -> None:
    alone = [sys.executable, __file__, "alone"]
    write_lines(folder, range(count))
    print(f"{count} lines without an index:", flush=True)
    run([*alone, "memory", str(count), str(folder)], check=True)
    size = (folder / MANIFEST_NAME).stat().st_size / MIB
    print(f"manifest of {size:.0f} MiB; first open, which makes the index:", flush=True)
    run([*alone, "write", str(count), str(folder)], check=True)
    index_path = folder / INDEX_NAME
    if index_path.exists():
        print(
            f"second open, with an index of {index_path.stat().st_size / MIB:.0f} MiB:", flush=True
        )
        run([*alone, "write", str(count), str(folder)], check=True)
        run([*alone, "list", str(count), str(folder)], check=True)
        more = count + max(count // 10, 10_000)
        write_lines(folder, range(count, more))
        print(f"{more - count} lines later, which extends the index:", flush=True)
        run([*alone, "write", str(more), str(folder)], check=True)
        index_path.unlink()
        print("without writing to the folder:", flush=True)
        run([*alone, "read", str(more), str(folder)], check=True)


def main() -> None:
    words = sys.argv[1:]
    if words[:1] == ["alone"]:
        kind, count, folder = words[1], int(words[2]), Path(words[3])
        if kind == "list":
            measure_list(folder)
        elif kind == "memory":
            measure_memory(folder)
        else:
            measure_open(folder, writes_index=kind == "write", count=count)
        return
    for count in [int(word) for word in words] or COUNTS:
        with tempfile.TemporaryDirectory() as name:
            measure(count, Path(name))


if __name__ == "__main__":
    main()
