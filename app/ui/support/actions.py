"""Actions of the Help menu."""

from __future__ import annotations

from app.i18n.translation import tr
from app.ui.widgets.action_factory import ActionFactory


class SupportActions:
    """Actions of the Help menu, which `SupportController` connects."""

    def __init__(self, factory: ActionFactory) -> None:
        self.show_shortcuts = factory.create(
            tr("&Keys and mouse"), tr("What every key and the mouse do"), ["F1", "?"]
        )
        self.save_bug_report = factory.create(
            tr("Collect &diagnostics…"),
            tr("Write a text for a report of a fault, without names of yours in it"),
        )
        self.show_about = factory.create(tr("&About"), tr("What this program is"))
