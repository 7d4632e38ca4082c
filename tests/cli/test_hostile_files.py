"""Mutated files give a result or one line of error. The long run is tests/benchmarks/fuzz.py."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.support.paths import BENCHMARKS

FUZZ = BENCHMARKS / "fuzz.py"


@pytest.mark.skipif(sys.platform != "linux", reason="limits memory with RLIMIT_AS")
@pytest.mark.parametrize(("command", "count", "first"), [("inspect", 300, 0), ("restore", 5, 7)])
def test_mutated_files(command, count, first):
    """A command on a randomly damaged file ends without traceback, crash, hang or leftover file.

    The process may use 2 GiB and ten seconds per file.
    """
    arguments = [f"--{command}", str(count), "--first", str(first)]
    done = subprocess.run(
        [sys.executable, str(FUZZ), *arguments], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    report = json.loads(done.stdout)[command]
    assert report["messages"] == []
    assert done.returncode == 0
    assert report["files"] == count
    assert set(report["statuses"]) == {"0", "1"}  # some mutated files are still readable
