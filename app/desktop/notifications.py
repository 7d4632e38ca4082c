"""Notices of the desktop."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from pathlib import Path

from PySide6.QtCore import QProcess
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from app.desktop import NOTICE_ARGUMENT

_MAX_LENGTH = 300


class DesktopNotifier(ABC):
    """Base class of objects that show notices of the desktop."""

    @abstractmethod
    def show_notice(self, title: str, body: str) -> None:
        """Show a notice with a title and a body in plain text; do nothing if that is impossible."""


class FreedesktopNotifier(DesktopNotifier):
    """A notifier that calls org.freedesktop.Notifications in a process of its own."""

    def show_notice(self, title: str, body: str) -> None:
        program, *arguments = build_notice_command()
        QProcess.startDetached(program, [*arguments, make_one_line(title), make_one_line(body)])


class TrayNotifier(DesktopNotifier):
    """A notifier that shows a tray icon for its notices, for Windows and macOS. Not yet run there.

    The icon is shown from the first notice on, because both systems need one.
    """

    def __init__(self) -> None:
        self._icon: QSystemTrayIcon | None = None

    def show_notice(self, title: str, body: str) -> None:
        if self._icon is None:
            self._icon = QSystemTrayIcon(QApplication.windowIcon())
            self._icon.show()
        self._icon.showMessage(make_one_line(title), make_one_line(body))


def create_notifier() -> DesktopNotifier:
    """Return the notifier of the operating system on which the program runs."""
    return TrayNotifier() if sys.platform in ("win32", "darwin") else FreedesktopNotifier()


def build_notice_command() -> list[str]:
    """Return the command that shows a notice, without title and body."""
    if getattr(sys, "frozen", False):
        return [sys.executable, NOTICE_ARGUMENT]
    # -P: no module is imported from the folder of the script.
    return [sys.executable, "-P", str(Path(__file__).with_name("notice_process.py"))]


def make_one_line(text: str) -> str:
    """Return a text with spaces in place of line breaks and control characters, shortened.

    File names may contain both.
    """
    printable = "".join(character if character.isprintable() else " " for character in text)
    return printable if len(printable) <= _MAX_LENGTH else f"{printable[: _MAX_LENGTH - 1]}…"
