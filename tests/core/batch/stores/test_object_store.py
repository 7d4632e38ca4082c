"""Objects in memory: conditions of writes, keys that are no paths, and missing packages."""

from __future__ import annotations

import pickle
import sys
import uuid

import pytest

from ddrm_core.batch.stores.address import StoreAddress, StoreScheme, parse_store_address
from ddrm_core.batch.stores.object_store import ObjectStore
from ddrm_core.batch.stores.reasons import ObjectChanged, StoreNotInstalled
from tests.support.object_store_laws import (
    ODD_KEYS,
    check_keys,
    check_races,
    check_reads,
    check_writes,
    list_keys,
)


@pytest.fixture
def store():
    """Return an empty folder in memory beside other objects."""
    bucket = f"b{uuid.uuid4().hex}"
    ObjectStore(StoreAddress(StoreScheme.MEMORY, bucket)).create_bytes("in2/other.jpg", b"other")
    return ObjectStore(StoreAddress(StoreScheme.MEMORY, bucket, "in"))


def test_writes_keep_their_conditions(store, tmp_path):
    check_writes(store, tmp_path)


def test_reads_give_content_and_facts(store, tmp_path):
    check_reads(store, tmp_path)


def test_keys_that_are_no_paths_lead_to_their_objects(store):
    check_keys(store, (*ODD_KEYS, "/x.jpg", "a//b.jpg", "../a.jpg", "./a.jpg", "a\nb.jpg"))


def test_one_of_several_writers_creates_an_object(store):
    check_races(store, writer_count=4, round_count=20)


def test_a_store_in_memory_keeps_conditions(store):
    store.check_conditions("probe")
    assert list_keys(store) == []


def test_a_download_of_a_changing_object_leaves_no_file(store, tmp_path, monkeypatch):
    """The object is replaced after its version was read, as by another program."""
    version = store.create_bytes("a.jpg", b"old")
    (tmp_path / "new").write_bytes(b"new")
    find = ObjectStore.find

    def find_and_replace(self, key):
        found = find(self, key)
        store.replace(key, tmp_path / "new", version)
        return found

    monkeypatch.setattr(ObjectStore, "find", find_and_replace)
    with pytest.raises(ObjectChanged):
        store.download("a.jpg", tmp_path / "a.jpg")
    assert not (tmp_path / "a.jpg").exists()


def test_a_pickled_store_has_the_same_objects(store):
    store.create_bytes("a.jpg", b"content")
    other = pickle.loads(pickle.dumps(store))  # noqa: S301
    assert other.read_bytes("a.jpg") == b"content"


@pytest.mark.parametrize(
    ("address", "missing", "words"),
    [
        ("s3://bucket", "fsspec", "fsspec is not installed, and s3:// needs it"),
        ("s3://bucket", "s3fs", "s3fs is not installed, and s3:// needs it"),
        ("gs://bucket", "gcsfs", "gcsfs is not installed, and gs:// needs it"),
        ("az://container", "adlfs", "adlfs is not installed, and az:// needs it"),
    ],
)
def test_a_missing_package_is_named(monkeypatch, address, missing, words):
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(StoreNotInstalled) as caught:
        ObjectStore(parse_store_address(address))
    assert str(caught.value) == words
