"""Actions on the files that were opened before."""

from __future__ import annotations

from app.i18n.translation import tr
from app.ui.widgets.action_factory import ActionMaker


class RecentActions:
    """Actions on recent files; nothing is connected yet."""

    def __init__(self, maker: ActionMaker) -> None:
        self.open_last = maker.make(
            tr("Open the &last file"),
            tr("Open the file again that was open last"),
            ["Ctrl+Shift+T"],
        )
        self.clear_recent = maker.make(
            tr("&Clear this list"), tr("Forget which files were opened; the files stay")
        )
