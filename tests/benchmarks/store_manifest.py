"""Time and requests of opening a manifest of very many lines in an object store, with its cache.

    python tests/benchmarks/store_manifest.py [COUNT]

The store is moto's server in this process, on this machine. Each opening is a process of its own:
the first one reads all objects, the second one finds the cache and the index, and the third one
finds ten more objects. The last one has no cache.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from ddrm_core.batch.manifest.entries import ManifestEntry, format_entry
from ddrm_core.batch.object_path import ObjectPath
from ddrm_core.batch.stores.address import parse_store_address
from ddrm_core.batch.stores.batch_stores import BatchStores
from ddrm_core.batch.stores.object_store import ObjectStore
from ddrm_core.batch.stores.store_lines import StoreLines
from tests.support.s3_server import BUCKET, run_s3_server

COUNT = 200_000
LINES_PER_OBJECT = 4096  # merged objects have as many
ADDRESS = f"s3://{BUCKET}/out"


def lines(numbers: range) -> Iterator[bytes]:
    for number in numbers:
        text = f"{number * 0x9E3779B97F4A7C15 % 2**64:016x}" * 4
        times = (1.0, 8, 1.5, "2026-01-01T00:00:00+00:00")
        yield format_entry(ManifestEntry(text, text, f"{number}.png", 1000, number, text, *times))


def measure_open(cache: Path | None, last: int) -> None:
    """Open the manifest, search its last line, and print time and memory."""
    folder = ObjectPath(ADDRESS)
    manifest = BatchStores(None, parse_store_address(ADDRESS), cache).open_manifest(folder, None)
    began = time.monotonic()
    manifest.read_new_lines()
    seconds = time.monotonic() - began
    found = manifest.has_result(folder / f"{last}.png")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{seconds:.2f} s, peak {peak:.0f} MiB, last line found: {found}", end="", flush=True)


def main() -> None:
    words = sys.argv[1:]
    if words[:1] == ["alone"]:
        measure_open(Path(words[1]) if words[1] else None, int(words[2]))
        return
    count = int(words[0]) if words else COUNT
    with run_s3_server() as server, tempfile.TemporaryDirectory() as cache:
        os.environ.update(server.environment)
        writer = StoreLines(ObjectStore(parse_store_address(ADDRESS)))
        remaining = lines(range(count))
        while group := tuple(islice(remaining, LINES_PER_OBJECT)):
            writer.append(group)

        def measure(title: str, folder: str, last: int) -> None:
            server.requests.clear()
            print(f"{title}: ", end="", flush=True)
            subprocess.run([sys.executable, __file__, "alone", folder, str(last)], check=True)
            print(f", {len(server.requests)} requests", flush=True)

        print(f"{count} lines")
        measure("first open", cache, count - 1)
        measure("second open", cache, count - 1)
        for number in range(count, count + 10):
            writer.append(tuple(lines(range(number, number + 1))))
        measure("ten lines later", cache, count + 9)
        measure("without a cache", "", count + 9)


if __name__ == "__main__":
    main()
