"""Prior tasks: jobs that import, download, verify and remove priors."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from app.config.prior_locations import create_prior_library, downloads_folder, find_prior_file
from ddrm_core.cancel import CancelToken
from ddrm_core.prior.store.registry import PublishedPrior
from ddrm_core.step_iterator import StepIterator

# torch takes seconds to import, so the functions below import it when they run; see `PriorCache`.


@dataclass(frozen=True, slots=True)
class PriorDownloadProgress:
    """Progress of a download.

    Attributes:
        done_bytes: Received bytes; while an earlier partial download is checked, checked bytes.
        total_bytes: Size of the file.
        is_checking_partial: Whether an earlier partial download is being checked.
        clock_seconds: Time of the progress, in seconds of a monotonic clock.
    """

    done_bytes: int
    total_bytes: int
    is_checking_partial: bool
    clock_seconds: float


@dataclass(frozen=True, slots=True)
class ImportingPrior:
    """Progress of an import: the file is being checked and copied.

    Attributes:
        name: Name of the prior, or of the file until the prior's name is known.
    """

    name: str


@dataclass(frozen=True, slots=True)
class PriorImported:
    """The outcome of a successful import: the named prior is installed."""

    name: str


@dataclass(frozen=True, slots=True)
class PriorVerified:
    """Outcome of a verification: the prior's file is intact.

    Attributes:
        name: Name of the prior.
        sha256: SHA-256 of the file, in hexadecimal.
        has_recorded_checksum: Whether a checksum was stored at the import and equals `sha256`;
            False if no checksum was stored.
    """

    name: str
    sha256: str
    has_recorded_checksum: bool


@dataclass(frozen=True, slots=True)
class PriorRemoved:
    """The outcome of a removal: the file of the named imported prior was deleted."""

    name: str


def import_prior_job(path: Path) -> PriorImported:
    """Import a prior's file into the prior library.

    Raises the errors of `PriorLibrary.import_file`.
    """
    return PriorImported(create_prior_library().import_file(path).name)


def download_prior_job(
    published: PublishedPrior, token: CancelToken
) -> Generator[PriorDownloadProgress | ImportingPrior, None, PriorImported]:
    """Download a published prior, import the prior, and delete the downloaded file.

    Raises the errors of `download_prior` and `PriorLibrary.import_file`.
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
    """Read a prior's whole file and compare its checksum with the stored one.

    Raises the errors of `PriorLibrary.verify` and `find_prior_file`.
    """
    find_prior_file(name)
    info, has_recorded_checksum = create_prior_library().verify(name)
    return PriorVerified(name, info.sha256, has_recorded_checksum)


def remove_prior_job(name: str) -> PriorRemoved:
    """Delete an imported prior from the prior library.

    Raises the errors of `PriorLibrary.remove`.
    """
    create_prior_library().remove(name)
    return PriorRemoved(name)
