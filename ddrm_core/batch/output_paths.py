"""Images in a folder, and planned paths of their results."""

from __future__ import annotations

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ddrm_core.allowed_values import AllowedValues
from ddrm_core.batch.name_template import (
    CUSTOM_NAME,
    DEFAULT_TEMPLATE,
    TemplateFields,
    check_template,
    has_flexible_suffix,
    has_template_field,
    render_template,
)
from ddrm_core.batch.streaming.folder_entries import natural_sort_key, walk_folders
from ddrm_core.errors import CoreError, InvalidSetting, UnreadableFile
from ddrm_core.formats.suffixes import (
    JPEG_FILE_SUFFIXES,
    MOST_CAPABLE_SUFFIX,
    OTHER_IMAGE_SUFFIXES,
    UNSUPPORTED_IMAGE_SUFFIXES,
)

# Placeholder for the number of a source in patterns of its targets; no file name can contain it.
_NUMBER_PLACEHOLDER = "\0"
_IMAGE_SUFFIXES = frozenset(
    (*JPEG_FILE_SUFFIXES, *OTHER_IMAGE_SUFFIXES, *UNSUPPORTED_IMAGE_SUFFIXES)
)


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """One file of a batch and the path that is planned for its result.

    Attributes:
        source: Path of the image.
        target: Planned path of the result.
        has_flexible_suffix: Whether the target's suffix may be replaced by that of a format that
            supports the image, if the target's own format does not.
        target_pattern: Regular expression for the paths, with slashes, that a plan may give the
            result: other numbers of the file, other numbers in parentheses and, if the suffix is
            flexible, other suffixes. An empty pattern stands for the target and its variants with
            numbers in parentheses.
        source_version: Version of a source in an object store, empty if the source can change
            without a trace.
    """

    source: Path
    target: Path
    has_flexible_suffix: bool = False
    target_pattern: str = ""
    source_version: str = ""


@dataclass(frozen=True, slots=True)
class FolderScan:
    """The images found in a folder.

    Attributes:
        image_paths: Paths of the images in natural order: folder by folder, 2 before 10.
        unreadable_folders: Errors of subfolders that could not be listed.
        omitted_counts: Suffix, in lower case, and number of the images that were left out because
            of their format; the most frequent suffix is first.
    """

    image_paths: tuple[Path, ...]
    unreadable_folders: tuple[UnreadableFile, ...]
    omitted_counts: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class OutputNaming:
    """Name template and values for names of results, validated on creation.

    Attributes:
        template: Name template, see `check_template`.
        default_suffix: Suffix, with its dot, for the template's field {ext}.
        preset_name: Name of the preset, or "custom".
        seed: Seed of the runs.
        prior_name: Name of the prior.
        assumed_quality: Assumed quality factor, None for the one of each file.
    """

    template: str = DEFAULT_TEMPLATE
    default_suffix: str = ".png"
    preset_name: str = CUSTOM_NAME
    seed: int = 0
    prior_name: str = ""
    assumed_quality: int | None = None

    def __post_init__(self) -> None:
        """Raise InvalidSetting if the template is invalid."""
        check_template(self.template)

    def build_relative_path(self, source: Path, *, number: int = 1, count: int = 1) -> str:
        """Return the path of a source's result relative to the target folder, with slashes.

        Args:
            source: Path of the image, which is read only if the template has the field {quality}
                and no quality factor is assumed.
            number: Number of the source, from 1.
            count: Number of all sources.
        """
        return render_template(self.template, self._build_template_fields(source, number, count))

    def build_target(
        self, source: Path, folder: Path, *, number: int = 1, count: int = 1
    ) -> tuple[Path, str]:
        """Return the path of one source's result in `folder`, and `PlannedFile.target_pattern`.

        Args:
            source: See `build_relative_path`.
            folder: Folder of the results.
            number: See `build_relative_path`.
            count: See `build_relative_path`.
        """
        template_fields = self._build_template_fields(source, number, count)
        placeholder_path = folder / render_template(
            self.template, replace(template_fields, number=_NUMBER_PLACEHOLDER)
        )
        pattern = build_target_pattern(
            placeholder_path, flexible_suffix=has_flexible_suffix(self.template)
        )
        target_pattern = pattern.replace(re.escape(_NUMBER_PLACEHOLDER), r"\d+")
        return folder / render_template(self.template, template_fields), target_pattern

    def _build_template_fields(self, source: Path, number: int, count: int) -> TemplateFields:
        quality = ""
        if has_template_field(self.template, "quality"):
            quality = (
                _read_quality_text(source)
                if self.assumed_quality is None
                else str(self.assumed_quality)
            )
        return TemplateFields(
            stem=source.stem,
            name=source.name,
            ext=self.default_suffix,
            folder=source.absolute().parent.name,
            quality=quality,
            preset=self.preset_name,
            seed=str(self.seed),
            prior=self.prior_name,
            number=str(number).zfill(len(str(count))),
        )


