"""The test of an installation: `ddrm-restore --self-test`."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from app.cli.self_test import SelfTestFailed, list_steps
from tests.support.paths import ROOT


def test_the_repository_passes_the_self_test_from_any_folder(tmp_path):
    """Each step is `ok`, and nothing is left in the user's folders."""
    home = tmp_path / "home"
    home.mkdir()
    ended = subprocess.run(
        [sys.executable, "-m", "app", "--self-test"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(home), "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = ended.stdout.splitlines()
    assert (ended.returncode, [x for x in lines if x.startswith("FAILED")]) == (0, [])
    assert len([x for x in lines if x.startswith("ok ")]) >= 8
    assert list(tmp_path.rglob("*")) == [home]


def test_a_step_fails_where_its_command_does(tmp_path):
    steps = [step for step in list_steps(tmp_path, lambda _: 3) if "verify" in step.name]
    assert len(steps) == 4
    for step in steps:
        with pytest.raises(SelfTestFailed, match="restore ended with status 3"):
            step.run()
