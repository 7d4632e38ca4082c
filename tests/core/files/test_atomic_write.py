"""Atomic writes are complete and never replace another file."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time

import pytest

from ddrm_core.errors import OutputExists
from ddrm_core.files.atomic_write import atomic_writer, remove_leftover_files
from tests.support.batch_results import contents

RACER = """
import sys
from pathlib import Path
from ddrm_core.errors import OutputExists
from ddrm_core.files.atomic_write import atomic_writer
folder, word = Path(sys.argv[1]), sys.argv[2]
won = 0
for number in range(200):
    try:
        with atomic_writer(folder / f"{number}.txt", overwrite=False) as part:
            part.write_text(word)
        won += 1
    except OutputExists:
        pass
print(won)
"""


def test_of_two_processes_one_gets_a_free_name(tmp_path):
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, str(tmp_path), word], stdout=subprocess.PIPE, text=True
        )
        for word in "ab"
    ]
    won = {word: int(one.communicate()[0]) for word, one in zip("ab", racers, strict=True)}
    texts = [path.read_text() for path in tmp_path.iterdir()]
    assert len(texts) == 200
    assert {word: texts.count(word) for word in "ab"} == won


@pytest.mark.parametrize("there", [False, True])
def test_a_file_system_without_links(tmp_path, monkeypatch, there):
    def refused(*_, **__):
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refused)
    path = tmp_path / "a.png"
    if not there:
        with atomic_writer(path, overwrite=False) as part:
            part.write_bytes(b"new")
        assert contents(tmp_path) == {"a.png": b"new"}
        return
    path.write_bytes(b"old")
    with pytest.raises(OutputExists), atomic_writer(path, overwrite=False) as part:
        part.write_bytes(b"new")
    assert contents(tmp_path) == {"a.png": b"old"}


@pytest.mark.parametrize("overwrite", [False, True])
def test_an_interruption_behind_the_rename_stays_an_interruption(tmp_path, monkeypatch, overwrite):
    """Ctrl+C is pressed when the result has its name, and must end the batch."""
    replace, link = os.replace, os.link

    def interrupt_replace(source, target):
        replace(source, target)
        raise KeyboardInterrupt

    def interrupt_link(source, target, **options):
        link(source, target, **options)
        os.unlink(source)
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt_replace)
    monkeypatch.setattr(os, "link", interrupt_link)
    with (
        pytest.raises(KeyboardInterrupt),
        atomic_writer(tmp_path / "a.png", overwrite=overwrite) as path,
    ):
        path.write_text("whole")
    assert contents(tmp_path) == {"a.png": b"whole"}


def test_what_another_user_has_left_in_a_folder_is_left(tmp_path, monkeypatch):
    """A folder with the sticky bit protects it; all other leftovers are deleted."""
    names = [f".{letter}.png.abcdefgh.part" for letter in "abc"]
    for name in names:
        (tmp_path / name).touch()
    unlink, now = os.unlink, (tmp_path / names[-1]).stat().st_mtime

    def refuse_one(path, **options):
        if os.path.basename(path) == names[1]:
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), path)
        unlink(path, **options)

    monkeypatch.setattr(os, "unlink", refuse_one)
    monkeypatch.setattr(time, "time", lambda: now + 700)
    remove_leftover_files(tmp_path)
    assert os.listdir(tmp_path) == [names[1]]
