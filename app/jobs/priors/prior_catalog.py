"""The prior catalog: bundled, imported and published priors."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from app.config.prior_description import describe_prior
from app.config.prior_locations import (
    create_prior_library,
    downloads_folder,
    existing_ancestor,
    find_published_prior,
    list_published_priors,
    prior_folder,
)
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import CoreError, UnreadableFile
from ddrm_core.os_errors import describe_failure, reading
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.store.packaged import (
    PackagedPrior,
    PackagedPriorUnavailable,
    find_packaged_file,
    list_packaged_priors,
)
from ddrm_core.prior.store.registry import PublishedPrior


@dataclass(frozen=True, slots=True)
class PriorFileInfo:
    """Description of a prior, read from its file.

    Attributes:
        architecture: Name of the network's architecture.
        parameter_count: Number of parameters of the network.
        resolution: Side in pixels of the images that the network was trained on; None if it was
            not trained on a fixed size.
        license: License of the weights.
        training_data: Text that describes the training data.
        sha256: SHA-256 of the file, in hexadecimal.
        source_sha256: SHA-256 of the checkpoint that the file was converted from; None if the file
            was not converted.
        noise_levels: Lowest and highest noise level of the prior, gray levels.
        default_name: Name of the default prior.
        relative_cost: Operations per pixel, divided by those of the default prior.
        gain: PSNR of the estimate at noise 25 above that of the bundled prior in dB; None if it was
            not measured for both.
    """

    architecture: str
    parameter_count: int
    resolution: int | None
    license: str
    training_data: str
    sha256: str
    source_sha256: str | None
    noise_levels: tuple[float, float]
    default_name: str
    relative_cost: float
    gain: float | None


@dataclass(frozen=True, slots=True)
class PriorEntry:
    """A prior in the catalog, installed or not.

    Attributes:
        name: Name of the prior.
        size_bytes: Size of the file, installed or published.
        path: Installed file, None if the prior is not installed.
        published: Description of the published prior, None for other priors.
        packaged: Description of the packaged prior, None for other priors.
        downloaded_bytes: Bytes in a partial or complete download that was not imported yet.
        file_info: Description in the file; None before the file is read and if it is unreadable.
        error: Error of reading the file, None without one.
    """

    name: str
    size_bytes: int
    path: Path | None = None
    published: PublishedPrior | None = None
    downloaded_bytes: int = 0
    file_info: PriorFileInfo | None = None
    error: CoreError | None = None
    packaged: PackagedPrior | None = None

    @property
    def comes_with_program(self) -> bool:
        """Whether the prior was installed with the program: bundled, or in a package."""
        return self.is_bundled or self.packaged is not None

    @property
    def is_bundled(self) -> bool:
        """Whether the prior is the bundled one."""
        return self.path == BUNDLED_PRIOR_PATH


@dataclass(frozen=True, slots=True)
class PriorListing:
    """All priors of the catalog at one time.

    Attributes:
        entries: Packaged priors, the bundled prior, imported priors, and published priors that are
            not installed.
        folder: Folder of the imported priors.
        free_bytes: Free bytes on the disk of `folder`, None if unknown.
    """

    entries: tuple[PriorEntry, ...]
    folder: Path
    free_bytes: int | None


class PriorCatalog:
    """A reader of the list of all priors, which caches the descriptions read from files.

    Not thread-safe.
    """

    def __init__(self) -> None:
        self._file_info_cache: dict[tuple[Path, int, int], PriorFileInfo] = {}

    def list_files(self) -> PriorListing:
        """Return all priors with names and sizes only, without reading their files.

        Raises:
            UnreadableFile: If the folder of imported priors cannot be listed.
        """
        folder = prior_folder()
        with reading(folder):
            files = [BUNDLED_PRIOR_PATH, *sorted(folder.glob("*.safetensors"))]
            installed = tuple(
                PriorEntry(f.stem, f.stat().st_size, f, find_published_prior(f.stem)) for f in files
            )
        installed = (*map(_create_packaged_entry, list_packaged_priors()), *installed)
        names = {entry.name for entry in installed}
        missing = tuple(
            _create_missing_entry(p) for p in list_published_priors() if p.name not in names
        )
        return PriorListing((*installed, *missing), folder, _free_disk_bytes(folder))

    def describe_all(self, token: CancelToken) -> Generator[PriorListing, None, PriorListing]:
        """Yield the result of `list_files`, then return it with descriptions read from the files.

        Raises:
            UnreadableFile: If the folder of imported priors cannot be listed.
            OperationCancelled: If `token` was cancelled, which is checked between two files.
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
                self._file_info_cache[key] = _read_file_info(entry, path)
        except CoreError as error:
            return replace(entry, error=error)
        except OSError as error:
            return replace(entry, error=UnreadableFile(path, describe_failure(error)))
        return replace(entry, file_info=self._file_info_cache[key])


def _read_file_info(entry: PriorEntry, path: Path) -> PriorFileInfo:
    """Return the description in a prior's file.

    Raises the errors of `PriorLibrary.read_info`.
    """
    from ddrm_core.sampler.protocols import GRAY_LEVELS_PER_UNIT

    prior_library = create_prior_library()
    name = str(path) if entry.packaged is None else entry.packaged.name
    description = describe_prior(prior_library, name)
    info = description.info
    low, high = (sigma * GRAY_LEVELS_PER_UNIT for sigma in info.sigma_range)
    return PriorFileInfo(
        description.network.architecture,
        description.network.parameter_count,
        info.training_resolution,
        info.license,
        info.training_data,
        info.sha256,
        info.source_sha256,
        (low, high),
        description.default_name,
        description.relative_cost,
        description.gain,
    )


def _create_packaged_entry(packaged: PackagedPrior) -> PriorEntry:
    try:
        path = find_packaged_file(packaged)
    except PackagedPriorUnavailable as error:
        return PriorEntry(packaged.name, packaged.size_bytes, packaged=packaged, error=error)
    return PriorEntry(packaged.name, packaged.size_bytes, path, packaged=packaged)


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
    """Return the free bytes on the disk of `folder`, which may not exist yet; None if unknown."""
    try:
        return shutil.disk_usage(existing_ancestor(folder)).free
    except OSError:
        return None
