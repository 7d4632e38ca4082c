"""Actions on recent files."""

from __future__ import annotations

from app.i18n.translation import tr
from app.ui.widgets.action_factory import ActionFactory


class RecentFilesActions:
    """The menu actions for recent files; `DocumentController` connects their signals."""

    def __init__(self, factory: ActionFactory) -> None:
        self.open_latest_file = factory.create(
            tr("Open the &last file"),
            tr("Open the file again that was open last"),
            ["Ctrl+Shift+T"],
        )
        self.clear_recent_files = factory.create(
            tr("&Clear this list"), tr("Forget which files were opened; the files stay")
        )
