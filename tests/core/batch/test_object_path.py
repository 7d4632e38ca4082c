"""Paths of objects show their address, keep it through every operation, and open no file."""

from __future__ import annotations

import copy
import os
from pathlib import Path

import pytest

from ddrm_core.batch.object_path import ObjectPath

FOLDER = ObjectPath("s3://bucket/x y")
PHOTO = FOLDER / "süb" / "photo.jpg"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (PHOTO, "s3://bucket/x y/süb/photo.jpg"),
        (PHOTO.parent, "s3://bucket/x y/süb"),
        (PHOTO.with_suffix(".png"), "s3://bucket/x y/süb/photo.png"),
        (PHOTO.with_name("b.tif"), "s3://bucket/x y/süb/b.tif"),
        (PHOTO.relative_to(FOLDER), "süb/photo.jpg"),
        (FOLDER / PHOTO.relative_to(FOLDER), "s3://bucket/x y/süb/photo.jpg"),
        (FOLDER.parent, "s3://bucket"),
        ((FOLDER / "12:" / "a.jpg").relative_to(FOLDER), "12:/a.jpg"),
        (copy.deepcopy(PHOTO), "s3://bucket/x y/süb/photo.jpg"),
    ],
)
def test_a_path_made_from_an_address_is_the_address(path, text):
    assert (str(path), path.as_posix(), type(path)) == (text, text, ObjectPath)
    assert path == ObjectPath(text)
    assert hash(path) == hash(ObjectPath(text))


@pytest.mark.skipif(os.name == "nt", reason="a backslash separates folders on Windows")
def test_a_backslash_in_a_name_is_no_slash():
    path = FOLDER / "a\\b.jpg"
    assert (str(path), path.name) == ("s3://bucket/x y/a\\b.jpg", "a\\b.jpg")
    assert (
        path.relative_to(FOLDER).as_posix() != (FOLDER / "a/b.jpg").relative_to(FOLDER).as_posix()
    )


@pytest.mark.parametrize("access", [Path.exists, Path.read_bytes, Path.mkdir, Path.resolve])
def test_no_operation_of_the_file_system_takes_the_address_for_a_file(access):
    with pytest.raises(TypeError, match="is not in the file system"):
        access(PHOTO)
