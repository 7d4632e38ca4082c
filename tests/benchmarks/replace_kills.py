"""Kills of `batch --replace-originals` and `batch --undo` at random moments.

    python tests/benchmarks/replace_kills.py [--kills 200] [--undo-kills 50] [--real 10] [--seed 0]

For the trash and for a backup folder each, a process that replaces or undoes is killed (SIGKILL)
again and again, and started again on the folder that it left. Processes are forked from one that
has loaded the prior; the last `--real` kills of each kind are of the program itself. After each
kill, every name must have the original or a complete result, and every original must be in the
folder or in its backup. In the end, three results are edited, one is renamed and one original is
removed, and undoing must list these five and bring back all others. Linux only.
"""

from __future__ import annotations

import argparse
import os
import random
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
# The path contains the folder of this script instead.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
import torch
from PIL import Image

from ddrm_core.batch.replacement.backups import BackupFolder, BackupPlace
from ddrm_core.batch.replacement.plan import plan_replacements
from ddrm_core.batch.replacement.run import Replacement, replace_files
from ddrm_core.batch.replacement.trash import find_trash
from ddrm_core.batch.replacement.undo import UndoState, undo_replacements
from ddrm_core.batch.replacement.undo_log import UndoLog
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.cancel import CancelToken
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.prior.denoiser import Prior
from ddrm_core.sampler.settings import PRESETS, Preset

_FILES = 8
_SIDE_PX = 24
_SETTINGS = BatchSettings(PRESETS[Preset.DRAFT])
_RECORD = b"prior_sha256"  # a property of every run record
_LONGEST_DELAY_S = {"replace": 0.9, "undo": 0.03}
_LONGEST_REAL_DELAY_S = {"replace": 5.0, "undo": 0.6}
_START_S = 60.0


@dataclass
class Album:
    """A folder of small JPEGs, and the place of their backups.

    Attributes:
        root: Folder that contains everything.
        place: Place of the backups.
        suffix: Suffix of the results, None for the names of the originals.
        originals: Bytes of the originals by relative path.
    """

    root: Path
    place: BackupPlace
    suffix: str | None
    originals: dict[str, bytes] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.root / "album"

    def create(self, rng: np.random.Generator) -> None:
        (self.folder / "trip").mkdir(parents=True, exist_ok=True)
        for number in range(_FILES):
            name = f"{'trip/' if number % 3 == 0 else ''}{number}.jpg"
            smooth = rng.integers(0, 256, (4, 4, 3), dtype=np.uint8)
            image = Image.fromarray(smooth).resize((_SIDE_PX, _SIDE_PX))
            image.save(self.folder / name, quality=30)
            self.originals[name] = (self.folder / name).read_bytes()

    def visible(self) -> dict[str, Path]:
        paths = (path for path in self.folder.rglob("*") if path.is_file())
        return {
            path.relative_to(self.folder).as_posix(): path
            for path in paths
            if not path.name.startswith(".")
        }

    def check(self) -> None:
        """Raise AssertionError if a name has no complete image, or if an original is lost."""
        files = self.visible()
        backups = [
            path.read_bytes()
            for path in self.place.folder.rglob("*")
            if path.is_file() and not path.name.endswith((".trashinfo", ".part"))
        ]
        for name, original in self.originals.items():
            result_name = str(Path(name).with_suffix(self.suffix)) if self.suffix else name
            assert name in files or result_name in files, f"no file {name}"
            present = files[name].read_bytes() if name in files else None
            assert original in (present, *backups), f"the original of {name} is lost"
            if present not in (original, None):
                assert self.suffix is None, f"{name} has other bytes"
                _check_result(files[name])
            if self.suffix and result_name in files:
                _check_result(files[result_name])
        names = set(self.originals)
        results = {str(Path(name).with_suffix(self.suffix or ".jpg")) for name in names}
        assert files.keys() <= names | results, files.keys() - names - results

    def count_replaced(self) -> int:
        files = self.visible()
        return sum(
            name not in files or files[name].read_bytes() != data
            for name, data in self.originals.items()
        )


def _check_result(path: Path) -> None:
    with Image.open(path) as image:
        image.load()
        assert image.size == (_SIDE_PX, _SIDE_PX), path
    assert _RECORD in path.read_bytes(), path


def replace_all(album: Album, prior: Prior) -> Counter[str]:
    """Replace the originals in this process; return the number of outcomes by state."""
    log = UndoLog(album.folder)
    planned = plan_replacements(sorted(album.visible().values()), album.suffix)
    planned = tuple(file for file in planned if file.source.suffix == ".jpg")
    states = Counter[str]()
    with log.lock():
        replacement = Replacement(album.place, log, album.suffix)
        for event in replace_files(planned, _SETTINGS, prior, replacement, CancelToken()):
            state = getattr(event, "state", None)
            if state is not None:
                states[state] += 1
                assert event.error is None, event.error
                assert event.retention_reason is None, event.retention_reason
    return states


def kill_fork(work: Callable[[], object], warm_file: Path, delay_s: float) -> bool:
    """Do work in a forked process, kill it after a delay, and return whether it was running."""
    ready, signal_ready = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(ready)
            read_jpeg(warm_file)  # starts the JPEG reader
            os.write(signal_ready, b".")
            work()
            status = 0
        finally:
            os._exit(status)
    os.close(signal_ready)
    assert select.select([ready], [], [], _START_S)[0], "the process did not start"
    os.close(ready)
    time.sleep(delay_s)
    os.kill(child, signal.SIGKILL)
    _, wait_status = os.waitpid(child, 0)
    assert not os.WIFEXITED(wait_status) or os.WEXITSTATUS(wait_status) == 0, wait_status
    return os.WIFSIGNALED(wait_status)


