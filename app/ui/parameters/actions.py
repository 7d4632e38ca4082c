"""Actions on the settings of a run: undo, redo and presets."""

from __future__ import annotations

from app.i18n.translation import tr
from app.ui.widgets.action_factory import ActionFactory, MenuItems


class ParameterActions:
    """The actions for presets, undo and redo; `ParametersController` connects their signals."""

    def __init__(self, factory: ActionFactory) -> None:
        self.undo = factory.create(tr("&Undo"), tr("Take the latest change back"), ["Ctrl+Z"])
        self.redo = factory.create(
            tr("&Redo"),
            tr("Make the change again that was taken back"),
            ["Ctrl+Shift+Z", "Ctrl+Y"],
        )
        self.save_preset = factory.create(
            tr("Save &as preset…"), tr("Keep these settings under a name"), ["Ctrl+Shift+P"]
        )
        self.rename_preset = factory.create(
            tr("R&ename preset…"), tr("Give the chosen preset of yours another name")
        )
        self.delete_preset = factory.create(
            tr("&Delete preset"), tr("Forget the chosen preset of yours; its settings stay")
        )

    @property
    def undo_menu_items(self) -> MenuItems:
        """The actions of the Edit menu for undo and redo, with None for each separator."""
        return (self.undo, self.redo, None)

    @property
    def preset_menu_items(self) -> MenuItems:
        """The actions of the Edit menu for presets, with None for each separator."""
        return (self.save_preset, self.rename_preset, self.delete_preset, None)
