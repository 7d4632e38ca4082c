"""Errors of object stores."""

from __future__ import annotations

from dataclasses import dataclass

from ddrm_core.errors import CoreError, FileError
from ddrm_core.messages import Description, Reason, Text, tr_noop


class AddressProblem(Reason):
    """The reason why a text is not the address of an object store."""

    SCHEME = tr_noop("only s3://, gs:// and az:// are supported")
    SLASHES = tr_noop("two slashes must follow the scheme")
    CHAIN = tr_noop("chains with :: are not supported")
    CREDENTIALS = tr_noop("an address must not hold a user, a password, a key or a query")
    BUCKET = tr_noop("the name of the bucket is missing or invalid")
    EMPTY_PART = tr_noop("a part between two slashes is empty")
    DOTS = tr_noop(". or .. is a part of it")
    CONTROL_CHARACTER = tr_noop("it contains a control character")
    BACKSLASH = tr_noop("it contains a backslash")


class KeyProblem(Reason):
    """The reason why an object's key cannot be the path of a file."""

    ABSOLUTE = tr_noop("its key begins with a slash")
    EMPTY_PART = tr_noop("a part of its key is empty")
    DOTS = tr_noop(". or .. is a part of its key")
    CONTROL_CHARACTER = tr_noop("its key contains a control character")
    BACKSLASH = tr_noop("its key contains a backslash")
    LONG_NAME = tr_noop("a part of its key has more than {count} bytes")
    WINDOWS_NAME = tr_noop("its key contains a name that Windows does not allow")


class StoreFailure(Reason):
    """The reason why a store cannot be used, if it is not in the words of the store."""

    CONFLICTS = tr_noop("other programs write it at the same time")
    INCOMPLETE_ANSWER = tr_noop("the answer is incomplete")
    CONDITIONS_IGNORED = tr_noop("the store ignores the conditions of requests")
    MISSING = tr_noop("it does not exist")
    BUCKET_MISSING = tr_noop("its bucket does not exist")
    OBJECT = tr_noop("it is an object, not a folder")
    EXISTS = tr_noop("it exists already")
    CHANGED = tr_noop("it was changed in the meantime")


class StoreError(CoreError):
    """The base class of errors of a request to an object store.

    Attributes:
        reason: Reason in the middle of a sentence.
    """

    reason: Text


@dataclass(eq=False)
class InvalidStoreAddress(CoreError):
    """The error that a text is not an address of an object store that the program can use.

    Attributes:
        address: Text without credentials, in one line.
        problem: Reason why the text is not an address.
    """

    template = tr_noop("{address} is not the address of a store: {problem}")
    address: str
    problem: Description


@dataclass(eq=False)
class StoreNotInstalled(CoreError):
    """The error that a package for a kind of object store is not installed.

    Attributes:
        package_name: Name of the missing package.
        scheme: Scheme of the addresses that need the package, such as "s3".
    """

    template = tr_noop("{package_name} is not installed, and {scheme}:// needs it")
    package_name: str
    scheme: str


@dataclass(eq=False)
class StoreUnavailable(StoreError):
    """The error that an object store does not answer, or refuses a request.

    Attributes:
        address: Address of the object or folder.
        reason: Reason in the words of the store or of its library.
    """

    template = tr_noop("Cannot use {address}: {reason}")
    address: str
    reason: Text


@dataclass(eq=False)
class StoreAccessDenied(StoreError):
    """The error that credentials are missing, or do not suffice for a request.

    Attributes:
        address: Address of the object or folder.
        reason: Reason in the words of the store or of its library.
    """

    template = tr_noop("No access to {address}: {reason}")
    address: str
    reason: Text


@dataclass(eq=False)
class ConditionsIgnored(StoreError):
    """The error that a store writes objects although the condition of the request is not met.

    Attributes:
        address: Address of the store.
    """

    template = tr_noop("{address} ignores the conditions under which objects are written")
    address: str
    reason: Text = StoreFailure.CONDITIONS_IGNORED


@dataclass(eq=False)
class ObjectMissing(StoreError):
    """The error that an object, a folder or a bucket does not exist.

    Attributes:
        address: Address of the object, the folder or the bucket.
    """

    template = tr_noop("{address} does not exist")
    address: str
    reason: Text = StoreFailure.MISSING


@dataclass(eq=False)
class ObjectExists(StoreError):
    """The error that an object that was to be created exists.

    Attributes:
        address: Address of the object, which was not changed.
    """

    template = tr_noop("{address} exists already")
    address: str
    reason: Text = StoreFailure.EXISTS


@dataclass(eq=False)
class ObjectChanged(StoreError):
    """The error that an object was changed or deleted since its version was read.

    Attributes:
        address: Address of the object, which this program did not change.
    """

    template = tr_noop("{address} was changed in the meantime")
    address: str
    reason: Text = StoreFailure.CHANGED


@dataclass(eq=False)
class InvalidObjectKey(FileError):
    """The error that an object has a key that cannot be the path of a file.

    The path of the error is the address of the object as a path, only to be shown.

    Attributes:
        address: Address of the object, with control characters as escape sequences.
        problem: Reason why the key cannot be the path of a file.
    """

    template = tr_noop("Cannot restore {address}: {problem}")
    address: str
    problem: Description
