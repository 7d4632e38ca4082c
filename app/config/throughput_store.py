"""The file in which the speed of earlier runs is recorded, for estimates without a measurement."""

from __future__ import annotations

import json
import math
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from app.config.paths import state_folder
from ddrm_core.errors import UnwritableOutput
from ddrm_core.files.atomic_write import write_atomically
from ddrm_core.os_errors import writing
from ddrm_core.performance.recorded_throughput import RecordedThroughput

_FILE_NAME = "throughputs.json"
_VERSION = 1
_MAX_ENTRIES = 100
_MAX_BORDER_PX = 1024
_LARGEST_SIZE_CLASS = 10  # a megapixel


@dataclass(frozen=True, slots=True)
class ThroughputKey:
    """The properties of a run on which its throughput depends.

    Attributes:
        prior: Name of the prior.
        device: Kind of the device: cpu, cuda or mps.
        threads: Number of computing threads.
        correction: Name of the correction.
        size_class: Class of the size of the image, see `find_size_class`.
    """

    prior: str
    device: str
    threads: int
    correction: str
    size_class: int


def find_size_class(pixel_count: int) -> int:
    """Return the class of images with four times the pixels of the class before.

    A run of a small image takes much longer per pixel than that of a large one. Images of a
    megapixel and more take about the same time per pixel, and have one class.
    """
    return min(_LARGEST_SIZE_CLASS, round(math.log(max(1, pixel_count), 4)))


@dataclass(frozen=True, slots=True)
class ThroughputStore:
    """Recorded throughputs in a file of the user's state folder.

    The file only holds measurements that any run repeats: an unreadable file counts as empty, and
    where it cannot be written, nothing is recorded.

    Attributes:
        path: Path of the file, which may not exist.
    """

    path: Path

    def find(self, key: ThroughputKey) -> RecordedThroughput | None:
        """Return the latest recorded throughput of runs like `key`, None without one.

        Images of the next class of size are like those of the key's class.
        """
        entries = self._read()
        classes = (key.size_class + offset for offset in (0, 1, -1))
        keys = (replace(key, size_class=size_class) for size_class in classes)
        return next((entries[each] for each in keys if each in entries), None)

    def list_by_size_class(self, prior: str, correction: str) -> dict[int, RecordedThroughput]:
        """Return the latest recorded throughputs of a prior and correction, by class of size.

        They are those of the device and threads of the latest run of each class.
        """
        return {
            key.size_class: throughput
            for key, throughput in self._read().items()
            if (key.prior, key.correction) == (prior, correction)
        }

    def record(self, key: ThroughputKey, throughput: RecordedThroughput) -> None:
        """Store a throughput in place of an earlier one of the same key."""
        entries = self._read()
        entries.pop(key, None)
        entries[key] = throughput
        latest = list(entries.items())[-_MAX_ENTRIES:]
        document = {
            "version": _VERSION,
            "throughputs": [asdict(key) | asdict(value) for key, value in latest],
        }
        with suppress(UnwritableOutput):
            with writing(self.path):
                self.path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self.path, json.dumps(document, indent=1).encode())

    def _read(self) -> dict[ThroughputKey, RecordedThroughput]:
        """Return all entries, the oldest first; none of a file that cannot be used."""
        try:
            document = json.loads(self.path.read_bytes())
            if document["version"] != _VERSION:
                return {}
            return dict(map(_parse_entry, document["throughputs"]))
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            return {}


def open_throughput_store() -> ThroughputStore:
    """Return the store of this user."""
    return ThroughputStore(state_folder() / _FILE_NAME)


def _parse_entry(entry: dict[str, object]) -> tuple[ThroughputKey, RecordedThroughput]:
    """Return an entry of the file. Raise ValueError or KeyError if it is invalid."""
    match entry:
        case {
            "prior": str(prior),
            "device": str(device),
            "threads": int(threads),
            "correction": str(correction),
            "size_class": int(size_class),
            "seconds_per_pixel": float(seconds),
            "border": int(border),
        } if 0 < seconds < math.inf and 0 <= border <= _MAX_BORDER_PX:
            return ThroughputKey(
                prior, device, threads, correction, size_class
            ), RecordedThroughput(seconds, border)
    raise ValueError(entry)
