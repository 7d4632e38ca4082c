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
    FileSettings,
    Place,
    QueueSettings,
    Row,
    Saving,
    Status,
)
from ddrm_core.errors import InvalidSetting, UnwritableOutput
from ddrm_core.files.atomic_write import write_atomically
from ddrm_core.metadata.policy import MetadataPolicy
from ddrm_core.sampler.settings import CorrectionKind, SamplerSettings, Spacing

_VERSION = 1


@dataclass(frozen=True, slots=True)
class KeptQueue:
    """What is kept of a queue.

    Attributes:
        place: Where results go.
        settings: Taken from the window at the start, None before.
        recursive: Whether folders are looked through with those in them.
        every_format: Whether more than JPEGs count there.
        damaged: Whether what can be read of damaged files is restored.
        rows: The files.
    """

    place: Place
    settings: QueueSettings | None
    recursive: bool
    every_format: bool
    damaged: bool
    rows: tuple[Row, ...]


def queue_path() -> Path:
    """The file, in the user's folder for what programs were doing."""
    return state_folder() / "queue.jsonl"


class QueueStore:
    """The file, of one window at a time: a later one keeps nothing. For one thread at a time."""

    def __init__(self, path: Path) -> None:
        """Nothing is read or written yet.

        Args:
            path: The file.
        """
        self._path = path
        self._lock: QLockFile | None = None
        self._released = False

    def load(self) -> KeptQueue | None:
        """What is kept; None where nothing usable is, or where it is another window's."""
        if not self._own():
            return None
        try:
            text = self._path.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return None
        return _parsed(text.splitlines())

    def save(self, kept: KeptQueue) -> None:
        """Keep this instead of what is kept; a kill leaves the one or the other.

        Raises:
            UnwritableOutput: The system refused.
        """
        if self._own():
            lines = [_header(kept), *map(_line, kept.rows)]
            write_atomically(self._path, "".join(f"{line}\n" for line in lines).encode())

    def note(self, rows: Sequence[Row]) -> None:
        """Keep what has changed of these files.

        Raises:
            UnwritableOutput: The system refused.
        """
        if self._own():
            try:
                with self._path.open("a", encoding="utf-8") as file:
                    file.write("".join(f"{_line(row)}\n" for row in rows))
            except OSError as error:
                raise UnwritableOutput.after(self._path, error) from error

    def forget(self) -> None:
        """Keep nothing.

        Raises:
            UnwritableOutput: The system refused.
        """
        if self._own():
            try:
                self._path.unlink(missing_ok=True)
            except OSError as error:
                raise UnwritableOutput.after(self._path, error) from error

    def release(self) -> None:
        """Leave the file to other windows for good."""
        self._released = True
        if self._lock is not None:
            self._lock.unlock()

    def _own(self) -> bool:
        """Whether it is this window's, from the first question on.

        A killed one's lock counts no more. What another window leaves is for the next start: lines
        of this one's files would be taken for its own.
        """
        if self._released:
            return False
        if self._lock is None:
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise UnwritableOutput.after(self._path, error) from error
            self._lock = QLockFile(os.fspath(self._path.with_suffix(".lock")))
            self._lock.setStaleLockTime(0)
            self._lock.tryLock(0)
        return self._lock.isLocked()


def _header(kept: KeptQueue) -> str:
    settings = kept.settings
    return json.dumps(
        {
            "version": _VERSION,
            "folder": _text(kept.place.folder),
            "template": kept.place.template,
            "tree": kept.place.tree,
            "recursive": kept.recursive,
            "every_format": kept.every_format,
            "damaged": kept.damaged,
            "file": None if settings is None else asdict(settings.file),
            "saving": None if settings is None else asdict(settings.saving),
        }
    )


def _line(row: Row) -> str:
    """Raw bytes of a name that is no UTF-8 go through JSON as lone surrogates.

    0.1.0 takes a state that it does not know for the end of the whole queue, and passes over what
    it does not know of a file: a kept result is a skipped file for it.
    """
    status = Status.SKIPPED if row.status is Status.KEPT else row.status
    return json.dumps(
        {
            "number": row.number,
            "source": str(row.source),
            "base": _text(row.base),
            "own": None if row.own is None else asdict(row.own),
            "status": status.name,
            "kept": row.status is Status.KEPT,
            "target": _text(row.target),
            "consistency": row.consistency,
            "seconds": row.seconds,
            "evaluations": row.evaluations,
            "message": row.message,
            "redo": row.redo,
        }
    )


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)


def _parsed(lines: Sequence[str]) -> KeptQueue | None:
    """None where it is not a queue. What a kill has cut off is left out."""
    rows: dict[int, Row] = {}
    try:
        header = json.loads(lines[0])
        if header["version"] != _VERSION:
            return None
        for line in lines[1:]:
            try:
                document = json.loads(line)
            except json.JSONDecodeError:
                continue
            row = _row(document)
            rows[row.number] = row
        return KeptQueue(
            Place(_path(header["folder"]), header["template"], header["tree"]),
            _settings(header),
            header["recursive"],
            header["every_format"],
            header["damaged"],
            tuple(rows.values()),
        )
    # Another version's, or edited: nothing that one could go on with.
    except (IndexError, KeyError, TypeError, ValueError, InvalidSetting):
        return None


def _settings(header: dict[str, Any]) -> QueueSettings | None:
    if header["file"] is None:
        return None
    saving = header["saving"]
    saving = Saving(**{**saving, "policy": MetadataPolicy(saving["policy"])})
    return QueueSettings(_file_settings(header["file"]), saving)


def _row(document: dict[str, Any]) -> Row:
    status, own = Status[document["status"]], document["own"]
    if document.get("kept", False):  # 0.1.0 does not write it
        status = Status.KEPT
    return Row(
        document["number"],
        Path(document["source"]),
        _path(document["base"]),
        None if own is None else _file_settings(own),
        Status.STOPPED if status is Status.WORKING else status,
        _path(document["target"]),
        document["consistency"],
        document["seconds"],
        document["evaluations"],
        document["message"],
        document.get("redo", False),
    )


def _file_settings(document: dict[str, Any]) -> FileSettings:
    sampler = document["sampler"]
    grid = document["grid"]
    return FileSettings(
        **{
            **document,
            "grid": None if grid is None else (grid[0], grid[1]),
            "sampler": SamplerSettings(
                **{
                    **sampler,
                    "correction": CorrectionKind(sampler["correction"]),
                    "spacing": Spacing(sampler["spacing"]),
                }
            ),
        }
    )


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text)
