"""Actions that show the samples and the run history."""

from __future__ import annotations

from app.i18n.translation import tr
from app.ui.widgets.action_factory import ActionFactory, MenuItems


class ResultActions:
    """The actions that show results; `ResultsController` connects their signals."""

    def __init__(self, factory: ActionFactory) -> None:
        self.show_samples = factory.create(
            tr("All vers&ions"), tr("See every version of the result, and choose one"), ["Ctrl+L"]
        )
        self.show_run_history = factory.create(
            tr("R&uns"),
            tr("See what the runs of this session gave, and go back to one"),
            ["Ctrl+H"],
        )

    @property
    def menu_items(self) -> MenuItems:
        """The actions of the Run menu about results, with None for each separator."""
        return (self.show_samples, self.show_run_history)
