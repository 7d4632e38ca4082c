"""Actions that show the samples and the runs of this session."""

from __future__ import annotations

from app.i18n.translation import tr
from app.ui.widgets.action_factory import ActionMaker, Group


class ResultActions:
    """Actions that show results; nothing is connected yet."""

    def __init__(self, maker: ActionMaker) -> None:
        self.samples = maker.make(
            tr("Samples"), tr("See every sample of the result, and choose one"), ["Ctrl+L"]
        )
        self.runs = maker.make(
            tr("Runs"), tr("See what the runs of this session gave, and go back to one"), ["Ctrl+H"]
        )

    @property
    def menu(self) -> Group:
        """The lines of results in the Run menu."""
        return (self.samples, self.runs)
