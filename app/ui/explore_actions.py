"""What the user can do with runs, their estimates and their samples."""

from __future__ import annotations

from PySide6.QtGui import QAction

from app.language import tr
from app.ui.action_maker import ActionMaker, Group


class ExploreActions:
    """Actions for going through what runs gave."""

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
        self.samples = maker.make(
            tr("Samples"), tr("See every sample of the result, and choose one"), ["Ctrl+L"]
        )
        self.runs = maker.make(
            tr("Runs"), tr("See what the runs of this session gave, and go back to one"), ["Ctrl+H"]
        )

        self._make_settings(maker)

    def _make_settings(self, maker: ActionMaker) -> None:
        self.undo = maker.make(
            tr("Undo"), tr("Take the latest change of the settings back"), ["Ctrl+Z"]
        )
        self.redo = maker.make(
            tr("Redo"),
            tr("Make the change of the settings again that was taken back"),
            ["Ctrl+Shift+Z", "Ctrl+Y"],
        )
        self.save_preset = maker.make(
            tr("Save as preset…"), tr("Keep these settings under a name"), ["Ctrl+Shift+P"]
        )
        self.rename_preset = maker.make(
            tr("Rename preset…"), tr("Give the chosen preset of yours another name")
        )
        self.delete_preset = maker.make(
            tr("Delete preset"), tr("Forget the chosen preset of yours; its settings stay")
        )

    @property
    def edit_menu(self) -> Group:
        """The Edit menu's first lines."""
        return (self.undo, self.redo, None)

    @property
    def preset_menu(self) -> Group:
        """What is done with presets."""
        return (self.save_preset, self.rename_preset, self.delete_preset, None)

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
        lines = (*self.edit_menu, *self.preset_menu, self.rest, *self.run_menu)
        return tuple(action for action in lines if action is not None)
