"""The batch file, which stores the list of a batch beyond a crash of the program.

Each line is a JSON document: first the settings, then the batch items in order. A later line with
the number of an earlier item replaces that item, so that a finished file costs one appended line.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLockFile

from app.config.paths import state_folder
from app.jobs.batch.batch_items import (
    BatchItem,
    CommonSettings,
    FileSizes,
    ItemStatus,
    OutputLocation,
)
from app.jobs.run.settings_document import encode_restore_settings, parse_restore_settings
from ddrm_core.batch.selection.rule import ALL_FILES, OthersPolicy, SelectionRule
from ddrm_core.errors import InvalidSetting
from ddrm_core.export.settings import ExportSettings
from ddrm_core.files.atomic_write import write_atomically
from ddrm_core.metadata.model import MetadataPolicy
from ddrm_core.os_errors import writing

_FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True)
class SavedBatch:
    """The content of a batch file.

    Attributes:
        output_location: Folder and naming rule of the results.
        settings: Common settings, taken from the window when the batch starts; None before.
        recursive: Whether an added folder is searched with its subfolders.
        include_all_formats: Whether a search finds PNG, TIFF, WebP and BMP files besides JPEGs.
        tolerate_damage: Whether the readable part of a damaged file is restored.
        items: Batch items in order.
        selection: Rule that selects the items that are restored.
    """

    output_location: OutputLocation
    settings: CommonSettings | None
    recursive: bool
    include_all_formats: bool
    tolerate_damage: bool
    items: tuple[BatchItem, ...]
    selection: SelectionRule = ALL_FILES


def batch_file_path() -> Path:
    """Return the path of the batch file in the user's state folder."""
    return state_folder() / "queue.jsonl"


