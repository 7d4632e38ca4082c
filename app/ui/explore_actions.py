"""What the user can do with runs, their estimates and their samples."""

from __future__ import annotations

from PySide6.QtGui import QAction

from app.language import tr
from app.ui.action_maker import ActionMaker
from app.ui.view_actions import Group


class ExploreActions:
    """Actions for going through what runs gave."""

    def __init__(self, maker: ActionMaker) -> None:
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
        self.samples = maker.make(
            tr("Samples"), tr("See every sample of the result, and choose one"), ["Ctrl+L"]
        )
        self.runs = maker.make(
            tr("Runs"), tr("See what the runs of this session gave, and go back to one"), ["Ctrl+H"]
        )

    @property
    def run_menu(self) -> Group:
        """The Run menu's."""
        return (
            *(self.play, self.back, self.forward, self.keep, None),
            *(self.samples, self.runs),
        )

    @property
    def all(self) -> tuple[QAction, ...]:
        """In the order of the menus."""
        return tuple(action for action in self.run_menu if action is not None)
