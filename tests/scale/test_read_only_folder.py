"""A batch whose output folder becomes read-only before the batch ends."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.program_runner import run_program
from tests.support.scale import SLOW, build_arguments, read_results, wait_for_result

# The program sees the folder through a mount of its own, which others do not see.
NAMESPACE = ("unshare", "--mount", "--map-root-user")
MOUNT, MAKE_READ_ONLY = 'mount --bind "$0" "$0"', 'mount -o remount,bind,ro "$0"'
REMOUNT_TRIES = 50


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Return a folder for results; skip the test if the system allows no mounts."""
    output = tmp_path / "out"
    output.mkdir()
    if shutil.which("unshare") is None or shutil.which("nsenter") is None:
        pytest.skip("needs unshare and nsenter of util-linux")
    probe = [*NAMESPACE, "sh", "-c", f"{MOUNT} && {MAKE_READ_ONLY}", str(output)]
    tried = subprocess.run(probe, capture_output=True, text=True)
    if tried.returncode != 0:
        pytest.skip(f"this user may not mount folders: {tried.stderr}")
    return output


def make_read_only(process: subprocess.Popen[str], folder: Path) -> None:
    """Make a folder read-only for a process, between two moments in which it writes a file."""
    inside = ("nsenter", "--target", str(process.pid), "--user", "--mount")
    for _ in range(REMOUNT_TRIES):
        tried = subprocess.run(
            [*inside, "--preserve-credentials", "sh", "-c", MAKE_READ_ONLY, str(folder)],
            capture_output=True,
            text=True,
        )
        if tried.returncode == 0:
            return
    pytest.fail(tried.stderr)


def test_a_batch_ends_and_a_restart_completes_it(pictures, output, expected):
    program = (sys.executable, "-m", "app")
    command = build_arguments(pictures, output, *SLOW, "--workers", 2)
    process = subprocess.Popen(
        [*NAMESPACE, "sh", "-c", f'{MOUNT} && exec "$@"', str(output), *program, *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for_result(process)
        make_read_only(process, output)
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 1
    (last_line,) = [line for line in errors.splitlines() if "Nothing more can be written" in line]
    assert f"{output}: read-only file system" in last_line
    assert "files were not tried" in last_line
    whole = read_results(output)
    assert 0 < len(whole) < len(expected)
    assert whole.items() < expected.items()
    ended = run_program(*build_arguments(pictures, output, *SLOW))
    assert ended.exit_code == 0
    assert f"{len(whole)} done before" in ended.stdout
    assert read_results(output) == expected