def find_source_images(
    folder: Path,
    *,
    recursive: bool,
    include_all_formats: bool = False,
    excluded: Collection[Path] = (),
) -> FolderScan:
    """Find images in a folder by their suffix, except hidden and system files.

    Links to folders are followed; a folder that is reached by several paths is listed once. The
    content of files is not read.

    Args:
        folder: Folder to search.
        recursive: Whether to search subfolders, too.
        include_all_formats: Whether to find PNG, TIFF, WebP and BMP in addition to JPEG.
        excluded: Files to leave out, such as results, and folders inside `folder` to leave out
            with their content.

    Raises:
        UnreadableFile: If `folder` itself cannot be listed.
    """
    suffixes = list_source_suffixes(include_all_formats=include_all_formats)
    excluded_paths = _resolve_paths(excluded)
    excluded_names = {os.path.basename(path) for path in excluded_paths}
    all_images: list[Path] = []
    unreadable_folders: list[UnreadableFile] = []
    for listed in walk_folders(folder, recursive=recursive, excluded=excluded_paths):
        if isinstance(listed, UnreadableFile):
            unreadable_folders.append(listed)
            continue
        files = [listed.path / entry.name for entry in listed.entries]
        all_images += [
            path
            for path in files
            if path.suffix.lower() in _IMAGE_SUFFIXES
            and os.path.isfile(path)  # Path.is_file may raise PermissionError
            and not (path.name in excluded_names and os.path.realpath(path) in excluded_paths)
        ]
    if unreadable_folders and unreadable_folders[0].path == folder:
        raise unreadable_folders[0]
    return _create_folder_scan(all_images, suffixes, unreadable_folders)


def list_source_suffixes(*, include_all_formats: bool) -> frozenset[str]:
    """Return the suffixes of images to restore, in lower case; see `find_source_images`."""
    others = OTHER_IMAGE_SUFFIXES if include_all_formats else ()
    return frozenset((*JPEG_FILE_SUFFIXES, *others))


def _create_folder_scan(
    all_images: Sequence[Path], suffixes: Collection[str], errors: Sequence[UnreadableFile]
) -> FolderScan:
    """Return the scan of a folder in which only images with `suffixes` are to be restored."""
    images = [path for path in all_images if path.suffix.lower() in suffixes]
    found = Counter(path.suffix.lower() for path in all_images)
    omitted_counts = Counter({key: n for key, n in found.items() if key not in suffixes})
    return FolderScan(
        tuple(sorted(images, key=natural_sort_key)),
        tuple(errors),
        tuple(omitted_counts.most_common()),
    )


def _resolve_paths(paths: Collection[Path]) -> set[str]:
    """Return paths with symbolic links resolved; each folder is resolved only once, for speed."""
    folders = {folder: os.path.realpath(folder) for folder in {path.parent for path in paths}}
    return {
        os.path.realpath(path)
        if path.name in ("", "..") or path.is_symlink()
        else os.path.join(folders[path.parent], path.name)
        for path in paths
    }


