"""Which pictures a folder holds, and where the result of each goes."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ddrm_core.batch.name_template import (
    CUSTOM,
    DEFAULT_TEMPLATE,
    Blanks,
    check_template,
    fill,
    follows_format,
    uses,
)
from ddrm_core.errors import CoreError, InvalidSetting, UnreadableFile
from ddrm_core.formats.suffixes import JPEGS, OTHERS, ROOMIEST
from ddrm_core.jpeg.header import read_header
from ddrm_core.jpeg.quality_factor import estimate_quality

# Stands for the number of a source while its own names are made; no name can hold it.
_ANY_NUMBER = "\0"
_SYSTEM_FOLDERS = frozenset({"$recycle.bin", "system volume information", "@eadir", "__macosx"})


@dataclass(frozen=True, slots=True)
class Item:
    """One file to restore.

    Attributes:
        source: The picture.
        target: Its result.
        follows_format: Whether the target's suffix gives way to that of a format which holds the
            picture, where its own does not.
        own_names: Regular expression for the paths, with slashes, that a plan may give the result:
            other numbers of the file, other numbers in brackets and, where the format is left open,
            other suffixes. Empty for the target and its numbered variants.
    """

    source: Path
    target: Path
    follows_format: bool = False
    own_names: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a folder holds.

    Attributes:
        pictures: In natural order: folder by folder, 2 before 10.
        unreadable: Folders inside it that the system did not list.
    """

    pictures: tuple[Path, ...]
    unreadable: tuple[UnreadableFile, ...]


@dataclass(frozen=True, slots=True)
class Naming:
    """How results are called; an existing object is a valid one.

    Attributes:
        template: See `check_template`.
        ext: Suffix of the results' format, with its dot, where the template leaves it open.
        preset: A preset's name, or "custom".
        seed: Of the runs.
        prior: Its name.
        quality: Assumed, None for the files' own.
    """

    template: str = DEFAULT_TEMPLATE
    ext: str = ".png"
    preset: str = CUSTOM
    seed: int = 0
    prior: str = ""
    quality: int | None = None

    def __post_init__(self) -> None:
        """Raises InvalidSetting."""
        check_template(self.template)

    def name(self, source: Path, *, number: int = 1, count: int = 1) -> str:
        """Of one source's result: its path inside the target folder, with slashes.

        Args:
            source: The picture; it is read only where the template asks for its quality factor.
            number: Of the source, from 1.
            count: Of all sources.
        """
        return fill(self.template, self._blanks(source, number, count))

    def names(
        self, source: Path, folder: Path, *, number: int = 1, count: int = 1
    ) -> tuple[Path, str]:
        """Return the path of one source's result, and its `Item.own_names`.

        Args:
            source: See `name`.
            folder: Where the name begins.
            number: See `name`.
            count: See `name`.
        """
        blanks = self._blanks(source, number, count)
        any_number = folder / fill(self.template, replace(blanks, number=_ANY_NUMBER))
        pattern = own_names_of(any_number, follows_format=follows_format(self.template))
        own_names = pattern.replace(re.escape(_ANY_NUMBER), r"\d+")
        return folder / fill(self.template, blanks), own_names

    def _blanks(self, source: Path, number: int, count: int) -> Blanks:
        quality = ""
        if uses(self.template, "quality"):
            quality = _quality(source) if self.quality is None else str(self.quality)
        return Blanks(
            stem=source.stem,
            name=source.name,
            ext=self.ext,
            folder=source.absolute().parent.name,
            quality=quality,
            preset=self.preset,
            seed=str(self.seed),
            prior=self.prior,
            number=str(number).zfill(len(str(count))),
        )


def find_pictures(
    folder: Path, *, recursive: bool, every: bool = False, leave_out: Collection[Path] = ()
) -> Found:
    """Pictures by their suffix; hidden and system files are passed over.

    Folders that are links are followed, each place once. The content is not looked at.

    Args:
        folder: Where to look.
        recursive: Whether folders inside it are looked into.
        every: Also PNG, TIFF, WebP and BMP, not JPEGs alone.
        leave_out: Files, and folders inside `folder` with all that they hold, such as results.

    Raises:
        UnreadableFile: The system did not list `folder` itself.
    """
    wanted = (*JPEGS, *OTHERS) if every else JPEGS
    left_out = _real_places(leave_out)
    left_names = {os.path.basename(path) for path in left_out}
    pictures: list[Path] = []
    unreadable: list[UnreadableFile] = []
    seen: set[str] = set()
    # A folder that is here comes before links to it: that is where its pictures are said to be.
    folders, links = [folder], list[Path]()
    while folders or links:
        here = folders.pop() if folders else links.pop()
        place = os.path.realpath(here)
        if place in seen or (here != folder and place in left_out):
            continue
        seen.add(place)
        try:
            entries = [entry for entry in os.scandir(here) if _is_shown(entry)]
        except OSError as error:
            unreadable.append(UnreadableFile(here, error.strerror or str(error)))
            continue
        inside = [entry for entry in entries if recursive and _is_folder(entry)]
        folders += [here / entry.name for entry in inside if not entry.is_symlink()]
        links += [here / entry.name for entry in inside if entry.is_symlink()]
        files = [here / entry.name for entry in entries]
        pictures += [
            path
            for path in files
            if path.suffix.lower() in wanted
            and os.path.isfile(path)  # as Path has it, no permission is an error
            and not (path.name in left_names and os.path.realpath(path) in left_out)
        ]
    if unreadable and unreadable[0].path == folder:
        raise unreadable[0]
    return Found(tuple(sorted(pictures, key=_natural)), tuple(unreadable))


