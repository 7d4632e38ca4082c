"""What is done with priors on the worker thread."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from app.config.prior_locations import downloads_folder, find_prior, library
from ddrm_core.cancel import CancelToken
from ddrm_core.prior.store.registry import PublishedPrior

# Functions below import what needs torch when they run, for the reason given in `Engine`.


@dataclass(frozen=True, slots=True)
class Arrived:
    """How far a download is.

    Attributes:
        done: Bytes that are here, or of those that an earlier download left: that are checked.
        total: Bytes of the file.
        checking: Whether it is still about what was here before.
        seconds: When that was, on a clock that starts anywhere.
    """

    done: int
    total: int
    checking: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class Importing:
    """A file is being checked and copied.

    Attributes:
        name: Of the prior, or of the file where that is not known yet.
    """

    name: str


@dataclass(frozen=True, slots=True)
class Imported:
    """A prior is among those at hand."""

    name: str


@dataclass(frozen=True, slots=True)
class Verified:
    """A prior is whole.

    Attributes:
        name: Of the prior.
        sha256: Of its file, in hexadecimal.
        compared: Whether that is what was noted when it was imported; else nothing was.
    """

    name: str
    sha256: str
    compared: bool


@dataclass(frozen=True, slots=True)
class Removed:
    """An imported prior's file was deleted."""

    name: str


def importing(path: Path) -> Imported:
    """Check a file and keep a copy. Raises as `PriorLibrary.import_file`."""
    return Imported(library().import_file(path).name)


def downloading(
    published: PublishedPrior, token: CancelToken
) -> Generator[Arrived | Importing, None, Imported]:
    """Fetch a published prior, import it, and delete what was fetched.

    Raises as `download` and `PriorLibrary.import_file`.
    """
    from ddrm_core.prior.download.download import download

    received = download(published, downloads_folder(), token)
    try:
        while True:
            try:
                now = next(received)
            except StopIteration as end:
                file: Path = end.value
                break
            yield Arrived(now.done, now.total, now.checking, time.monotonic())
    finally:
        received.close()
    yield Importing(published.name)
    imported = importing(file)
    file.unlink(missing_ok=True)
    return imported


def verifying(name: str) -> Verified:
    """Read all of a prior again. Raises as `PriorLibrary.verify` and `find_prior`."""
    find_prior(name)
    found, compared = library().verify(name)
    return Verified(name, found.sha256, compared)


def removing(name: str) -> Removed:
    """Delete an imported prior. Raises as `PriorLibrary.remove`."""
    library().remove(name)
    return Removed(name)
