"""The lines of a manifest, each of which is an entry in JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

_COPY_KIND, _VERSION_KIND, _SOURCE_KIND = "copy", "version", "source"


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """The entry of a manifest for one finished file of a batch.

    Attributes:
        source_sha256: SHA-256 of the source's bytes, in hexadecimal.
        settings_sha256: SHA-256 of everything else that determines the result, in hexadecimal.
        target: Path of the result relative to the folder, with slashes.
        size: Size of the result in bytes.
        mtime_ns: Modification time of the result in nanoseconds, `st_mtime_ns`.
        sha256: SHA-256 of the result's bytes, in hexadecimal.
        consistency: Share of levels in their bins in the saved result, 0 to 1.
        evaluations: Evaluations of the prior.
        seconds: Wall time in seconds.
        finished: Date and time of the end in UTC, ISO 8601.
    """

    source_sha256: str
    settings_sha256: str
    target: str
    size: int
    mtime_ns: int
    sha256: str
    consistency: float
    evaluations: int
    seconds: float
    finished: str


@dataclass(frozen=True, slots=True)
class CopyEntry:
    """The entry of a manifest for the copy of a file that the selection rule leaves as it is.

    Attributes:
        source_sha256: SHA-256 of the source's bytes and of the copy's, in hexadecimal.
        target: Path of the copy relative to the folder, with slashes.
        size: Size of the copy in bytes.
        mtime_ns: Modification time of the copy in nanoseconds, `st_mtime_ns`.
        finished: Date and time of the end in UTC, ISO 8601.
        kind: "copy", by which the line is recognized.
    """

    source_sha256: str
    target: str
    size: int
    mtime_ns: int
    finished: str
    kind: str = _COPY_KIND

    @property
    def sha256(self) -> str:
        """SHA-256 of the copy's bytes, in hexadecimal."""
        return self.source_sha256


@dataclass(frozen=True, slots=True)
class VersionEntry:
    """The entry of a manifest for the version that an object store gave to a result.

    Attributes:
        target: Path of the result relative to the folder, with slashes.
        version: Version of the object, such as an ETag.
        sha256: SHA-256 of the object's bytes, in hexadecimal.
        kind: "version", by which the line is recognized.
    """

    target: str
    version: str
    sha256: str
    kind: str = _VERSION_KIND


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """The entry of a manifest for the content of a source in an object store.

    Attributes:
        source: Address of the source.
        version: Version of the object, such as an ETag.
        sha256: SHA-256 of the object's bytes, in hexadecimal.
        kind: "source", by which the line is recognized.
    """

    source: str
    version: str
    sha256: str
    kind: str = _SOURCE_KIND


@dataclass(frozen=True, slots=True)
class FindingEntry:
    """The entry of a manifest for a search for an earlier compression; see `SearchLog`.

    Its line has no kind: it is that of a search log, which is older than the kinds of entries.

    Attributes:
        version: Version of the search.
        source_sha256: SHA-256 of the searched file's bytes, in hexadecimal.
        previous_compression: Fields of `PreviousCompression`, which are not validated here; None
            without signs.
    """

    version: int
    source_sha256: str
    previous_compression: dict[str, Any] | None


Entry = ManifestEntry | CopyEntry | VersionEntry | SourceEntry | FindingEntry
"""An entry of a manifest."""

FileEntry = ManifestEntry | CopyEntry
"""An entry for a file of a batch in the folder: a result or a copy."""

_FIELD_TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (float, int),
    "dict[str, Any] | None": (dict, type(None)),
}
_CLASS_BY_KIND: dict[object, type[Entry]] = {
    None: ManifestEntry,
    _COPY_KIND: CopyEntry,
    _VERSION_KIND: VersionEntry,
    _SOURCE_KIND: SourceEntry,
}
_TYPES_BY_CLASS = {
    entry_class: {field.name: _FIELD_TYPES[str(field.type)] for field in fields(entry_class)}
    for entry_class in (*_CLASS_BY_KIND.values(), FindingEntry)
}


def format_entry(entry: Entry) -> bytes:
    """Return the line of an entry, without a line feed."""
    return json.dumps(asdict(entry)).encode()


def parse_entry(line: bytes) -> Entry | None:
    """Parse a line; return None if the line is not a complete and valid entry."""
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, dict):
        return None
    entry_class = _find_class(values)
    if entry_class is None or not _has_valid_values(values, _TYPES_BY_CLASS[entry_class]):
        return None
    return entry_class(**values)


def _find_class(values: Mapping[str, Any]) -> type[Entry] | None:
    """Return the class of a line's entry, None for a kind that this version does not know."""
    if "previous_compression" in values:
        return FindingEntry
    kind = values.get("kind")
    return _CLASS_BY_KIND.get(kind) if isinstance(kind, str | None) else None


def _has_valid_values(values: Mapping[str, Any], types: Mapping[str, tuple[type, ...]]) -> bool:
    """Return whether no value of a line is missing, unknown or invalid."""
    # The exact type, because True is an int, too.
    if values.keys() != types.keys() or any(
        type(value) not in types[name] for name, value in values.items()
    ):
        return False
    return "target" not in values or _is_relative_path(values["target"])


def _is_relative_path(target: str) -> bool:
    """Return whether a path with slashes leads to a file inside of its folder."""
    names = [name for name in target.split("/") if name not in ("", ".")]
    return bool(names) and not target.startswith("/") and ".." not in names


def list_keys(entry: Entry) -> tuple[str, ...]:
    """Return the keys by which the line of an entry is found."""
    match entry:
        case ManifestEntry():
            return key_of_content(entry.source_sha256), key_of_result(entry.target)
        case CopyEntry():
            return (key_of_copy(entry.target),)
        case VersionEntry():
            return (key_of_versions(entry.target),)
        case SourceEntry():
            return (key_of_source(entry.source),)
        case FindingEntry():
            return (key_of_finding(entry.source_sha256),)


def key_of_target(target: str, entry_class: type[FileEntry]) -> str:
    """Return the key of all entries of a class with a path, relative to the folder."""
    return key_of_copy(target) if entry_class is CopyEntry else key_of_result(target)


def key_of_content(source_sha256: str) -> str:
    """Return the key of all results of a content."""
    return f"content {source_sha256}"


def key_of_result(target: str) -> str:
    """Return the key of all results with a path, relative to the folder."""
    return f"result {target}"


def key_of_copy(target: str) -> str:
    """Return the key of all copies with a path, relative to the folder."""
    return f"copy {target}"


def key_of_versions(target: str) -> str:
    """Return the key of the versions of a result, by its path relative to the folder."""
    return f"versions {target}"


def key_of_source(source: str) -> str:
    """Return the key of the contents of a source in an object store, by its address."""
    return f"source {source}"


def key_of_finding(source_sha256: str) -> str:
    """Return the key of the findings of searches in a content."""
    return f"finding {source_sha256}"
