"""The batch command with several worker processes: options and Ctrl+C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from PIL import Image

from app.cli.batch.worker_options import WorkerOptions
from ddrm_core.errors import InvalidSetting


@pytest.mark.parametrize("text", ["0", "-1", "257", "two", "1.5", "", "²", "9" * 40])
def test_the_number_of_workers_is_checked(run, tmp_path, text):
    with pytest.raises(InvalidSetting):
        WorkerOptions(workers=text)
    ended = run("batch", tmp_path, "-o", tmp_path / "out", "--workers", text)
    assert ended.exit_code == 2
    assert "Allowed: 1 to 256, or auto." in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_one_worker_is_the_default():
    assert WorkerOptions().count == 1
    assert WorkerOptions(workers="7").count == 7
    assert WorkerOptions(workers="auto").count is None


@pytest.mark.skipif(sys.platform == "win32", reason="sends POSIX signals")
def test_ctrl_c_ends_all_workers_and_leaves_whole_files(tmp_path: Path, original):
    """Ctrl+C of a terminal reaches the program and its workers alike."""
    folder, output = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for number in range(6):
        picture: Image.Image = original.rotate(number).resize((64, 48))
        picture.save(folder / f"{number}.jpg", quality=10)
    options = ("batch", folder, "-o", output, "--prior", "compact", "--preset", "fast")
    slow = [*map(str, options), "--steps", "30", "--workers", "2"]
    with subprocess.Popen(
        [sys.executable, "-m", "app", *slow], stderr=subprocess.PIPE, text=True, process_group=0
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "restored in" in line:
                break
        children = psutil.Process(process.pid).children(recursive=True)
        os.killpg(process.pid, signal.SIGINT)
        assert "Stopped." in process.stderr.read()
    assert process.returncode == 130
    assert len(children) >= 2
    gone, alive = psutil.wait_procs(children, timeout=20)
    assert (len(gone), alive) == (len(children), [])
    left = [path.name for path in output.iterdir()]
    assert [name for name in left if name.endswith(".part")] == []
    assert len([name for name in left if name.endswith(".png")]) in range(1, 6)
