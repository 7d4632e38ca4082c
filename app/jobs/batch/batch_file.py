"""The queue's list on disk, so that a crash or a kill loses nothing of it.

One JSON document a line: first the settings, then the files in order. A line about a file that has
one already stands for a change of it, so that each finished file costs one appended line.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLockFile

from app.config.paths import state_folder
from app.jobs.batch.batch_items import (
    BatchItem,
    CommonSettings,
    ItemStatus,
    OutputLocation,
    RestoreSettings,
)
from ddrm_core.errors import InvalidSetting
from ddrm_core.export.settings import ExportSettings
from ddrm_core.files.atomic_write import write_atomically
from ddrm_core.metadata.model import MetadataPolicy
from ddrm_core.os_errors import writing
from ddrm_core.restoration.assumption import CompressionAssumption
from ddrm_core.sampler.serialization import settings_from_values, settings_to_values

_FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True)
class SavedBatch:
    """What is kept of a queue.

    Attributes:
        output_location: Where results go.
        settings: Taken from the window at the start, None before.
        recursive: Whether folders are looked through with those in them.
        include_all_formats: Whether more than JPEGs count there.
        tolerate_damage: Whether what can be read of damaged files is restored.
        items: The files.
    """

    output_location: OutputLocation
    settings: CommonSettings | None
    recursive: bool
    include_all_formats: bool
    tolerate_damage: bool
    items: tuple[BatchItem, ...]


def batch_file_path() -> Path:
    """The file, in the user's folder for what programs were doing."""
    return state_folder() / "queue.jsonl"


class BatchFileStore:
    """The file, of one window at a time: a later one keeps nothing. For one thread at a time."""

    def __init__(self, path: Path) -> None:
        """Nothing is read or written yet.

        Args:
            path: The file.
        """
        self._path = path
        self._lock: QLockFile | None = None
        self._is_released = False

    def load(self) -> SavedBatch | None:
        """What is kept; None where nothing usable is, or where it is another window's."""
        if not self._acquire_lock():
            return None
        try:
            text = self._path.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return None
        return _parse_batch_file(text.splitlines())

    def save(self, batch: SavedBatch) -> None:
        """Keep this instead of what is kept; a kill leaves the one or the other.

        Raises:
            UnwritableOutput: The system refused.
        """
        if self._acquire_lock():
            lines = [_encode_batch_header(batch), *map(_encode_batch_item, batch.items)]
            write_atomically(self._path, "".join(f"{line}\n" for line in lines).encode())

    def append_changes(self, items: Sequence[BatchItem]) -> None:
        """Keep what has changed of these files.

        Raises:
            UnwritableOutput: The system refused.
        """
        if self._acquire_lock():
            with writing(self._path), self._path.open("a", encoding="utf-8") as file:
                file.write("".join(f"{_encode_batch_item(item)}\n" for item in items))

    def delete(self) -> None:
        """Keep nothing.

        Raises:
            UnwritableOutput: The system refused.
        """
        if self._acquire_lock():
            with writing(self._path):
                self._path.unlink(missing_ok=True)

    def release(self) -> None:
        """Leave the file to other windows for good."""
        self._is_released = True
        if self._lock is not None:
            self._lock.unlock()

    def _acquire_lock(self) -> bool:
        """Whether it is this window's, from the first question on.

        A killed one's lock counts no more. What another window leaves is for the next start: lines
        of this one's files would be taken for its own.
        """
        if self._is_released:
            return False
        if self._lock is None:
            with writing(self._path):
                self._path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = QLockFile(os.fspath(self._path.with_suffix(".lock")))
            self._lock.setStaleLockTime(0)
            self._lock.tryLock(0)
        return self._lock.isLocked()


def _encode_batch_header(batch: SavedBatch) -> str:
    settings = batch.settings
    return json.dumps(
        {
            "version": _FORMAT_VERSION,
            "folder": _path_to_json(batch.output_location.folder),
            "template": batch.output_location.name_template,
            "tree": batch.output_location.keep_subfolders,
            "recursive": batch.recursive,
            "every_format": batch.include_all_formats,
            "damaged": batch.tolerate_damage,
            "file": None if settings is None else _encode_restore_settings(settings.restore),
            "saving": None if settings is None else _encode_export_settings(settings),
        }
    )


