"""The application object of the window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFileOpenEvent, QIcon
from PySide6.QtWidgets import QApplication

from app import BUNDLE_ID, COMMAND
from app.config.resources import APP_ICON_PATH
from ddrm_core import PROGRAM_NAME


class Application(QApplication):
    """The QApplication with the program's names and icon; reports files that macOS opens.

    Signals:
        file_open_requested: macOS asked the running program to open a file. arg1: path of the file.
    """

    file_open_requested = Signal(object)

    def __init__(self, arguments: Sequence[str]) -> None:
        super().__init__(list(arguments))
        self.setApplicationName(COMMAND)
        self.setApplicationDisplayName(PROGRAM_NAME)
        self.setOrganizationName(COMMAND)
        self.setDesktopFileName(BUNDLE_ID)
        self.setWindowIcon(QIcon(str(APP_ICON_PATH)))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent):
            if event.url().isLocalFile():
                self.file_open_requested.emit(Path(event.url().toLocalFile()))
            return True
        return super().event(event)
