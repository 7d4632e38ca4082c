"""What is done with priors on the worker thread."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from app.config.prior_locations import create_prior_library, downloads_folder, find_prior_file
from ddrm_core.cancel import CancelToken
from ddrm_core.prior.store.registry import PublishedPrior
from ddrm_core.step_iterator import StepIterator

# Functions below import what needs torch when they run, for the reason given in `PriorCache`.


@dataclass(frozen=True, slots=True)
class PriorDownloadProgress:
    """How far a download is.

    Attributes:
        done_bytes: Bytes that are here, or of those that an earlier download left: that are
            checked.
        total_bytes: Bytes of the file.
        is_checking_partial: Whether it is still about what was here before.
        clock_seconds: When that was, on a clock that starts anywhere.
    """

    done_bytes: int
    total_bytes: int
    is_checking_partial: bool
    clock_seconds: float


@dataclass(frozen=True, slots=True)
class ImportingPrior:
    """A file is being checked and copied.

    Attributes:
        name: Of the prior, or of the file where that is not known yet.
    """

    name: str


@dataclass(frozen=True, slots=True)
class PriorImported:
    """A prior is among those at hand."""

    name: str


@dataclass(frozen=True, slots=True)
class PriorVerified:
    """A prior is whole.

    Attributes:
        name: Of the prior.
        sha256: Of its file, in hexadecimal.
        has_recorded_checksum: Whether that is what was noted when it was imported; else nothing
            was.
    """

    name: str
    sha256: str
    has_recorded_checksum: bool


@dataclass(frozen=True, slots=True)
class PriorRemoved:
    """An imported prior's file was deleted."""

    name: str


def import_prior_job(path: Path) -> PriorImported:
    """Check a file and keep a copy. Raises as `PriorLibrary.import_file`."""
    return PriorImported(create_prior_library().import_file(path).name)


def download_prior_job(
    published: PublishedPrior, token: CancelToken
) -> Generator[PriorDownloadProgress | ImportingPrior, None, PriorImported]:
    """Fetch a published prior, import it, and delete what was fetched.

    Raises as `download` and `PriorLibrary.import_file`.
    """
    from ddrm_core.prior.download.download import download_prior

    download_steps = StepIterator(download_prior(published, downloads_folder(), token))
    try:
        for progress in download_steps:
            yield PriorDownloadProgress(
                progress.done_bytes, progress.total_bytes, progress.is_checking, time.monotonic()
            )
    finally:
        download_steps.close()
    yield ImportingPrior(published.name)
    file = download_steps.result
    imported = import_prior_job(file)
    file.unlink(missing_ok=True)
    return imported


def verify_prior_job(name: str) -> PriorVerified:
    """Read all of a prior again. Raises as `PriorLibrary.verify` and `find_prior_file`."""
    find_prior_file(name)
    info, has_recorded_checksum = create_prior_library().verify(name)
    return PriorVerified(name, info.sha256, has_recorded_checksum)


def remove_prior_job(name: str) -> PriorRemoved:
    """Delete an imported prior. Raises as `PriorLibrary.remove`."""
    create_prior_library().remove(name)
    return PriorRemoved(name)
