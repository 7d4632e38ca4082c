"""Addresses of stores: the ones that are refused, what errors do not repeat, and hostile keys."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ddrm_core.batch.stores.address import (
    StoreAddress,
    StoreScheme,
    escape_controls,
    find_key_problem,
    is_store_address,
    parse_store_address,
)
from ddrm_core.batch.stores.reasons import AddressProblem, InvalidStoreAddress, KeyProblem
from ddrm_core.messages import Message

NAME_BYTES = 255


def refuse(text: str) -> InvalidStoreAddress:
    with pytest.raises(InvalidStoreAddress) as caught:
        parse_store_address(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "scheme", "bucket", "prefix"),
    [
        ("s3://scans", StoreScheme.S3, "scans", ""),
        ("s3://scans/", StoreScheme.S3, "scans", ""),
        ("S3://scans/2019/", StoreScheme.S3, "scans", "2019"),
        ("gs://my_scans.example/süß/a b", StoreScheme.GOOGLE, "my_scans.example", "süß/a b"),
        ("az://container/x@y:z=1", StoreScheme.AZURE, "container", "x@y:z=1"),
    ],
)
def test_addresses_of_three_kinds_of_stores(text, scheme, bucket, prefix):
    address = parse_store_address(text)
    assert address == StoreAddress(scheme, bucket, prefix)
    assert parse_store_address(str(address)) == address
    assert address.name == (prefix.split("/")[-1] or bucket)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("memory://bucket/a", AddressProblem.SCHEME),
        ("file:///home", AddressProblem.SCHEME),
        ("https://bucket.s3.amazonaws.com/a", AddressProblem.SCHEME),
        ("bucket/a", AddressProblem.SCHEME),
        ("s3:/bucket/a", AddressProblem.SLASHES),
        ("GS:bucket", AddressProblem.SLASHES),
        ("az:", AddressProblem.SLASHES),
        ("simplecache::s3://bucket/a", AddressProblem.CHAIN),
        ("s3://bucket/a.zip::zip://", AddressProblem.CHAIN),
        ("s3://", AddressProblem.BUCKET),
        ("s3:///a", AddressProblem.BUCKET),
        ("s3://..", AddressProblem.BUCKET),
        ("s3://b ü/a", AddressProblem.BUCKET),
        ("s3://bucket//a", AddressProblem.EMPTY_PART),
        ("s3://bucket/a//", AddressProblem.EMPTY_PART),
        ("s3://bucket/a/../b", AddressProblem.DOTS),
        ("s3://bucket/./a", AddressProblem.DOTS),
        ("s3://bucket/a\nb", AddressProblem.CONTROL_CHARACTER),
        ("s3://bucket/a\u2028b", AddressProblem.CONTROL_CHARACTER),
        ("s3://bucket/a\\b", AddressProblem.BACKSLASH),
    ],
)
def test_other_addresses_are_refused_in_one_line(text, problem):
    error = refuse(text)
    assert error.problem is problem
    assert len(str(error).splitlines()) == 1


@pytest.mark.parametrize(
    "text",
    [
        "s3://AKIA1:hidden@bucket/a",
        "s3://hidden@bucket",
        "az://container@account.hidden/a",
        "s3://user:hid/hidden@bucket/a",
        "s3://bucket/a?secret=hidden",
        "s3://bucket/a#hidden",
        "https://user:hidden@host/a",
        "https://host/a?sig=hidden",
        "simplecache::s3://u:hidden@bucket/a",
        "s3:/user:hidden@bucket/a",
        "gs:hidden@bucket",
        "az:container?sig=hidden",
    ],
)
def test_credentials_are_refused_and_not_repeated(text):
    assert "hidden" not in str(refuse(text))


def test_a_folder_of_windows_is_no_address():
    assert is_store_address("s3://bucket")
    assert is_store_address("simplecache::s3://bucket")
    assert is_store_address("file:///home")
    for text in ("s3:/bucket", "S3:bucket", "gs:", "az:/a"):
        assert is_store_address(text)
    for text in (
        "C://scans",
        "C:/scans",
        "./s3:/a",
        "s3",
        "as3:/b",
        "scans",
        "/home/s3://a",
        "./s3://a",
        "",
        "-",
    ):
        assert not is_store_address(text)


@given(
    st.lists(st.text("ab.-_ä ", min_size=1).filter(lambda p: p.strip(".")), min_size=1),
    st.text("abc/", min_size=1),
)
def test_a_key_in_a_folder_is_found_again(parts, relative_key):
    address = StoreAddress(StoreScheme.S3, "bucket", "/".join(parts))
    key = address.build_key(relative_key)
    assert address.find_relative_key(key) == relative_key
    assert str(address).endswith(address.prefix)
    with pytest.raises(ValueError, match="not in"):
        address.find_relative_key(f"x{key}")


def test_a_folder_contains_itself_and_its_folders_only():
    folder = parse_store_address("s3://bucket/in")
    assert folder.contains(folder)
    assert folder.contains(parse_store_address("s3://bucket/in/out"))
    assert parse_store_address("s3://bucket").contains(folder)
    for text in ("s3://bucket", "s3://bucket/in2", "s3://other/in", "gs://bucket/in"):
        assert not folder.contains(parse_store_address(text))


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        ("/a.jpg", KeyProblem.ABSOLUTE),
        ("//a.jpg", KeyProblem.ABSOLUTE),
        ("a//b.jpg", KeyProblem.EMPTY_PART),
        ("../a.jpg", KeyProblem.DOTS),
        ("a/../../b.jpg", KeyProblem.DOTS),
        ("a/./b.jpg", KeyProblem.DOTS),
        ("a/..", KeyProblem.DOTS),
        ("a\0.jpg", KeyProblem.CONTROL_CHARACTER),
        ("a\n.jpg", KeyProblem.CONTROL_CHARACTER),
        ("a\x7f\x85.jpg", KeyProblem.CONTROL_CHARACTER),
        ("..\\a.jpg", KeyProblem.BACKSLASH),
        ("ä" * 126 + ".jpg", Message(KeyProblem.LONG_NAME, {"count": NAME_BYTES})),
    ],
)
def test_hostile_keys_are_no_paths(key, problem):
    assert find_key_problem(key, NAME_BYTES) == problem


@given(st.text(min_size=1))
def test_a_key_without_a_problem_stays_inside_the_folder(key):
    """The system's own rules for paths lead to a path directly below the folder."""
    if find_key_problem(key, NAME_BYTES) is None:
        path = os.path.normpath(os.path.join("/folder", key))
        assert path == f"/folder/{key}"


@pytest.mark.skipif(os.name == "nt", reason="Windows does not allow these names")
def test_names_that_only_windows_reserves_are_paths():
    assert find_key_problem("con/aux.jpg", NAME_BYTES) is None
    assert find_key_problem("...jpg/a: b?.jpg", NAME_BYTES) is None


def test_an_address_is_shown_in_one_line():
    address = StoreAddress(StoreScheme.S3, "bucket", "süß")
    assert address.format_object("a\nb\x1b[2J.jpg") == r"s3://bucket/süß/a\nb\x1b[2J.jpg"
    assert escape_controls("トリップ é") == "トリップ é"
