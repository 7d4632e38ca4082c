"""Actions that copy images to the clipboard."""

from __future__ import annotations

from app.i18n.translation import tr
from app.ui.widgets.action_factory import ActionFactory


class CopyActions:
    """The actions that copy the result or the original; `ExportController` connects them."""

    def __init__(self, factory: ActionFactory) -> None:
        self.copy_result = factory.create(
            tr("&Copy result"),
            tr("Copy the result as a picture, and as a file to paste into a folder"),
            ["Ctrl+C"],
        )
        self.copy_original = factory.create(
            tr("Copy &original"),
            tr("Copy the opened file as a picture, and as a file"),
            ["Ctrl+Shift+C"],
        )
