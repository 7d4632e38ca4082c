"""`desktop install` and `desktop remove`."""

from __future__ import annotations

from pathlib import Path

from app.desktop.desktop_files import DESKTOP_FILES, find_program_command


def test_the_command_installs_for_the_user_and_removes(run, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    ended = run("desktop", "install")
    assert ended.exit_code == 0, ended.stderr
    written = [Path(line.removeprefix("written: ")) for line in ended.stdout.splitlines()]
    assert len(written) == len(DESKTOP_FILES)
    assert all(path.is_relative_to(tmp_path / "share") and path.is_file() for path in written)
    assert f"Exec={find_program_command()[0]} " in written[0].read_text("utf-8")
    removed = run("desktop", "remove")
    assert removed.stdout == ended.stdout.replace("written", "removed")
    assert "nothing is installed" in run("desktop", "remove").stderr


def test_a_data_folder_that_is_a_file_is_one_line(run, tmp_path, monkeypatch):
    (tmp_path / "share").write_bytes(b"")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    ended = run("desktop", "install")
    assert ended.exit_code == 1
    assert ended.stderr.startswith("Error: Cannot write ")
    assert len(ended.stderr.splitlines()) == 1


def test_other_systems_get_their_entries_elsewhere(run, monkeypatch):
    monkeypatch.setattr("sys.platform", "win32")
    for command in ("install", "remove"):
        ended = run("desktop", command)
        assert (ended.exit_code, ended.stdout) == (1, "")
        assert "docs/user/file_managers.md" in ended.stderr
