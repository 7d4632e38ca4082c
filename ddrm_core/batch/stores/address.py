"""Addresses of object stores, such as s3://bucket/folder, and keys of objects as paths."""

from __future__ import annotations

import os
import re
import tempfile
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from ddrm_core.batch.name_template import is_forbidden_on_windows
from ddrm_core.batch.stores.reasons import AddressProblem, InvalidStoreAddress, KeyProblem
from ddrm_core.messages import Description, Message

# Two letters at least, because "C://" is a folder of Windows.
_ADDRESS_START = re.compile(r"[A-Za-z][A-Za-z0-9+.:_-]+://")
# Typed with one slash or without any, and what `Path` makes of an address.
_STORE_SCHEME_START = re.compile(r"(?:s3|gs|az):", re.IGNORECASE)
# The rules of Amazon, Google and Microsoft in common, and the underscore of older buckets.
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,221}")
# Control characters, line and paragraph separators, and halves of characters.
_CONTROL_CATEGORIES = frozenset({"Cc", "Zl", "Zp", "Cs"})
_USUAL_NAME_BYTES = 255


class StoreScheme(StrEnum):
    """A kind of object store by the scheme of its addresses."""

    S3 = "s3"
    GOOGLE = "gs"
    AZURE = "az"
    MEMORY = "memory"
    """Objects in the memory of this process, for tests; no text is parsed to it."""


_PARSED_SCHEMES = (StoreScheme.S3, StoreScheme.GOOGLE, StoreScheme.AZURE)


@dataclass(frozen=True, slots=True)
class StoreAddress:
    """The address of a bucket or of a folder in it, validated on creation.

    Attributes:
        scheme: Kind of the object store.
        bucket: Name of the bucket; of the container, for Azure.
        prefix: Key of the folder, without slashes at its ends; empty for the bucket itself.
    """

    scheme: StoreScheme
    bucket: str
    prefix: str = ""

    def __post_init__(self) -> None:
        """Raise InvalidStoreAddress for a bucket or a prefix that no address can have."""
        problem: Description | None = None
        if _BUCKET.fullmatch(self.bucket) is None:
            problem = AddressProblem.BUCKET
        elif self.prefix:
            problem = _find_prefix_problem(self.prefix)
        if problem is not None:
            raise InvalidStoreAddress(escape_controls(str(self)), problem)

    def __str__(self) -> str:
        return f"{self.scheme.value}://{self.bucket}" + (f"/{self.prefix}" if self.prefix else "")

    @property
    def name(self) -> str:
        """Name of the folder: the last part of the prefix, or the name of the bucket."""
        return self.prefix.rpartition("/")[2] or self.bucket

    def build_key(self, relative_key: str) -> str:
        """Return the key in the bucket of an object or a folder, given relative to this folder."""
        return f"{self.prefix}/{relative_key}" if self.prefix else relative_key

    def find_relative_key(self, key: str) -> str:
        """Return a key relative to this folder. Raise ValueError if it is not in this folder."""
        start = f"{self.prefix}/" if self.prefix else ""
        if not key.startswith(start):
            raise ValueError(f"{key!r} is not in {self}")
        return key[len(start) :]

    def format_object(self, relative_key: str) -> str:
        """Return the address of an object in one line; control characters become escapes."""
        base = f"{self.scheme.value}://{self.bucket}/"
        return escape_controls(base + self.build_key(relative_key))

    def contains(self, other: StoreAddress) -> bool:
        """Return whether `other` is this folder or a folder inside it."""
        is_below = not self.prefix or f"{other.prefix}/".startswith(f"{self.prefix}/")
        return (self.scheme, self.bucket) == (other.scheme, other.bucket) and is_below


def is_store_address(text: str) -> bool:
    """Return whether a text begins with SCHEME://, or with the scheme of a store and a colon.

    Such a text is not used as the path of a file, so that "s3:/bucket" makes no folder "s3:".
    """
    return any(start.match(text) for start in (_ADDRESS_START, _STORE_SCHEME_START))


