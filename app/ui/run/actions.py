"""Actions on a run: the rest of the image, and the run's estimates."""

from __future__ import annotations

from app.i18n.translation import tr
from app.ui.widgets.action_factory import ActionMaker, Group


class RunActions:
    """Actions on a run and its estimates; nothing is connected yet."""

    def __init__(self, maker: ActionMaker) -> None:
        self.rest = maker.make(
            tr("Restore the rest"),
            tr("Restore the whole picture as its visible part was, with the same seed"),
            ["Ctrl+Alt+Return", "Ctrl+Alt+Enter"],
        )
        self.play = maker.make(
            tr("Play the estimates"), tr("Show the estimates of the run one after another"), ["P"]
        )
        self.back = maker.make(tr("Estimate before"), tr("Go back to the estimate before"), ["["])
        self.forward = maker.make(
            tr("Next estimate"), tr("Go to the next estimate; the last place is the result"), ["]"]
        )
        self.keep = maker.make(
            tr("Keep this estimate"),
            tr("Make a result of the estimate that is looked at"),
            ["Ctrl+E"],
        )

    @property
    def menu(self) -> Group:
        """The lines of estimates in the Run menu."""
        return (self.play, self.back, self.forward, self.keep, None)