def _real_places(paths: Collection[Path]) -> set[str]:
    """Without links; of thousands of files in few folders."""
    folders = {folder: os.path.realpath(folder) for folder in {path.parent for path in paths}}
    return {
        os.path.realpath(path)
        if path.name in ("", "..") or path.is_symlink()
        else os.path.join(folders[path.parent], path.name)
        for path in paths
    }


def plan(
    sources: Sequence[Path],
    root: Path | None,
    target_folder: Path,
    naming: Naming,
    *,
    taken: Collection[Path] = (),
    others: Collection[Path] = (),
    first: int = 1,
) -> tuple[Item, ...]:
    """Where each result goes; no two to one place, on any file system.

    The same sources in the same order give the same plan. Of several that would have one name, the
    first keeps it, and the others are numbered: "a_restored (2).png".

    Args:
        sources: The pictures.
        root: The folders between it and a source are made again in `target_folder`; None for none.
        target_folder: Where results go.
        naming: What they are called.
        taken: Targets of an earlier plan.
        others: Sources of an earlier plan.
        first: Number of the first source.

    Raises:
        InvalidSetting: A result would replace a source.
    """
    free = follows_format(naming.template)
    plain, own_names = [], []
    last = first + len(sources) - 1
    for number, source in enumerate(sources, first):
        folder = target_folder / _between(root, source)
        path, names = naming.names(source, folder, number=number, count=last)
        plain.append(path)
        own_names.append(names)
    claimed = {path_key(path, free=free) for path in taken}
    wanted = {path_key(path, free=free) for path in plain}
    targets: list[Path] = []
    numbers: dict[str, int] = {}  # the last one given, so that thousands of one name take no hours
    for path in plain:
        name = path_key(path, free=free)
        target, number = path, numbers.get(name, 1)
        # A number must not take the name that another one has without it.
        while path_key(target, free=free) in claimed or (
            number > 1 and path_key(target, free=free) in wanted
        ):
            number += 1
            target = numbered(path, number)
        numbers[name] = number
        claimed.add(path_key(target, free=free))
        targets.append(target)
    _check_no_source((*sources, *others), targets, naming)
    planned = zip(sources, targets, own_names, strict=True)
    return tuple(Item(source, target, free, names) for source, target, names in planned)


def numbered(path: Path, number: int) -> Path:
    """Return a path with a number behind its name: "a (2).png"."""
    return path.with_name(f"{path.stem} ({number}){path.suffix}")


def own_names_of(path: Path, *, follows_format: bool) -> str:
    """Return the regular expression for a path and its numbered variants, as of `Item`."""
    pattern = rf"{re.escape(path.with_suffix('').as_posix())}( \(\d+\))?"
    return pattern + (r"\.\w+" if follows_format else re.escape(path.suffix))


def _check_no_source(sources: Collection[Path], targets: Sequence[Path], naming: Naming) -> None:
    own = {path_key(Path(os.path.realpath(source)), free=False) for source in sources}
    places = {folder: os.path.realpath(folder) for folder in {t.parent for t in targets}}
    for target in targets:
        place = Path(places[target.parent], target.name)
        possible = [place]
        if follows_format(naming.template):
            possible.append(place.with_suffix(ROOMIEST))
        if any(path_key(path, free=False) in own for path in possible):
            raise InvalidSetting("template", naming.template, "names that no source has")


def path_key(path: Path, *, free: bool) -> str:
    """Return one text for all paths that some file system takes for the same.

    Where the format is left open, the suffix may change, and does not tell names apart.
    """
    text = os.fspath(path.with_suffix("") if free else path)
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def _between(root: Path | None, source: Path) -> Path:
    """The folders from `root` to a source inside it."""
    if root is None or not source.is_relative_to(root):
        return Path()
    return source.relative_to(root).parent


def _quality(source: Path) -> str:
    """What a file's own tables say, for a name."""
    try:
        header = read_header(source)
        quality = estimate_quality([header.tables[c.table] for c in header.components])
    except (CoreError, KeyError):
        return "none"
    return str(quality.factor) if quality.exact else CUSTOM


def _is_shown(entry: os.DirEntry[str]) -> bool:
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


_Pieces = tuple[str | int, ...]


def _natural(path: Path) -> tuple[tuple[_Pieces, ...], _Pieces, str]:
    """Sorts folder by folder, 2 before 10, and capital letters beside small ones."""
    return tuple(_pieces(part) for part in path.parent.parts), _pieces(path.stem), path.name


def _pieces(name: str) -> _Pieces:
    """Texts and numbers in turn."""
    parts = re.split(r"(\d+)", name.casefold())
    return tuple(int(p) if index % 2 else p for index, p in enumerate(parts))
