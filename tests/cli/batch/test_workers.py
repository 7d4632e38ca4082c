"""The batch command with several worker processes: parts, options and Ctrl+C."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from PIL import Image

from app.cli.batch.worker_options import WorkerOptions
from ddrm_core.batch.manifest.lines import MACHINES_FOLDER_NAME, MANIFEST_NAME
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


def test_a_batch_in_a_folder_of_the_network_has_a_manifest_of_its_machine(
    run, tmp_path: Path, original, monkeypatch
):
    """The batch reads the manifest that all machines had before, too."""
    folder, output = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    options = ("batch", folder, "-o", output, "--preset", "fast", "--steps", 1, "--samples", 1)
    for number in range(2):
        original.resize((27, 19)).rotate(90 * number).save(folder / f"{number}.jpg", quality=20)
        assert "1 restored" in run(*options).stdout
        monkeypatch.setattr("ddrm_core.batch.manifest.driver.is_on_network", output.__eq__)
    assert (output / MANIFEST_NAME).read_bytes().count(b"target") == 1
    (own_file,) = (output / MACHINES_FOLDER_NAME).iterdir()
    lines = [line for line in own_file.read_bytes().splitlines() if line]
    assert [json.loads(line)["target"] for line in lines] == ["1_restored.png"]
    assert "2 done before" in run(*options).stdout


def test_parts_of_a_folder_make_one_folder_of_results(run, tmp_path: Path, original):
    """Each part restores its own files; two files with one target fail in their parts."""
    folder, output = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for number in range(6):
        original.resize((27, 19)).rotate(30 * number).save(folder / f"{number}.jpg", quality=20)
    (folder / "5.jpeg").write_bytes((folder / "5.jpg").read_bytes())
    options = (folder, "-o", output, "--preset", "fast", "--steps", 1, "--samples", 1)
    planned = run("batch", *options, "--shard", "1/1", "--dry-run", "--json-lines")
    plan_end = json.loads(planned.stdout.splitlines()[-1])
    assert (planned.exit_code, plan_end["restore"], plan_end["fail"]) == (1, 5, 2)
    assert planned.stderr.count("would have the same result. Rename one of them.") == 2
    assert not output.exists()
    ends = [run("batch", *options, "--shard", f"{part}/3") for part in (1, 2, 3)]
    names = sorted(path.name for path in output.glob("*.png"))
    assert names == [f"{number}_restored.png" for number in range(5)]
    errors = [line for end in ends for line in end.stderr.splitlines() if "Error" in line]
    assert len(errors) == 2
    assert all("would have the same result. Rename one of them." in line for line in errors)
    assert {end.exit_code for end in ends} <= {0, 1}
    assert sum(end.stderr.count("restored in") for end in ends) == 5
    again = run("batch", *options, "--shard", "1/1", "--json-lines")
    start = json.loads(again.stdout.splitlines()[0])
    end = json.loads(again.stdout.splitlines()[-1])
    assert (start["files"], end["skipped"], end["failed"]) == (None, 5, 2)


@pytest.mark.parametrize("wrong", [("--shard", "3/2"), ("--shard", "1/2", "--watch")])
def test_wrong_parts_are_wrong_usage(run, tmp_path, wrong):
    ended = run("batch", tmp_path, "-o", tmp_path / "out", *wrong)
    assert ended.exit_code == 2
    assert "shard cannot be" in ended.stderr


def test_a_part_of_a_missing_folder_creates_nothing(run, tmp_path):
    ended = run("batch", tmp_path / "missing", "-o", tmp_path / "out", "--shard", "1/2")
    assert (ended.exit_code, ended.stdout) == (1, "")
    (line,) = ended.stderr.splitlines()
    assert "missing: no such file or directory" in line
    assert list(tmp_path.iterdir()) == []


def test_a_parquet_report_without_pyarrow_says_what_to_install(run, tmp_path, monkeypatch):
    """The batch does not begin: nothing is written."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)  # its import fails then
    (tmp_path / "in").mkdir()
    arguments = ("batch", tmp_path / "in", "-o", tmp_path / "out", "--prior", "compact")
    for options in (("--shard", "1/1"), ("--dry-run",), ()):
        ended = run(*arguments, "--report", tmp_path / "r.parquet", *options)
        assert (ended.exit_code, ended.stdout) == (2, "")
        (line,) = ended.stderr.splitlines()
        assert line.startswith("Error: ")
        assert ".parquet needs the package pyarrow" in line
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_a_cluster_without_ray_says_what_to_install(run, tmp_path, monkeypatch):
    """No other command imports Ray, and nothing is restored."""
    assert "ray" not in sys.modules
    monkeypatch.setitem(sys.modules, "ray", None)  # its import fails then
    folder = tmp_path / "in"
    folder.mkdir()
    ended = run("batch", folder, "-o", tmp_path / "out", "--cluster", "local")
    assert ended.exit_code == 1
    assert "Ray is not installed" in ended.stderr
    assert "`pip install ddrm-restore[cluster]`" in ended.stderr
    assert not (tmp_path / "out").exists()