class BatchFileStore:
    """A reader and writer of the batch file, which only one window uses at a time.

    The first window locks the file; in other windows, every method has no effect. Not thread-safe.
    """

    def __init__(self, path: Path) -> None:
        """Create the store without reading or writing `path`, the batch file."""
        self._path = path
        self._lock: QLockFile | None = None
        self._is_released = False

    def load(self) -> SavedBatch | None:
        """Read the batch file.

        Returns:
            The stored batch; None if the file is missing or unusable, or if another window holds
            the lock.
        """
        if not self._acquire_lock():
            return None
        try:
            text = self._path.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return None
        return _parse_batch_file(text.splitlines())

    def save(self, batch: SavedBatch) -> None:
        """Replace the content of the batch file in one atomic write.

        Raises:
            UnwritableOutput: If the system does not allow it.
        """
        if self._acquire_lock():
            lines = [_encode_batch_header(batch), *map(_encode_batch_item, batch.items)]
            write_atomically(self._path, "".join(f"{line}\n" for line in lines).encode())

    def append_changes(self, items: Sequence[BatchItem]) -> None:
        """Append a line for each of `items`, which replaces the item's earlier line when loaded.

        Raises:
            UnwritableOutput: If the system does not allow it.
        """
        if self._acquire_lock():
            with writing(self._path), self._path.open("a", encoding="utf-8") as file:
                file.write("".join(f"{_encode_batch_item(item)}\n" for item in items))

    def delete(self) -> None:
        """Delete the batch file.

        Raises:
            UnwritableOutput: If the system does not allow it.
        """
        if self._acquire_lock():
            with writing(self._path):
                self._path.unlink(missing_ok=True)

    def release(self) -> None:
        """Unlock the batch file for other windows; later calls of methods do nothing."""
        self._is_released = True
        if self._lock is not None:
            self._lock.unlock()

    def _acquire_lock(self) -> bool:
        """Try to lock the batch file at the first call; return whether this store has the lock.

        The lock of a killed process is ignored. Later calls do not try again: another window may
        have written its own batch to the file and closed, and this store would append lines to that
        batch.
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
    settings, selection = batch.settings, batch.selection
    return json.dumps(
        {
            "version": _FORMAT_VERSION,
            "folder": _path_to_json(batch.output_location.folder),
            "template": batch.output_location.name_template,
            "tree": batch.output_location.keep_subfolders,
            "recursive": batch.recursive,
            "every_format": batch.include_all_formats,
            "damaged": batch.tolerate_damage,
            "file": None if settings is None else encode_restore_settings(settings.restore),
            "saving": None if settings is None else _encode_export_settings(settings),
            "below_quality": selection.below_quality,
            "others": selection.others,
        }
    )


def _encode_batch_item(item: BatchItem) -> str:
    """Return the JSON line of an item.

    Bytes of a path that are not UTF-8 are stored as lone surrogates. Version 0.1.0 rejects a file
    with an unknown status and ignores unknown keys, so a kept result, a file that was not selected,
    and a source that was not replaced are stored as skipped files with the additional keys "kept",
    "other" and "retained".
    """
    is_retained = item.status is ItemStatus.NOT_REPLACED
    is_new_status = item.status is ItemStatus.KEPT or item.status.is_other or is_retained
    status = ItemStatus.SKIPPED if is_new_status else item.status
    own = item.own_settings
    return json.dumps(
        {
            "number": item.item_id,
            "source": str(item.source),
            "base": _path_to_json(item.base_folder),
            "own": None if own is None else encode_restore_settings(own),
            "status": status.name,
            "kept": item.status is ItemStatus.KEPT,
            "other": item.status.name if item.status.is_other else None,
            "retained": is_retained,
            "target": _path_to_json(item.target),
            "consistency": item.consistency,
            "seconds": item.seconds,
            "evaluations": item.evaluation_count,
            "message": item.message,
            "redo": item.redo,
            "partial": item.is_partial,
            "sizes": None if item.sizes is None else [item.sizes.source, item.sizes.result],
        }
    )


def _encode_export_settings(settings: CommonSettings) -> dict[str, Any]:
    export = settings.export
    return {
        "suffix": settings.suffix,
        "bits": export.bits,
        "policy": export.policy,
        "upright": export.bake_orientation,
        "jpeg_quality": export.jpeg_quality,
        "same_levels": export.same_levels,
        "keep_date": settings.keep_date,
    }


def _path_to_json(path: Path | None) -> str | None:
    return None if path is None else str(path)


def _parse_batch_file(lines: Sequence[str]) -> SavedBatch | None:
    """Return the batch in the lines of a batch file, None if the file is unusable.

    A line that a crash has cut off is skipped.
    """
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
            _parse_selection(header),
        )
    # The file is of another version or was edited by hand.
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, InvalidSetting):
        return None


def _parse_selection(header: dict[str, Any]) -> SelectionRule:
    others = header.get("others")  # version 0.1.0 does not write these two keys
    return SelectionRule(
        header.get("below_quality"), None if others is None else OthersPolicy(others)
    )


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
    return CommonSettings(
        parse_restore_settings(header["file"]),
        export,
        saving["suffix"],
        keep_date=saving.get("keep_date", True),  # version 0.1.0 does not write this key
    )


def _parse_batch_item(document: dict[str, Any]) -> BatchItem:
    status, own_settings = ItemStatus[document["status"]], document["own"]
    sizes = document.get("sizes")
    if document.get("kept", False):  # version 0.1.0 does not write this key
        status = ItemStatus.KEPT
    if document.get("retained", False):
        status = ItemStatus.NOT_REPLACED
    if document.get("other") is not None:
        status = ItemStatus[document["other"]]
    return BatchItem(
        document["number"],
        Path(document["source"]),
        _path_from_json(document["base"]),
        None if own_settings is None else parse_restore_settings(own_settings),
        ItemStatus.STOPPED if status is ItemStatus.WORKING else status,
        _path_from_json(document["target"]),
        document["consistency"],
        document["seconds"],
        document["evaluations"],
        document["message"],
        # Version 0.1.0 does not write the following keys.
        document.get("redo", False),
        document.get("partial", False),
        None if sizes is None else FileSizes(int(sizes[0]), int(sizes[1])),
    )


def _path_from_json(text: str | None) -> Path | None:
    return None if text is None else Path(text)
