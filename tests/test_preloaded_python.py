"""A program in a fork of the preloaded process runs as in a new Python process."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.support.paths import ROOT

PROGRAM = """\
import os, sys
import beside
if __name__ == "__main__":
    print(sys.argv, os.getcwd(), sys.path, sorted(os.environ), beside.__file__, sys.stdin.read())
    print("grüße", file=sys.stderr)
    {end}
"""


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (["program.py"], "sys.exit(3)"),
        (["-m", "program"], "pass"),
        (["program.py"], "os.kill(os.getpid(), 9)"),
    ],
)
def test_a_program_finds_and_leaves_what_it_would_in_a_new_process(
    preloaded_python, tmp_path, start, end
):
    (tmp_path / "program.py").write_text(PROGRAM.format(end=f"sys.stdout.flush(); {end}"), "utf-8")
    (tmp_path / "beside.py").touch()
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    arguments = [*start, "an option", "ü"]
    ours = preloaded_python.run(arguments, cwd=tmp_path, env=environment)
    expected = subprocess.run(
        [sys.executable, *arguments],
        stdin=subprocess.DEVNULL,
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ours.stderr == expected.stderr
    assert ours.stdout == expected.stdout
    assert ours.returncode == expected.returncode


def test_a_fork_has_imported_nothing_of_the_project(preloaded_python, tmp_path):
    (tmp_path / "program.py").write_text("import sys; print(*sys.modules)")
    printed = preloaded_python.run(["program.py"], cwd=tmp_path, env={}).stdout.split()
    assert "sys" in printed
    assert not [name for name in printed if name.partition(".")[0] in ("app", "ddrm_core", "tests")]