def kill_program(arguments: list[str], environment: dict[str, str], delay_s: float) -> bool:
    """Run the program, kill it after a delay, and return whether it was running."""
    command = [sys.executable, "-m", "app", "batch", *arguments]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        time.sleep(delay_s)
        process.kill()
    return process.returncode == -signal.SIGKILL


class KillSeries:
    """Kills of replacements and of undoing for one place of backups."""

    def __init__(self, album: Album, prior: Prior, rng: random.Random, warm_file: Path) -> None:
        self._album, self._prior, self._rng, self._warm_file = album, prior, rng, warm_file
        self.counts = Counter[str]()
        self.replaced_counts = Counter[int]()

    def kill(self, kind: str, *, is_real: bool) -> None:
        """Kill a process of a kind, "replace" or "undo", and check the folder.

        The kind changes to the other one, without a kill, if nothing is left to do.
        """
        album = self._album
        if kind == "replace" and album.count_replaced() == len(album.originals):
            self._finish_undo()
        if kind == "undo" and album.count_replaced() == 0:
            replace_all(album, self._prior)
        if is_real:
            delay_s = self._rng.uniform(0, _LONGEST_REAL_DELAY_S[kind])
            was_killed = kill_program(self._arguments(kind), self._environment(), delay_s)
        else:
            delay_s = self._rng.uniform(0, _LONGEST_DELAY_S[kind])
            was_killed = kill_fork(self._work(kind), self._warm_file, delay_s)
        album.check()
        self.counts[kind] += was_killed
        self.counts[f"{kind}, real"] += was_killed and is_real
        self.counts[f"{kind}, ended before the kill"] += not was_killed
        self.replaced_counts[album.count_replaced()] += 1

    def finish(self) -> None:
        """Replace everything, change five files, and undo."""
        album = self._album
        self._finish_undo()
        replace_all(album, self._prior)
        assert album.count_replaced() == len(album.originals)
        results = list(album.visible().values())
        for edited in results[:3]:
            with edited.open("ab") as file:
                file.write(b"edited")
        results[3].rename(results[3].with_name("renamed.jpg"))
        entries = {
            album.folder / entry.target: entry for entry in UndoLog(album.folder).list_latest()
        }
        os.unlink(entries[results[4]].backup)
        states = {outcome.target: outcome.state for outcome in undo_replacements(album.folder)}
        expected = dict.fromkeys(results, UndoState.DONE) | {
            **dict.fromkeys(results[:3], UndoState.CHANGED),
            results[3]: UndoState.MISSING,
            results[4]: UndoState.NO_BACKUP,
        }
        assert states == expected, states
        files = album.visible()
        back = [
            name
            for name, data in album.originals.items()
            if files.get(name) and files[name].read_bytes() == data
        ]
        assert len(back) == len(results) - 5, back

    def _finish_undo(self) -> None:
        if UndoLog(self._album.folder).list_latest():
            states = {outcome.state for outcome in undo_replacements(self._album.folder)}
            assert states <= {UndoState.DONE}, states
        assert {
            n: p.read_bytes() for n, p in self._album.visible().items()
        } == self._album.originals

    def _work(self, kind: str) -> Callable[[], object]:
        if kind == "undo":
            return lambda: list(undo_replacements(self._album.folder))
        return lambda: replace_all(self._album, self._prior)

    def _arguments(self, kind: str) -> list[str]:
        album = self._album
        if kind == "undo":
            return [str(album.folder), "--undo"]
        place = str(album.place.folder) if isinstance(album.place, BackupFolder) else "trash"
        suffix = ["--replace-suffix", album.suffix] if album.suffix else []
        options = ["--recursive", "--preset", "draft", "--prior", "compact"]
        return [str(album.folder), *options, "--replace-originals", place, *suffix]

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "XDG_DATA_HOME": str(self._album.root / "data")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200, help="for each place")
    parser.add_argument("--undo-kills", type=int, default=50, help="of the kills of each place")
    parser.add_argument("--real", type=int, default=10, help="of each kind and place")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(1)
    prior = load_prior(BUNDLED_PRIOR_PATH, torch.device("cpu"))
    rng = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        warm_file = root / "warm.jpg"
        Image.new("RGB", (8, 8)).save(warm_file)
        for place_name in ("trash", "folder"):
            for suffix in (None, ".png"):
                album_root = root / f"{place_name}{suffix}"
                (album_root / "album").mkdir(parents=True)
                place: BackupPlace = BackupFolder(album_root / "backup")
                if place_name == "trash":
                    place = find_trash(album_root / "album", album_root / "data" / "Trash")
                album = Album(album_root, place, suffix)
                album.create(np.random.default_rng(options.seed))
                series = KillSeries(album, prior, rng, warm_file)
                _run_series(series, options)
                counts = ", ".join(f"{n} {kind}" for kind, n in sorted(series.counts.items()))
                spread = dict(sorted(series.replaced_counts.items()))
                print(f"{place_name}, {suffix or 'same names'}: killed {counts}", flush=True)
                print(f"  files replaced after a kill: {spread}; five changes listed", flush=True)


def _run_series(series: KillSeries, options: argparse.Namespace) -> None:
    """Kill half of the processes of a place, since each place has two albums."""
    limits = {"replace": (options.kills - options.undo_kills) // 2, "undo": options.undo_kills // 2}
    for kind, limit in limits.items():
        while series.counts[kind] < limit:
            series.kill(kind, is_real=limit - series.counts[kind] <= options.real // 2)
    series.finish()


if __name__ == "__main__":
    main()
