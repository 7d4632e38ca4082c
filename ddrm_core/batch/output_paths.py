"""Which pictures a folder holds, and where the result of each goes."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
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
from ddrm_core.errors import CoreError, InvalidSetting, UnreadableFile
from ddrm_core.formats.suffixes import JPEG_FILE_SUFFIXES, MOST_CAPABLE_SUFFIX, OTHER_IMAGE_SUFFIXES
from ddrm_core.os_errors import describe_failure

# Stands for the number of a source while its own names are made; no name can hold it.
_NUMBER_PLACEHOLDER = "\0"
_SYSTEM_FOLDERS = frozenset({"$recycle.bin", "system volume information", "@eadir", "__macosx"})


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """One file to restore.

    Attributes:
        source: The picture.
        target: Its result.
        has_flexible_suffix: Whether the target's suffix gives way to that of a format which holds
            the picture, where its own does not.
        target_pattern: Regular expression for the paths, with slashes, that a plan may give the
            result: other numbers of the file, other numbers in brackets and, where the format is
                left open,
            other suffixes. Empty for the target and its numbered variants.
    """

    source: Path
    target: Path
    has_flexible_suffix: bool = False
    target_pattern: str = ""


@dataclass(frozen=True, slots=True)
class FolderScan:
    """What a folder holds.

    Attributes:
        image_paths: In natural order: folder by folder, 2 before 10.
        unreadable_folders: Folders inside it that the system did not list.
    """

    image_paths: tuple[Path, ...]
    unreadable_folders: tuple[UnreadableFile, ...]


@dataclass(frozen=True, slots=True)
class OutputNaming:
    """How results are called; an existing object is a valid one.

    Attributes:
        template: See `check_template`.
        default_suffix: Suffix of the results' format, with its dot, where the template leaves it
            open.
        preset_name: A preset's name, or "custom".
        seed: Of the runs.
        prior_name: Its name.
        assumed_quality: Assumed, None for the files' own.
    """

    template: str = DEFAULT_TEMPLATE
    default_suffix: str = ".png"
    preset_name: str = CUSTOM_NAME
    seed: int = 0
    prior_name: str = ""
    assumed_quality: int | None = None

    def __post_init__(self) -> None:
        """Raises InvalidSetting."""
        check_template(self.template)

    def build_relative_path(self, source: Path, *, number: int = 1, count: int = 1) -> str:
        """Of one source's result: its path inside the target folder, with slashes.

        Args:
            source: The picture; it is read only where the template asks for its quality factor.
            number: Of the source, from 1.
            count: Of all sources.
        """
        return render_template(self.template, self._build_template_fields(source, number, count))

    def build_target(
        self, source: Path, folder: Path, *, number: int = 1, count: int = 1
    ) -> tuple[Path, str]:
        """Return the path of one source's result, and its `PlannedFile.target_pattern`.

        Args:
            source: See `build_relative_path`.
            folder: Where the name begins.
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
    """Pictures by their suffix; hidden and system files are passed over.

    Folders that are links are followed, each place once. The content is not looked at.

    Args:
        folder: Where to look.
        recursive: Whether folders inside it are looked into.
        include_all_formats: Also PNG, TIFF, WebP and BMP, not JPEGs alone.
        excluded: Files, and folders inside `folder` with all that they hold, such as results.

    Raises:
        UnreadableFile: The system did not list `folder` itself.
    """
    suffixes = (
        (*JPEG_FILE_SUFFIXES, *OTHER_IMAGE_SUFFIXES) if include_all_formats else JPEG_FILE_SUFFIXES
    )
    excluded_paths = _resolve_paths(excluded)
    excluded_names = {os.path.basename(path) for path in excluded_paths}
    image_paths: list[Path] = []
    unreadable_folders: list[UnreadableFile] = []
    visited: set[str] = set()
    # A folder that is here comes before links to it: that is where its pictures are said to be.
    folders, links = [folder], list[Path]()
    while folders or links:
        current_folder = folders.pop() if folders else links.pop()
        real_path = os.path.realpath(current_folder)
        if real_path in visited or (current_folder != folder and real_path in excluded_paths):
            continue
        visited.add(real_path)
        try:
            entries = [entry for entry in os.scandir(current_folder) if _is_visible(entry)]
        except OSError as error:
            unreadable_folders.append(UnreadableFile(current_folder, describe_failure(error)))
            continue
        subfolders = [entry for entry in entries if recursive and _is_folder(entry)]
        folders += [current_folder / entry.name for entry in subfolders if not entry.is_symlink()]
        links += [current_folder / entry.name for entry in subfolders if entry.is_symlink()]
        files = [current_folder / entry.name for entry in entries]
        image_paths += [
            path
            for path in files
            if path.suffix.lower() in suffixes
            and os.path.isfile(path)  # as Path has it, no permission is an error
            and not (path.name in excluded_names and os.path.realpath(path) in excluded_paths)
        ]
    if unreadable_folders and unreadable_folders[0].path == folder:
        raise unreadable_folders[0]
    return FolderScan(tuple(sorted(image_paths, key=_natural_sort_key)), tuple(unreadable_folders))


