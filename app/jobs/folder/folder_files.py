"""Jobs that list the images of a folder and find out which of them are restored."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QImage

from app.jobs.batch.thumbnails import load_thumbnail
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.name_template import DEFAULT_TEMPLATE
from ddrm_core.batch.output_paths import find_source_images
from ddrm_core.errors import UnreadableFile
from ddrm_core.files.hashing import compute_file_sha256
from ddrm_core.metadata.xmp import RUN_RECORD_NAMESPACE

STRIP_THUMBNAIL_SIDE_PX = 160
"""Longer side of a thumbnail in the thumbnail strip, in pixels."""
_RESULT_SUFFIX = DEFAULT_TEMPLATE.removeprefix("{stem}").removesuffix("{ext}")
# All formats hold metadata near the beginning or the end of a file.
_METADATA_SEARCH_BYTES = 256 << 10


@dataclass(frozen=True, slots=True)
class FolderListing:
    """The images of a folder without results of this program.

    Attributes:
        folder: The folder.
        files: Images in natural order.
    """

    folder: Path
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True, eq=False)
class FolderFileDetails:
    """A thumbnail of an image, and whether the image is restored.

    Attributes:
        path: The file.
        thumbnail: Upright thumbnail, None if the file cannot be decoded.
        is_restored: Whether a result of the file is in the folder.
    """

    path: Path
    thumbnail: QImage | None
    is_restored: bool


def list_folder_files(folder: Path, opened_path: Path) -> FolderListing:
    """Return the images of a folder, by their suffixes, without opening them.

    Results are left out: those in the folder's manifest, and files that are named like a result of
    another file. `opened_path` is listed in any case.

    Raises:
        UnreadableFile: If the folder or its manifest cannot be read.
    """
    results = [path for path in Manifest(folder).list_results() if path != opened_path]
    images = find_source_images(
        folder, recursive=False, include_all_formats=True, excluded=results
    ).image_paths
    stems = {path.stem for path in images}
    sources = (
        path for path in images if path == opened_path or _source_stem(path.stem) not in stems
    )
    return FolderListing(folder, tuple(sources))


def load_folder_file_details(manifest: Manifest, path: Path) -> FolderFileDetails:
    """Load the thumbnail of a file, and find out whether the file is restored.

    `manifest` is that of the file's folder.
    """
    thumbnail = load_thumbnail(path, STRIP_THUMBNAIL_SIDE_PX)
    return FolderFileDetails(path, thumbnail, is_file_restored(manifest, path))


def is_file_restored(manifest: Manifest, path: Path) -> bool:
    """Return whether a result of a file is in the file's folder.

    A result has an entry in the manifest of the folder, or it is named like a result of the file
    and has a run record. The answer for unreadable files is no.
    """
    try:
        if next(manifest.iter_results(), None) is not None:
            source_sha256 = compute_file_sha256(path)
            if next(manifest.find_results_of_source(source_sha256), None) is not None:
                return True
        candidates = path.parent.glob(f"{_escape_glob(path.stem)}{_RESULT_SUFFIX}*.*")
        return any(has_run_record(candidate) for candidate in candidates)
    except (OSError, UnreadableFile):
        return False


def has_run_record(path: Path) -> bool:
    """Return whether a file has the run record of this program in its metadata.

    Only the beginning and the end of the file are read.

    Raises:
        OSError: If the file cannot be read.
    """
    namespace = RUN_RECORD_NAMESPACE.encode()
    with path.open("rb") as file:
        if namespace in file.read(_METADATA_SEARCH_BYTES):
            return True
        file.seek(max(path.stat().st_size - _METADATA_SEARCH_BYTES, 0))
        return namespace in file.read(_METADATA_SEARCH_BYTES)


def _source_stem(stem: str) -> str | None:
    """Return the stem of the source that a result with this stem is named after, None if none."""
    head, separator, tail = stem.rpartition(_RESULT_SUFFIX)
    is_numbered = tail.startswith(" (") and tail.endswith(")")
    return head if separator and (not tail or is_numbered) else None


def _escape_glob(text: str) -> str:
    return "".join(f"[{c}]" if c in "*?[" else c for c in text)
