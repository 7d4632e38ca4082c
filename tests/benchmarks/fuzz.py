"""Mutated files through `inspect` and `restore`, in processes with 2 GiB of address space.

    python tests/benchmarks/fuzz.py --inspect 20000 --restore 500 --seed 0

A file fails if the program shows a traceback or reports a bug of its own ("This is a bug"), if its
process ends, if it takes more than ten seconds, or if a temporary file remains. File N of a seed is
the same in every run; `--keep FOLDER` stores files that fail. `inspect` is also given JPEG XL and
AVIF files. Linux only: memory is limited by RLIMIT_AS, separately for the program and for its JPEG
reader.
"""

from __future__ import annotations

import argparse
import json
import os
import selectors
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

# The path contains the folder of this script instead.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks.mutated_files import bases, box_bases, mutated

LIMIT_BYTES = 2 << 30
LIMIT_SECONDS = 10.0
START_SECONDS = 120.0


def work() -> None:
    """Run the program once for each line of arguments from stdin, and print the outcome.

    This function is the main function of a process of its own.
    """
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (LIMIT_BYTES, LIMIT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from tests.support.program_runner import run_program

    lost: set[int] = set()
    kill = subprocess.Popen.kill

    def counted(process: subprocess.Popen[bytes]) -> None:
        lost.add(process.pid)
        kill(process)

    subprocess.Popen.kill = counted
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    answers.write("ready\n")
    for line in sys.stdin:
        lost.clear()
        try:
            ended = run_program(*json.loads(line))
        except Exception as error:  # noqa: BLE001  # one that no command is to let out
            code, bug, text = 1, True, repr(error)
        else:
            code, text = ended.exit_code, ended.stderr[-400:]
            bug = "This is a bug" in ended.stderr
        answers.write(json.dumps([code, bug, len(lost), text]) + "\n")


@dataclass
class Tally:
    """Counts of the outcomes of a command that was run on many mutated files."""

    files: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    bugs: int = 0
    crashes: int = 0
    hangs: int = 0
    left_behind: int = 0
    reader_lost: int = 0  # not a failure: the JPEG reader's process ended, the program did not
    slowest_seconds: float = 0.0
    messages: list[str] = field(default_factory=list)

    @property
    def failures(self) -> int:
        return self.bugs + self.crashes + self.hangs + self.left_behind

    def document(self) -> dict[str, object]:
        names = ("files", "bugs", "crashes", "hangs", "left_behind", "reader_lost")
        counts: dict[str, object] = {name: getattr(self, name) for name in names}
        counts["statuses"] = {str(k): v for k, v in sorted(self.statuses.items())}
        counts["slowest_seconds"] = round(self.slowest_seconds, 2)
        return counts | {"messages": self.messages[:20]}


class Worker:
    """Child process that runs the program on files, replaced when it crashes or hangs."""

    def __init__(self, temporary: Path) -> None:
        self._temporary = temporary
        self._process: subprocess.Popen[str] | None = None

    def run(self, arguments: list[str]) -> tuple[str, list[object], float]:
        """Run the program with arguments in the child process.

        Returns:
            Outcome ("done", "crash" or "hang"), the child's answer or else its exit status, and the
            seconds taken.
        """
        process = self._running()
        began = time.monotonic()
        assert process.stdin is not None
        process.stdin.write(json.dumps(arguments) + "\n")
        process.stdin.flush()
        line = _line(process, LIMIT_SECONDS)
        seconds = time.monotonic() - began
        if line:
            return "done", json.loads(line), seconds
        outcome = "hang" if line is None else "crash"
        process.kill()
        status = process.wait()
        self._process = None
        return outcome, [status], seconds

    def close(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            self._process.wait()

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None:
            threads = {"OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
            # torch creates a folder for its compiler, which is not the program's.
            folders = {
                "TMPDIR": str(self._temporary),
                "TORCHINDUCTOR_CACHE_DIR": str(self._temporary.parent / "torch"),
            }
            self._process = subprocess.Popen(
                [sys.executable, __file__, "--worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env={**os.environ, **threads, **folders},
            )
            if _line(self._process, START_SECONDS) != "ready\n":
                raise SystemExit("the program does not start within its memory")
        return self._process


def _line(process: subprocess.Popen[str], seconds: float) -> str | None:
    """Return the next line of a process's output.

    Return "" after the process has ended, and None if no line arrives within `seconds`.
    """
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        return process.stdout.readline() if selector.select(seconds) else None


def campaign(command: str, numbers: range, seed: int, keep: Path | None) -> Tally:
    """Run one command of the program on mutated files, and return the counts of outcomes.

    Args:
        command: Name of the command, such as "restore".
        numbers: Numbers of the mutated files.
        seed: Seed of the mutations.
        keep: Folder to which files that failed are copied, None to keep none.
    """
    tally, originals = Tally(), bases()
    if command == "inspect":
        originals |= box_bases()
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        place, temporary = Path(folder, "files"), Path(folder, "temporary")
        place.mkdir()
        temporary.mkdir()
        source = place / "a.jpg"
        worker = Worker(temporary)
        for number in numbers:
            data = mutated(number, seed, originals)
            target = place / ("out.jpg" if number % 3 else "out.png")  # a JPEG keeps attachments
            source.write_bytes(data)
            arguments = [command, str(source)]
            if command == "restore":
                arguments += ["-o", str(target), "--preset", "fast", "--device", "cpu"]
                arguments += ["--tolerate-damage"] * (number % 2)
            outcome, answer, seconds = worker.run(arguments)
            before = tally.failures
            _count(tally, outcome, answer, seconds)
            target.unlink(missing_ok=True)
            left = [*place.iterdir(), *temporary.iterdir()]
            if left != [source]:
                tally.left_behind += 1
                tally.messages.append(f"left behind: {left}")
                for path in left:
                    path.unlink()
            if tally.failures > before:
                tally.messages[-1] = f"file {number}: {tally.messages[-1]}"
                if keep is not None:
                    (keep / f"{command}_{seed}_{number}.jpg").write_bytes(data)
        worker.close()
    return tally


def _count(tally: Tally, outcome: str, answer: list[object], seconds: float) -> None:
    tally.files += 1
    tally.slowest_seconds = max(tally.slowest_seconds, seconds)
    if outcome != "done":
        tally.hangs += outcome == "hang"
        tally.crashes += outcome == "crash"
        tally.messages.append(f"{outcome} {answer}")
        return
    status, bug, lost, text = answer
    assert isinstance(status, int)
    assert isinstance(lost, int)
    tally.statuses[status] += 1
    tally.reader_lost += lost
    if bug:
        tally.bugs += 1
        tally.messages.append(str(text))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inspect", type=int, default=0, help="how many files")
    parser.add_argument("--restore", type=int, default=0, help="how many files")
    parser.add_argument("--first", type=int, default=0, help="number of the first file")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="a folder for files that fail")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    wish = parser.parse_args()
    if wish.worker:
        work()
        return
    tallies = {
        command: campaign(command, range(wish.first, wish.first + count), wish.seed, wish.keep)
        for command, count in (("inspect", wish.inspect), ("restore", wish.restore))
        if count
    }
    print(json.dumps({name: tally.document() for name, tally in tallies.items()}, indent=2))
    sys.exit(any(tally.failures for tally in tallies.values()))


if __name__ == "__main__":
    main()