def parse_store_address(text: str) -> StoreAddress:
    """Return the address that a text stands for, such as "s3://bucket/folder".

    Raises:
        InvalidStoreAddress: If the scheme is not s3, gs or az, or if the text is a chain, lacks a
            slash, holds credentials or is invalid. The error does not repeat credentials.
    """
    scheme_text, separator, rest = text.partition("://")
    problem: AddressProblem | None = None
    if "::" in text:
        problem = AddressProblem.CHAIN
    elif not separator and _STORE_SCHEME_START.match(text):
        problem = AddressProblem.SLASHES
    elif not separator or scheme_text.lower() not in _PARSED_SCHEMES:
        problem = AddressProblem.SCHEME
    elif _holds_credentials(rest):
        problem = AddressProblem.CREDENTIALS
    if problem is not None:
        raise InvalidStoreAddress(hide_credentials(text), problem)
    bucket, _, prefix = rest.partition("/")
    return StoreAddress(StoreScheme(scheme_text.lower()), bucket, prefix.removesuffix("/"))


def find_key_problem(relative_key: str, max_name_bytes: int) -> Description | None:
    """Return why an object's key cannot be a path relative to a folder, None if it can be.

    Args:
        relative_key: Key of the object relative to the folder of the images.
        max_name_bytes: Number of bytes that the file system allows for a name.
    """
    parts = relative_key.split("/")
    if relative_key.startswith("/"):
        return KeyProblem.ABSOLUTE
    if "" in parts:
        return KeyProblem.EMPTY_PART
    if "." in parts or ".." in parts:
        return KeyProblem.DOTS
    if has_control_character(relative_key):
        return KeyProblem.CONTROL_CHARACTER
    if "\\" in relative_key:
        return KeyProblem.BACKSLASH
    if max(len(part.encode()) for part in parts) > max_name_bytes:
        return Message(KeyProblem.LONG_NAME, {"count": max_name_bytes})
    if os.name == "nt" and any(map(is_forbidden_on_windows, parts)):
        return KeyProblem.WINDOWS_NAME
    return None


@cache
def find_max_name_bytes() -> int:
    """Return how long a name may be where the temporary copies of objects are."""
    try:
        return os.pathconf(tempfile.gettempdir(), "PC_NAME_MAX")
    except (AttributeError, OSError, ValueError):  # Windows has no such function
        return _USUAL_NAME_BYTES


def has_control_character(text: str) -> bool:
    """Return whether a text has a control character or a line separator."""
    return any(unicodedata.category(character) in _CONTROL_CATEGORIES for character in text)


def escape_controls(text: str) -> str:
    """Return a text in one line: control characters and line separators become escapes."""
    return "".join(
        ascii(character)[1:-1]
        if unicodedata.category(character) in _CONTROL_CATEGORIES
        else character
        for character in text
    )


def hide_credentials(text: str) -> str:
    """Return an address in one line with "***" in place of everything that may be a secret."""
    start, separator, rest = text.partition("://" if "://" in text else ":")
    if any(character in rest for character in "@:"):
        return escape_controls(f"{start}{separator}***")
    shown = re.split("[?#]", text, maxsplit=1)[0]
    return escape_controls(shown if shown == text else f"{shown}?***")


def _find_prefix_problem(prefix: str) -> AddressProblem | None:
    parts = prefix.split("/")
    if "" in parts:
        return AddressProblem.EMPTY_PART
    if "." in parts or ".." in parts:
        return AddressProblem.DOTS
    if has_control_character(prefix):
        return AddressProblem.CONTROL_CHARACTER
    if "\\" in prefix:
        return AddressProblem.BACKSLASH
    return None


def _holds_credentials(rest: str) -> bool:
    """Return whether the part behind the scheme has a user, a password, a query or a fragment."""
    bucket = rest.partition("/")[0]
    return any(character in bucket for character in "@:") or any(c in rest for c in "?#")