def plan_outputs(
    sources: Sequence[Path],
    source_root: Path | None,
    target_folder: Path,
    naming: OutputNaming,
    *,
    taken_targets: Collection[Path] = (),
    other_sources: Collection[Path] = (),
    first_number: int = 1,
) -> tuple[PlannedFile, ...]:
    """Plan the target of each result; no two targets are the same on any file system.

    The same sources in the same order give the same plan. If several results would have the same
    path, the first one keeps the path and the others are numbered: "a_restored (2).png".

    Args:
        sources: Paths of the images.
        source_root: Folder whose subfolders with sources are repeated in `target_folder`; None to
            put all results directly into `target_folder`.
        target_folder: Folder of the results.
        naming: Name template and its values.
        taken_targets: Targets of an earlier plan.
        other_sources: Sources of an earlier plan.
        first_number: Number of the first source.

    Raises:
        InvalidSetting: If a result would replace a source.
    """
    flexible_suffix = has_flexible_suffix(naming.template)
    preferred_paths, target_patterns = [], []
    last_number = first_number + len(sources) - 1
    for number, source in enumerate(sources, first_number):
        folder = target_folder / _relative_folder(source_root, source)
        path, pattern = naming.build_target(source, folder, number=number, count=last_number)
        preferred_paths.append(path)
        target_patterns.append(pattern)
    claimed_keys = {path_key(path, ignore_suffix=flexible_suffix) for path in taken_targets}
    preferred_keys = {path_key(path, ignore_suffix=flexible_suffix) for path in preferred_paths}
    targets: list[Path] = []
    # Last number per name, so that thousands of equal names take linear time.
    last_numbers: dict[str, int] = {}
    for path in preferred_paths:
        preferred_key = path_key(path, ignore_suffix=flexible_suffix)
        target, number = path, last_numbers.get(preferred_key, 1)
        # A numbered path must not be the unnumbered path of another result.
        while path_key(target, ignore_suffix=flexible_suffix) in claimed_keys or (
            number > 1 and path_key(target, ignore_suffix=flexible_suffix) in preferred_keys
        ):
            number += 1
            target = add_number(path, number)
        last_numbers[preferred_key] = number
        claimed_keys.add(path_key(target, ignore_suffix=flexible_suffix))
        targets.append(target)
    _check_sources_not_overwritten((*sources, *other_sources), targets, naming)
    planned = zip(sources, targets, target_patterns, strict=True)
    return tuple(
        PlannedFile(source, target, flexible_suffix, pattern) for source, target, pattern in planned
    )


def add_number(path: Path, number: int) -> Path:
    """Return a path with a number after the stem of its file name: "a (2).png"."""
    return path.with_name(f"{path.stem} ({number}){path.suffix}")


def build_target_pattern(path: Path, *, flexible_suffix: bool) -> str:
    """Return the regular expression for a path and its variants, as in `target_pattern`.

    Variants are paths with a number in parentheses after the stem and, if `flexible_suffix` is set,
    paths with any suffix.
    """
    pattern = rf"{re.escape(path.with_suffix('').as_posix())}( \(\d+\))?"
    return pattern + (r"\.\w+" if flexible_suffix else re.escape(path.suffix))


def _check_sources_not_overwritten(
    sources: Collection[Path], targets: Sequence[Path], naming: OutputNaming
) -> None:
    source_keys = {
        path_key(Path(os.path.realpath(source)), ignore_suffix=False) for source in sources
    }
    real_folders = {folder: os.path.realpath(folder) for folder in {t.parent for t in targets}}
    for target in targets:
        real_target = Path(real_folders[target.parent], target.name)
        possible_targets = [real_target]
        if has_flexible_suffix(naming.template):
            possible_targets.append(real_target.with_suffix(MOST_CAPABLE_SUFFIX))
        if any(path_key(path, ignore_suffix=False) in source_keys for path in possible_targets):
            raise InvalidSetting("template", naming.template, AllowedValues.NEW_NAMES)


def path_key(path: Path, *, ignore_suffix: bool) -> str:
    """Return a key by which paths are compared without letter case and Unicode normalization.

    Some file systems treat paths with the same key as the same path.

    Args:
        path: Path of a file.
        ignore_suffix: Whether the key also ignores the suffix.
    """
    text = str(path.with_suffix("") if ignore_suffix else path)
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def _relative_folder(source_root: Path | None, source: Path) -> Path:
    """Return a source's folder relative to `source_root`; empty for a source outside the root."""
    if source_root is None or not source.is_relative_to(source_root):
        return Path()
    return source.relative_to(source_root).parent


def _read_quality_text(source: Path) -> str:
    """Return the text of the template field {quality} for the quantization tables of a file."""
    # Imported here, because name templates are also checked by code that reads no file.
    from ddrm_core.jpeg.header import read_header
    from ddrm_core.jpeg.quality_factor import find_nearest_quality

    try:
        header = read_header(source)
    except CoreError:
        return "none"
    tables = [table for table in header.component_tables if table is not None]
    if len(tables) < len(header.components):
        return "none"
    quality = find_nearest_quality(tables)
    return str(quality.factor) if quality.is_exact else CUSTOM_NAME
