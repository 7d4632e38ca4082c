"""Which priors there are: with the program, imported, and published but not here."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from app.config.prior_locations import (
    downloads_folder,
    existing_ancestor,
    find_published_prior,
    list_published_priors,
    prior_folder,
)
from app.config.resources import BUNDLED_PRIOR_PATH
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import CoreError, UnreadableFile
from ddrm_core.os_errors import describe_failure, reading
from ddrm_core.prior.store.registry import PublishedPrior


@dataclass(frozen=True, slots=True)
class PriorFileInfo:
    """What a prior's file says of itself.

    Attributes:
        architecture: Name of the architecture of its network.
        parameter_count: Of the network.
        resolution: Side of the pictures it has learnt, None where it has learnt no size.
        license: Of the weights.
        training_data: In words.
        sha256: Of the file, in hexadecimal.
        source_sha256: Of the checkpoint that it was converted from, None where it was not.
    """

    architecture: str
    parameter_count: int
    resolution: int | None
    license: str
    training_data: str
    sha256: str
    source_sha256: str | None


@dataclass(frozen=True, slots=True)
class PriorEntry:
    """One prior, here or not.

    Attributes:
        name: Its name.
        size_bytes: Of its file, here or where it is published.
        path: Its file here, None where it is not.
        published: What is known of it where it is a published one.
        downloaded_bytes: Bytes of it that a download has left.
        file_info: None until its file was read, or where it cannot be.
        error: Why it cannot be.
    """

    name: str
    size_bytes: int
    path: Path | None = None
    published: PublishedPrior | None = None
    downloaded_bytes: int = 0
    file_info: PriorFileInfo | None = None
    error: CoreError | None = None

    @property
    def is_bundled(self) -> bool:
        """Whether it came with the program."""
        return self.path == BUNDLED_PRIOR_PATH


@dataclass(frozen=True, slots=True)
class PriorListing:
    """All of them.

    Attributes:
        entries: The bundled prior, the imported ones, those that are not here.
        folder: Where imported ones are kept.
        free_bytes: Bytes on its disk, None where the system does not say.
    """

    entries: tuple[PriorEntry, ...]
    folder: Path
    free_bytes: int | None


class PriorCatalog:
    """Looks at the priors; what a file says of itself is kept. Only a worker calls its methods."""

    def __init__(self) -> None:
        self._file_info_cache: dict[tuple[Path, int, int], PriorFileInfo] = {}

    def list_files(self) -> PriorListing:
        """Names and sizes, without reading a file. Raises UnreadableFile."""
        folder = prior_folder()
        with reading(folder):
            files = [BUNDLED_PRIOR_PATH, *sorted(folder.glob("*.safetensors"))]
            installed = tuple(
                PriorEntry(f.stem, f.stat().st_size, f, find_published_prior(f.stem)) for f in files
            )
        names = {entry.name for entry in installed}
        missing = tuple(
            _create_missing_entry(p) for p in list_published_priors() if p.name not in names
        )
        return PriorListing((*installed, *missing), folder, _free_disk_bytes(folder))

    def describe_all(self, token: CancelToken) -> Generator[PriorListing, None, PriorListing]:
        """All priors: first as `list_files` gives them, then with what each file says.

        Raises:
            UnreadableFile: The folder cannot be.
            Cancelled: Between two files.
        """
        listing = self.list_files()
        yield listing
        entries = []
        for entry in listing.entries:
            token.raise_if_cancelled()
            entries.append(entry if entry.path is None else self._describe_entry(entry, entry.path))
        return replace(listing, entries=tuple(entries))

    def _describe_entry(self, entry: PriorEntry, path: Path) -> PriorEntry:
        try:
            stat = path.stat()
            key = (path, stat.st_size, stat.st_mtime_ns)
            if key not in self._file_info_cache:
                self._file_info_cache[key] = _read_file_info(path)
        except CoreError as error:
            return replace(entry, error=error)
        except OSError as error:
            return replace(entry, error=UnreadableFile(path, describe_failure(error)))
        return replace(entry, file_info=self._file_info_cache[key])


def _read_file_info(path: Path) -> PriorFileInfo:
    """Raises as `describe`."""
    from ddrm_core.prior.checkpoint import read_prior_info
    from ddrm_core.prior.store.library import read_network_summary

    info, summary = read_prior_info(path), read_network_summary(path)
    return PriorFileInfo(
        summary.architecture,
        summary.parameter_count,
        info.training_resolution,
        info.license,
        info.training_data,
        info.sha256,
        info.source_sha256,
    )


def _create_missing_entry(published: PublishedPrior) -> PriorEntry:
    folder, downloaded_bytes = downloads_folder(), 0
    for name in (published.file_name, f"{published.file_name}.part"):
        with suppress(OSError):
            downloaded_bytes = max(downloaded_bytes, (folder / name).stat().st_size)
    downloaded_bytes = min(downloaded_bytes, published.size_bytes)
    return PriorEntry(
        published.name, published.size_bytes, published=published, downloaded_bytes=downloaded_bytes
    )


def _free_disk_bytes(folder: Path) -> int | None:
    """On the disk of a folder that need not be there yet."""
    try:
        return shutil.disk_usage(existing_ancestor(folder)).free
    except OSError:
        return None
