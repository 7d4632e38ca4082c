"""Asking for files."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from PySide6.QtWidgets import QFileDialog, QWidget


class FileDialogs(Protocol):
    """What the window asks; tests answer without a dialog."""

    def ask_open(self, parent: QWidget, folder: Path) -> Path | None:
        """Which JPEG to open, None for none."""
        ...

    def ask_save(self, parent: QWidget, proposal: Path) -> Path | None:
        """Where to save a PNG, None for nowhere; replacing a file was agreed to."""
        ...


class NativeFileDialogs:
    """The system's own dialogs."""

    def ask_open(self, parent: QWidget, folder: Path) -> Path | None:
        dialog = QFileDialog(parent, "Open a JPEG", str(folder))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(
            ["JPEG files (*.jpg *.jpeg *.jpe *.jfif *.JPG *.JPEG)", "All files (*)"]
        )
        return _answer(dialog)

    def ask_save(self, parent: QWidget, proposal: Path) -> Path | None:
        dialog = QFileDialog(parent, "Save the result", str(proposal.parent))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(["PNG files (*.png)"])
        dialog.setDefaultSuffix("png")
        dialog.selectFile(proposal.name)
        return _answer(dialog)


def _answer(dialog: QFileDialog) -> Path | None:
    chosen = Path(dialog.selectedFiles()[0]) if dialog.exec() else None
    dialog.deleteLater()
    return chosen
