"""Actions on a run and its estimates."""

from __future__ import annotations

from app.i18n.translation import tr
from app.ui.widgets.action_factory import ActionFactory, MenuItems
from app.ui.widgets.theme import Icon


class RunActions:
    """The actions on a run and its estimates; `RunController` connects their signals."""

    def __init__(self, factory: ActionFactory) -> None:
        self.preview_center = factory.create(
            tr("Preview &here"),
            tr("Restore the middle of what is seen with these settings, in about ten seconds"),
            ["Ctrl+Shift+H"],
            Icon.LOUPE,
        )
        self.toggle_quick_preview = factory.create(
            tr("&Live preview"),
            tr("Preview the middle of what is seen while nothing is touched; off on battery"),
            checkable=True,
        )
        self.restore_remaining = factory.create(
            tr("Restore &the rest"),
            tr("Restore the whole picture as its visible part was, with the same seed"),
            ["Ctrl+Alt+Return", "Ctrl+Alt+Enter"],
        )
        self.play_estimates = factory.create(
            tr("&Play the steps"), tr("Show the steps of the run one after another"), ["P"]
        )
        self.previous_estimate = factory.create(
            tr("Previ&ous step"), tr("Go back to the previous step"), ["["]
        )
        self.next_estimate = factory.create(
            tr("&Next step"), tr("Go to the next step; the last place is the result"), ["]"]
        )
        self.use_estimate = factory.create(
            tr("Us&e this step"),
            tr("Make the step that is shown the result"),
            ["Ctrl+E"],
        )

    @property
    def menu_items(self) -> MenuItems:
        """The actions of the Run menu about estimates, with None for each separator."""
        return (
            self.play_estimates,
            self.previous_estimate,
            self.next_estimate,
            self.use_estimate,
            None,
        )
