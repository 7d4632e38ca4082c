"""Batches that tests of clusters and killed workers start, their ends and their results."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from ddrm_core.batch.manifest.lines import MACHINES_FOLDER_NAME, MANIFEST_NAME

SLOW = ("--steps", 20)
"""Options with which the files of `pictures` take long enough to be interrupted."""
_TIMEOUT_S = 80


def build_arguments(pictures: Path, output: Path, *options: object) -> list[str]:
    """Return the arguments of a batch command with the bundled prior."""
    words = ["batch", pictures, "-o", output, "--recursive", "--prior", "compact"]
    return [str(word) for word in (*words, "--preset", "fast", *options)]


def start_batch(pictures: Path, output: Path, *options: object) -> subprocess.Popen[str]:
    """Start a batch as a program whose outputs are pipes."""
    return subprocess.Popen(
        [sys.executable, "-m", "app", *build_arguments(pictures, output, *options)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for_result(process: subprocess.Popen[str]) -> None:
    """Wait until a batch has restored a file."""
    assert process.stderr is not None
    for line in process.stderr:
        if "restored in" in line:
            return
    pytest.fail("the batch ended without a result")


def finish(process: subprocess.Popen[str], status: int = 0) -> str:
    """Wait for the end of a batch and return its standard output."""
    out, errors = process.communicate(timeout=_TIMEOUT_S)
    assert process.returncode == status, errors
    return out


def find_workers(process: subprocess.Popen[str], name: str) -> list[psutil.Process]:
    """Return the descendants of a process whose command line contains `name`."""
    found = psutil.Process(process.pid).children(recursive=True)
    return [each for each in found if name in " ".join(each.cmdline())]


def read_results(output: Path) -> dict[str, bytes]:
    """Return the bytes of each file in a folder of results, without the manifest's files."""
    return {
        path.relative_to(output).as_posix(): path.read_bytes()
        for path in sorted(output.rglob("*"))
        if path.is_file()
        and path.name != MANIFEST_NAME
        and path.parent.name != MACHINES_FOLDER_NAME
    }