def _resolve_paths(paths: Collection[Path]) -> set[str]:
    """Without links; of thousands of files in few folders."""
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
    """Where each result goes; no two to one place, on any file system.

    The same sources in the same order give the same plan. Of several that would have one name, the
    first keeps it, and the others are numbered: "a_restored (2).png".

    Args:
        sources: The pictures.
        source_root: The folders between it and a source are made again in `target_folder`; None for
            none.
        target_folder: Where results go.
        naming: What they are called.
        taken_targets: Targets of an earlier plan.
        other_sources: Sources of an earlier plan.
        first_number: Number of the first source.

    Raises:
        InvalidSetting: A result would replace a source.
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
    last_numbers: dict[
        str, int
    ] = {}  # the last one given, so that thousands of one name take no hours
    for path in preferred_paths:
        preferred_key = path_key(path, ignore_suffix=flexible_suffix)
        target, number = path, last_numbers.get(preferred_key, 1)
        # A number must not take the name that another one has without it.
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
    """Return a path with a number behind its name: "a (2).png"."""
    return path.with_name(f"{path.stem} ({number}){path.suffix}")


def build_target_pattern(path: Path, *, flexible_suffix: bool) -> str:
    """Return the regular expression for a path and its numbered variants, as of `PlannedFile`."""
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
    """Return one text for all paths that some file system takes for the same.

    Where the format is left open, the suffix may change, and does not tell names apart.
    """
    text = os.fspath(path.with_suffix("") if ignore_suffix else path)
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def _relative_folder(source_root: Path | None, source: Path) -> Path:
    """The folders from `source_root` to a source inside it."""
    if source_root is None or not source.is_relative_to(source_root):
        return Path()
    return source.relative_to(source_root).parent


def _read_quality_text(source: Path) -> str:
    """What a file's own tables say, for a name."""
    # Names are checked by commands and windows that read no file.
    from ddrm_core.jpeg.header import read_header
    from ddrm_core.jpeg.quality_factor import find_nearest_quality

    try:
        header = read_header(source)
        quality = find_nearest_quality(
            [header.quantization_tables[c.table_number] for c in header.components]
        )
    except (CoreError, KeyError):
        return "none"
    return str(quality.factor) if quality.is_exact else CUSTOM_NAME


def _is_visible(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith(".") or entry.name.lower() in _SYSTEM_FOLDERS:
        return False
    try:
        attributes = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0)
    except OSError:  # it is gone already
        return False
    hidden = stat.FILE_ATTRIBUTE_HIDDEN | stat.FILE_ATTRIBUTE_SYSTEM
    return not attributes & hidden


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


_NameChunks = tuple[str | int, ...]


def _natural_sort_key(path: Path) -> tuple[tuple[_NameChunks, ...], _NameChunks, str]:
    """Sorts folder by folder, 2 before 10, and capital letters beside small ones."""
    return (
        tuple(_split_at_digits(part) for part in path.parent.parts),
        _split_at_digits(path.stem),
        path.name,
    )


def _split_at_digits(name: str) -> _NameChunks:
    """Texts and numbers in turn."""
    parts = re.split(r"(\d+)", name.casefold())
    return tuple(int(p) if index % 2 else p for index, p in enumerate(parts))
