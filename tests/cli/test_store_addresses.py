"""Addresses of object stores on the command line: the ones that are refused, with what to do."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty working folder, in which relative paths would be created."""
    folder = tmp_path / "working"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("restore s3://bucket/a.jpg", "IMAGE"),
        ("restore {photo} S3://bucket/a.jpg", "IMAGE"),
        ("restore {photo} -o gs://bucket/a.png", "--output"),
        ("restore {photo} --like s3://bucket/a.png", "--like"),
        ("inspect az://container/scans", "IMAGE"),
        ("inspect {photo} --report s3://bucket/facts.csv", "--report"),
        ("dequantize s3://bucket/a.png", "IMAGE"),
        ("verify s3://bucket/a.png --against {photo}", "RESULT"),
        ("verify {photo} --against s3://bucket/a.jpg", "--against"),
        ("verify {photo} --against {photo} --map s3://bucket/map.png", "--map"),
        ("evaluate s3://bucket/originals -o figures", "FOLDER"),
        ("batch {folder} -o out --report s3://bucket/rows.csv", "--report"),
        ("batch {folder} --replace-originals s3://bucket/originals", "--replace-originals"),
        ("batch s3://bucket/scans --replace-originals originals", "--replace-originals"),
        ("batch s3://bucket/scans --undo", "--undo"),
        ("batch s3://bucket/scans -o out --watch", "--watch"),
        ("batch {folder} -o s3://bucket/out --watch", "--watch"),
    ],
)
def test_an_address_in_place_of_a_path_is_wrong_usage(run, photo, working_folder, command, name):
    """Nothing is written, also not to a folder "s3:" of the working folder."""
    before = photo.read_bytes()
    words = [word.format(photo=photo, folder=photo.parent) for word in command.split()]
    ended = run(*words)
    assert (ended.exit_code, ended.stdout) == (2, "")
    (line,) = ended.stderr.splitlines()
    assert line.startswith(f"Error: {name} cannot be ")
    assert "of this machine" in line
    assert list(working_folder.iterdir()) == []
    assert photo.read_bytes() == before


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("https://bucket.s3.amazonaws.com/scans", "only s3://, gs:// and az:// are supported"),
        ("file:///home/scans", "only s3://, gs:// and az:// are supported"),
        ("simplecache::s3://bucket/scans", "chains with :: are not supported"),
        ("s3:/bucket/scans", "two slashes must follow the scheme"),
        ("gs:bucket", "two slashes must follow the scheme"),
        ("s3://id:secret@bucket/scans", "must not hold a user, a password, a key or a query"),
        ("s3://bucket//scans", "a part between two slashes is empty"),
        ("s3:///scans", "the name of the bucket is missing or invalid"),
    ],
)
def test_an_invalid_address_is_wrong_usage(run, photo, working_folder, address, reason):
    for arguments in ((address, "-o", "out"), (photo.parent, "-o", address)):
        ended = run("batch", *arguments)
        assert (ended.exit_code, ended.stdout) == (2, "")
        (line,) = ended.stderr.splitlines()
        assert reason in line
        assert "s3://bucket/folder" in line
        assert "secret" not in line
        assert list(working_folder.iterdir()) == []


@pytest.mark.parametrize("option", ["--report", "--replace-originals"])
def test_credentials_in_place_of_a_path_are_not_repeated(run, photo, option):
    ended = run("batch", photo.parent, option, "s3://id:secret@bucket/rows.csv")
    assert ended.exit_code == 2
    assert f"Error: {option} cannot be s3://***. " in ended.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no name has a colon")
def test_a_folder_with_the_name_of_a_scheme_is_named_by_its_path(run, working_folder):
    (working_folder / "s3:").mkdir()
    ended = run("batch", "./s3:", "-o", "out")
    assert (ended.exit_code, "s3: contains no JPEGs" in ended.stderr) == (0, True)
