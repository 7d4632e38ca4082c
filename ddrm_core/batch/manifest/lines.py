"""Storage of the lines of a manifest: the interface, and the files of a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

from ddrm_core.batch.manifest.driver import BatchDriver
from ddrm_core.batch.manifest.line_file import LineFile
from ddrm_core.os_errors import reading, writing

MANIFEST_NAME = ".ddrm-restore.jsonl"
MACHINES_FOLDER_NAME = ".ddrm-restore.d"
"""Name of the folder with the manifest's files of several machines."""


@runtime_checkable
class ManifestLines(Protocol):
    """The interface to the stored lines of a manifest, to which any process may add."""

    def read_new_lines(self) -> Iterator[bytes] | None:
        """Yield the lines that any process has added since the last call, in their order.

        A line may be yielded twice. Return None if lines of earlier calls are gone; the next call
        yields all lines.

        Raises:
            UnreadableFile: If the lines cannot be read.
        """
        ...

    def append(self, lines: Sequence[bytes]) -> None:
        """Add lines, which outlast a crash of the system from now on.

        Raises:
            UnwritableOutput: If the lines cannot be written.
        """
        ...

    def check_writable(self) -> None:
        """Check that lines can be added.

        Raises:
            UnwritableOutput: If lines cannot be written.
        """
        ...


class FolderLines:
    """The lines of a manifest in files of the folder of the results.

    This class implements `ManifestLines`.

    Attributes:
        path: Path of the file that lines are appended to.
    """

    def __init__(self, folder: Path, driver: BatchDriver | None) -> None:
        """Create the object without reading or writing anything.

        Args:
            folder: Folder of the results, which need not exist.
            driver: Program that restores a part of a batch, see `Manifest`.
        """
        main_file, self._machines_folder = folder / MANIFEST_NAME, folder / MACHINES_FOLDER_NAME
        self.path = self._machines_folder / f"{driver.host_name}.jsonl" if driver else main_file
        self._files = {main_file: LineFile(main_file)}
        self._own_file = self._files.setdefault(self.path, LineFile(self.path))

    def read_new_lines(self) -> Iterator[bytes] | None:
        """Yield the lines that any process has appended to a file since the last call."""
        self._find_files()
        new_lines = [file.read_new_lines() for file in self._files.values()]
        if None in new_lines:
            for file in self._files.values():
                file.forget()
            return None
        return (line for lines in new_lines for line in lines or ())

    def append(self, lines: Sequence[bytes]) -> None:
        """Append lines to the file of this machine, and flush them to the disk."""
        self._create_machines_folder()
        for line in lines:
            self._own_file.append(line)

    def check_writable(self) -> None:
        """Check that lines can be appended; create the file if it is missing."""
        self._create_machines_folder()
        self._own_file.check_writable()

    def _create_machines_folder(self) -> None:
        if self.path.parent == self._machines_folder:
            with writing(self._machines_folder):
                self._machines_folder.mkdir(exist_ok=True)

    def _find_files(self) -> None:
        """Find the files of all machines."""
        with reading(self._machines_folder):
            try:
                names = os.listdir(self._machines_folder)
            except (FileNotFoundError, NotADirectoryError):
                return
        for name in sorted(names):
            path = self._machines_folder / name
            if path.suffix == ".jsonl" and path not in self._files:
                self._files[path] = LineFile(path)
