"""A name is given to one file, with and without hard links, also if programs are killed."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ddrm_core.errors import OutputExists
from ddrm_core.files import free_names
from ddrm_core.files.atomic_write import atomic_writer, remove_leftover_files
from ddrm_core.files.exclusive_rename import ExclusiveRenameUnsupported, rename_exclusively
from ddrm_core.files.free_names import move_to_free_name
from ddrm_core.files.name_claims import hold_claim, take_name_by_empty_file

fcntl = pytest.importorskip("fcntl", reason="Windows takes names by its rename")

SYSTEMS = ("link", "rename", "creation")
"""The operations by which names are taken: the first, the second and the last choice."""

# The file systems of the tests have the first two operations.
LIMIT_SYSTEM = """
import errno, itertools, os, sys
from pathlib import Path
from ddrm_core.files import free_names
from ddrm_core.files.exclusive_rename import ExclusiveRenameUnsupported
system, root = sys.argv[1], Path(sys.argv[2])
def link(*_, **__):
    raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))
def rename(*_):
    raise ExclusiveRenameUnsupported
if system != "link":
    os.link = link
if system == "creation":
    free_names.rename_exclusively = rename
"""
RACE = """
word = sys.argv[3]
parts = [root / f".{number}.{word}.part" for number in range(200)]
for part in parts:
    part.write_text(word)
print("ready", flush=True)
input()
for number, part in enumerate(parts):
    for suffix in ("", " (2)"):
        try:
            free_names.move_to_free_name(part, root / f"{number}{suffix}", durably=False)
            break
        except FileExistsError:
            pass
"""
KILL_AT_EACH_STEP = """
EVENTS = {"open", "os.link", "os.remove", "os.rename", "os.truncate", "fcntl.flock"}
for number in range(50):
    folder = root / str(number)
    folder.mkdir()
    part = folder / ".a.png.abcdefgh.part"
    part.write_bytes(b"whole")
    process_id = os.fork()
    if process_id == 0:
        steps = itertools.count()
        def kill(event, _):
            if event in EVENTS and next(steps) == number:
                os.kill(os.getpid(), 9)
        sys.addaudithook(kill)
        free_names.move_to_free_name(part, folder / "a.png", durably=False)
        os._exit(0)
    _, status = os.waitpid(process_id, 0)
    if os.WIFEXITED(status):
        print(number, os.WEXITSTATUS(status))
        break
