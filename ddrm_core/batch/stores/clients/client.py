"""The interface of clients to object stores, and the facts and errors that all of them use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from ddrm_core.batch.stores.reasons import StoreNotInstalled

WRITE_ID_NAME = "ddrmrestorewrite"
"""Name of the metadata with `Upload.write_id`, of letters only, which every store allows."""


class ConditionFailed(Exception):
    """The exception that the condition of a request was not met; nothing was changed."""


class ConflictingWrite(Exception):
    """The exception that a store asks to repeat a write, since another one ran beside it."""


@dataclass(frozen=True, slots=True)
class ObjectFacts:
    """The facts about an object.

    Attributes:
        key: Key of the object.
        size: Size in bytes.
        version: ETag (S3, Azure) or generation (Google) of the content; equal versions of an object
            have equal content.
        modified: Date and time of the last write.
    """

    key: str
    size: int
    version: str
    modified: datetime


@dataclass(frozen=True, slots=True)
class ObjectFolder:
    """A folder of objects: the common beginning of their keys.

    Attributes:
        key: Beginning of the keys, with a slash at its end.
    """

    key: str


@dataclass(frozen=True, slots=True)
class FoundObject:
    """An object that was looked up by its key.

    Attributes:
        facts: Facts about the object.
        write_id: `Upload.write_id` of the write that made the object, empty if unknown.
    """

    facts: ObjectFacts
    write_id: str


@dataclass(frozen=True, slots=True)
class Upload:
    """The content of an object and the condition under which it is written.

    Attributes:
        data: Content.
        content_type: Media type of the content.
        write_id: Identifier of this write, which the object keeps as metadata.
        expected_version: Version that the object must have; None if it must not exist.
    """

    data: bytes
    content_type: str
    write_id: str
    expected_version: str | None


class StoreClient(Protocol):
    """The interface to one bucket, with keys in the bucket.

    Every method raises FileNotFoundError if the bucket does not exist, PermissionError if
    credentials are missing or do not suffice, and one of `library_errors` if the store does not
    answer or refuses the request for another reason. Libraries repeat requests that failed for a
    passing reason.

    Attributes:
        library_errors: Classes of all errors that the library of the store raises.
    """

    library_errors: tuple[type[Exception], ...]

    def list_folder(self, prefix: str) -> Iterator[ObjectFacts | ObjectFolder]:
        """Yield objects and folders directly in a folder, page by page.

        Args:
            prefix: Key of the folder with a slash at its end; empty for the bucket.
        """
        ...

    def find(self, key: str) -> FoundObject | None:
        """Return an object, None if it does not exist."""
        ...

    def read_range(self, key: str, start: int, size: int, version: str) -> bytes:
        """Return at most `size` bytes from `start` of an object; both are inside the object.

        Raises:
            ConditionFailed: If the object does not have the version any more.
        """
        ...

    def put(self, key: str, upload: Upload) -> str:
        """Write an object under a condition that the store checks; return the object's version.

        Raises:
            ConditionFailed: If the condition is not met. A library that repeats a request after a
                lost answer raises it for its own write, too.
            ConflictingWrite: If the store asks to repeat the write.
        """
        ...

    def delete(self, key: str) -> None:
        """Delete an object; do nothing if it does not exist."""
        ...


def create_file_system(protocol: str, scheme: str, package_name: str) -> Any:
    """Return a file system of fsspec without caches, with credentials of the environment.

    Args:
        protocol: Name by which fsspec knows the file system.
        scheme: Scheme of the addresses, for errors.
        package_name: Name of the package that implements the file system.

    Raises:
        StoreNotInstalled: If fsspec or the package is not installed.
    """
    try:
        import fsspec
    except ImportError as error:
        raise StoreNotInstalled("fsspec", scheme) from error
    try:
        return fsspec.filesystem(protocol, skip_instance_cache=True, use_listings_cache=False)
    except ImportError as error:
        raise StoreNotInstalled(package_name, scheme) from error