def _encode_batch_item(item: BatchItem) -> str:
    """Raw bytes of a name that is no UTF-8 go through JSON as lone surrogates.

    0.1.0 takes a state that it does not know for the end of the whole queue, and passes over what
    it does not know of a file: a kept result is a skipped file for it.
    """
    status = ItemStatus.SKIPPED if item.status is ItemStatus.KEPT else item.status
    own = item.own_settings
    return json.dumps(
        {
            "number": item.item_id,
            "source": str(item.source),
            "base": _path_to_json(item.base_folder),
            "own": None if own is None else _encode_restore_settings(own),
            "status": status.name,
            "kept": item.status is ItemStatus.KEPT,
            "target": _path_to_json(item.target),
            "consistency": item.consistency,
            "seconds": item.seconds,
            "evaluations": item.evaluation_count,
            "message": item.message,
            "redo": item.redo,
        }
    )


def _encode_restore_settings(settings: RestoreSettings) -> dict[str, Any]:
    """The assumption lies beside the other settings in the file, as 0.1.0 wrote it."""
    document = asdict(settings) | {"sampler": settings_to_values(settings.sampler)}
    del document["assumption"]
    return document | asdict(settings.assumption)


def _encode_export_settings(settings: CommonSettings) -> dict[str, Any]:
    export = settings.export
    return {
        "suffix": settings.suffix,
        "bits": export.bits,
        "policy": export.policy,
        "upright": export.bake_orientation,
        "jpeg_quality": export.jpeg_quality,
        "same_levels": export.same_levels,
    }


def _path_to_json(path: Path | None) -> str | None:
    return None if path is None else str(path)


def _parse_batch_file(lines: Sequence[str]) -> SavedBatch | None:
    """None where it is not a queue. What a kill has cut off is left out."""
    items: dict[int, BatchItem] = {}
    try:
        header = json.loads(lines[0])
        if header["version"] != _FORMAT_VERSION:
            return None
        for line in lines[1:]:
            try:
                document = json.loads(line)
            except json.JSONDecodeError:
                continue
            item = _parse_batch_item(document)
            items[item.item_id] = item
        return SavedBatch(
            OutputLocation(_path_from_json(header["folder"]), header["template"], header["tree"]),
            _parse_common_settings(header),
            header["recursive"],
            header["every_format"],
            header["damaged"],
            tuple(items.values()),
        )
    # Another version's, or edited: nothing that one could go on with.
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, InvalidSetting):
        return None


def _parse_common_settings(header: dict[str, Any]) -> CommonSettings | None:
    if header["file"] is None:
        return None
    saving = header["saving"]
    export = ExportSettings(
        saving["bits"],
        MetadataPolicy(saving["policy"]),
        saving["upright"],
        saving["jpeg_quality"],
        saving["same_levels"],
    )
    return CommonSettings(_parse_restore_settings(header["file"]), export, saving["suffix"])


def _parse_batch_item(document: dict[str, Any]) -> BatchItem:
    status, own_settings = ItemStatus[document["status"]], document["own"]
    if document.get("kept", False):  # 0.1.0 does not write it
        status = ItemStatus.KEPT
    return BatchItem(
        document["number"],
        Path(document["source"]),
        _path_from_json(document["base"]),
        None if own_settings is None else _parse_restore_settings(own_settings),
        ItemStatus.STOPPED if status is ItemStatus.WORKING else status,
        _path_from_json(document["target"]),
        document["consistency"],
        document["seconds"],
        document["evaluations"],
        document["message"],
        document.get("redo", False),
    )


def _parse_restore_settings(document: dict[str, Any]) -> RestoreSettings:
    grid = document["grid"]
    return RestoreSettings(
        settings_from_values(document["sampler"]),
        document["seed"],
        document["device"],
        document["prior"],
        CompressionAssumption(
            document["quality"], None if grid is None else (grid[0], grid[1]), document["sampling"]
        ),
    )


def _path_from_json(text: str | None) -> Path | None:
    return None if text is None else Path(text)
