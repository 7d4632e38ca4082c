"""Storage of the lines of a manifest: the interface, and the files of a folder."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

from ddrm_core.batch.manifest.driver import BatchDriver
from ddrm_core.batch.manifest.line_file import LineFile
from ddrm_core.os_errors import reading, writing

MANIFEST_NAME = ".ddrm-restore.jsonl"
MACHINES_FOLDER_NAME = ".ddrm-restore.d"
"""Name of the folder with the manifest's files of several machines."""
INDEX_NAME = ".ddrm-restore.index"
"""Name of the file with the index of a large manifest."""
SEARCH_LOG_NAME = ".ddrm-restore-searches.jsonl"
"""Name of the file with the findings of searches by programs that restore a whole batch."""


@runtime_checkable
class ManifestLines(Protocol):
    """The interface to the stored lines of a manifest, to which any process may add."""

    @property
    def index_path(self) -> Path:
        """Path of the index's file."""
        ...

    def find_files(self) -> Mapping[str, LineFile] | None:
        """Measure all files with lines and return them by the names that an index gives them.

        The name of a file is the same for all processes. Return None if lines that were read are
        gone; the next call returns files of which nothing was read. A line may be in two places.

        Raises:
            UnreadableFile: If the lines cannot be read.
            UnwritableOutput: If lines from a network cannot be stored in a temporary file.
        """
        ...

    def append(self, lines: Sequence[bytes]) -> None:
        """Add lines, which outlast a crash of the system from now on.

        Raises:
            UnwritableOutput: If the lines cannot be written.
        """
        ...

    def append_finding(self, line: bytes) -> None:
        """Add the line of a finding of a search, see `FindingEntry`.

        Raises:
            UnwritableOutput: If the line cannot be written.
        """
        ...

    def merge(self) -> None:
        """Merge what was appended in small parts, at the end of a batch.

        Raises:
            UnwritableOutput: If the storage refuses; no line is lost.
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
        index_path: Path of the index's file.
    """

    def __init__(self, folder: Path, driver: BatchDriver | None) -> None:
        """Create the object without reading or writing anything.

        Args:
            folder: Folder of the results, which need not exist.
            driver: Program that restores a part of a batch, see `Manifest`.
        """
        self._machines_folder = folder / MACHINES_FOLDER_NAME
        self.index_path = folder / INDEX_NAME
        own_name = f"{MACHINES_FOLDER_NAME}/{driver.host_name}.jsonl" if driver else MANIFEST_NAME
        self.path = folder / own_name
        names = (MANIFEST_NAME, SEARCH_LOG_NAME)
        self._files = {name: LineFile(folder / name) for name in names}
        self._own_file = self._files.setdefault(own_name, LineFile(self.path))
        # A machine has one file for all lines: two machines cannot append to one search log.
        self._own_search_log = self._own_file if driver else self._files[SEARCH_LOG_NAME]

    def find_files(self) -> Mapping[str, LineFile] | None:
        """Measure the files of all machines and return them by their paths relative to the folder.

        Return None if lines that were read are gone.
        """
        self._find_machines()
        if any(file.measure() is None for file in self._files.values()):
            for file in self._files.values():
                file.forget()
            return None
        return dict(self._files)

    def append(self, lines: Sequence[bytes]) -> None:
        """Append lines to the file of this machine, and flush them to the disk."""
        self._create_machines_folder()
        for line in lines:
            self._own_file.append(line)

    def append_finding(self, line: bytes) -> None:
        """Append a line to the search log, or to the file of this machine."""
        with writing(self._own_search_log.path):
            self._own_search_log.path.parent.mkdir(parents=True, exist_ok=True)
        self._own_search_log.append(line)

    def merge(self) -> None:
        """Do nothing, since lines are appended to one file."""

    def check_writable(self) -> None:
        """Check that lines can be appended; create the file if it is missing."""
        self._create_machines_folder()
        self._own_file.check_writable()

    def _create_machines_folder(self) -> None:
        if self.path.parent == self._machines_folder:
            with writing(self._machines_folder):
                self._machines_folder.mkdir(exist_ok=True)

    def _find_machines(self) -> None:
        """Find the files of all machines."""
        with reading(self._machines_folder):
            try:
                names = os.listdir(self._machines_folder)
            except (FileNotFoundError, NotADirectoryError):
                return
        for name in sorted(names):
            path, file_name = self._machines_folder / name, f"{MACHINES_FOLDER_NAME}/{name}"
            if path.suffix == ".jsonl" and file_name not in self._files:
                self._files[file_name] = LineFile(path)