"""


def start(script: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", LIMIT_SYSTEM + script, *map(str, arguments)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def refuse_link(*_: object, **__: object) -> None:
    raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))


def refuse_rename(*_: object) -> None:
    raise ExclusiveRenameUnsupported


@pytest.fixture(params=SYSTEMS)
def system(request, monkeypatch) -> None:
    """Refuse the operations that come before one of `SYSTEMS`."""
    if request.param != "link":
        monkeypatch.setattr(os, "link", refuse_link)
    if request.param == "creation":
        monkeypatch.setattr(free_names, "rename_exclusively", refuse_rename)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.usefixtures("system")
def test_a_free_name_is_taken(tmp_path):
    part = tmp_path / "part"
    part.write_bytes(b"new")
    move_to_free_name(part, tmp_path / "a.png")
    assert files(tmp_path) == {"a.png": b"new"}


@pytest.mark.usefixtures("system")
@pytest.mark.parametrize("old", [b"", b"old"])
def test_another_file_keeps_its_name(tmp_path, old):
    path = tmp_path / "a.png"
    path.write_bytes(old)
    with pytest.raises(OutputExists), atomic_writer(path, overwrite=False) as part:
        part.write_bytes(b"new")
    assert files(tmp_path) == {"a.png": old}


@pytest.mark.parametrize("last", SYSTEMS[1:])
def test_a_file_that_appears_during_the_move_is_not_replaced(tmp_path, monkeypatch, last):
    part, path = tmp_path / "part", tmp_path / "a.png"
    part.write_bytes(b"new")

    def refuse_link_late(*_: object, **__: object) -> None:
        path.write_bytes(b"foreign")
        refuse_link()

    def refuse_rename_late(*_: object) -> None:
        path.write_bytes(b"foreign")
        refuse_rename()

    monkeypatch.setattr(os, "link", refuse_link_late if last == "rename" else refuse_link)
    if last == "creation":
        monkeypatch.setattr(free_names, "rename_exclusively", refuse_rename_late)
    with pytest.raises(FileExistsError):
        move_to_free_name(part, path)
    assert files(tmp_path) == {"part": b"new", "a.png": b"foreign"}


def test_a_link_whose_answer_was_lost_is_recognized(tmp_path, monkeypatch):
    """A network share repeats the request, and reports the name as taken."""
    part, link = tmp_path / "part", os.link
    part.write_bytes(b"new")

    def link_twice(*arguments, **options) -> None:
        link(*arguments, **options)
        link(*arguments, **options)

    monkeypatch.setattr(os, "link", link_twice)
    move_to_free_name(part, tmp_path / "a.png")
    assert files(tmp_path) == {"a.png": b"new"}


def test_a_refused_replacement_leaves_no_empty_file(tmp_path, monkeypatch):
    part = tmp_path / "part"
    part.write_bytes(b"new")
    monkeypatch.setattr(os, "link", refuse_link)
    monkeypatch.setattr(free_names, "rename_exclusively", refuse_rename)
    monkeypatch.setattr(os, "replace", refuse_link)
    with pytest.raises(PermissionError):
        move_to_free_name(part, tmp_path / "a.png")
    assert files(tmp_path) == {"part": b"new"}


@pytest.mark.parametrize("system", SYSTEMS)
def test_of_two_processes_one_gets_each_name_and_the_other_the_next(tmp_path, system):
    racers = [start(RACE, system, tmp_path, word) for word in "ab"]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("\n")
        racer.stdin.flush()
    for racer in racers:
        racer.communicate()
        assert racer.returncode == 0
    found = files(tmp_path)
    names = [str(number) for number in range(200)]
    assert sorted(found) == sorted([*names, *(f"{name} (2)" for name in names)])
    assert all({found[name], found[f"{name} (2)"]} == {b"a", b"b"} for name in names)


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_program_that_is_killed_at_any_step_leaves_nothing_half_written(tmp_path, system):
    """The file is there under one of its names, and no empty file after the next start."""
    process = start(KILL_AT_EACH_STEP, system, tmp_path)
    kill_count, status = map(int, process.communicate()[0].split())
    assert kill_count >= {"link": 2, "rename": 3, "creation": 6}[system]
    assert status == 0
    for number in range(kill_count):
        folder = tmp_path / str(number)
        remove_leftover_files(folder)
        found = files(folder)
        assert set(found) <= {"a.png", ".a.png.abcdefgh.part"}
        assert set(found.values()) == {b"whole"}


def test_the_claim_of_a_running_program_stays(tmp_path):
    path = tmp_path / "a.png"
    with hold_claim(path) as descriptor:
        take_name_by_empty_file(path, descriptor)
        remove_leftover_files(tmp_path)
        assert len(files(tmp_path)) == 2
    assert files(tmp_path) == {"a.png": b""}


def test_without_locks_an_abandoned_claim_is_removed_after_a_day(tmp_path, monkeypatch):
    def refuse_lock(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refuse_lock)
    path = tmp_path / "a.png"
    with hold_claim(path) as descriptor:
        take_name_by_empty_file(path, descriptor)
        (claim,) = {found for found in tmp_path.iterdir() if found != path}
        abandoned = claim.read_bytes()
    claim.write_bytes(abandoned)
    remove_leftover_files(tmp_path)
    assert set(files(tmp_path)) == {path.name, claim.name}
    os.utime(claim, (claim.stat().st_mtime - 90_000,) * 2)
    remove_leftover_files(tmp_path)
    assert files(tmp_path) == {}


def test_a_claim_removes_no_file_of_another_name(tmp_path):
    path = tmp_path / "a.png"
    path.touch()
    with hold_claim(path) as descriptor:
        (claim,) = {found for found in tmp_path.iterdir() if found != path}
        os.write(descriptor, b"b.png")
        content = claim.read_bytes()
    (tmp_path / "b.png").touch()
    claim.write_bytes(content)
    remove_leftover_files(tmp_path)
    assert set(files(tmp_path)) == {"a.png", "b.png"}


def test_an_exclusive_rename_reports_a_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        rename_exclusively(tmp_path / "missing", tmp_path / "a.png")
    assert files(tmp_path) == {}


def test_an_exclusive_rename_between_folders(tmp_path):
    (tmp_path / "a").mkdir()
    path = tmp_path / "süd €"
    path.write_bytes(b"new")
    rename_exclusively(path, tmp_path / "a" / "süd €")
    assert files(tmp_path / "a") == {"süd €": b"new"}
