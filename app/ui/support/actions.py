"""Actions of the Help menu."""

from __future__ import annotations

from app.i18n.translation import tr
from app.ui.widgets.action_factory import ActionMaker


class SupportActions:
    """Actions of the Help menu; nothing is connected yet."""

    def __init__(self, factory: ActionMaker) -> None:
        self.show_shortcuts = factory.make(
            tr("&Keys and mouse"), tr("What every key and the mouse do"), ["F1", "?"]
        )
        self.save_bug_report = factory.make(
            tr("Collect &diagnostics…"),
            tr("Write a text for a report of a fault, without names of yours in it"),
        )
        self.show_about = factory.make(tr("&About"), tr("What this program is"))
