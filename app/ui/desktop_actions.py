"""What the user can ask of the program itself, rather than of a picture."""

from __future__ import annotations

from app.language import tr
from app.ui.action_maker import ActionMaker


class DesktopActions:
    """Files of before, clipboard, settings and help; nothing is connected yet."""

    def __init__(self, maker: ActionMaker) -> None:
        make = maker.make
        self.open_last = make(
            tr("Open the &last file"),
            tr("Open the file again that was open last"),
            ["Ctrl+Shift+T"],
        )
        self.clear_recent = make(
            tr("&Clear this list"), tr("Forget which files were opened; the files stay")
        )
        self.copy_result = make(
            tr("&Copy result"),
            tr("Copy the result as a picture, and as a file to paste into a folder"),
            ["Ctrl+C"],
        )
        self.copy_original = make(
            tr("Copy &original"),
            tr("Copy the opened file as a picture, and as a file"),
            ["Ctrl+Shift+C"],
        )
        self.settings = make(tr("&Settings…"), tr("What is the same for every picture"), ["Ctrl+,"])
        self.keys = make(tr("&Keys and mouse"), tr("What every key and the mouse do"), ["F1", "?"])
        self.diagnostics = make(
            tr("Collect &diagnostics…"),
            tr("Write a text for a report of a fault, without names of yours in it"),
        )
        self.about = make(tr("&About"), tr("What this program is"))
