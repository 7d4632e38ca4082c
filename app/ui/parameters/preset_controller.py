"""What the user goes through to keep settings under a name."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMenu, QWidget

from app.i18n.error_messages import Message, message_for
from app.i18n.translation import tr
from app.jobs.parameters.preset_file import UserPreset
from app.ui.parameters.actions import ParameterActions
from app.ui.parameters.parameter_panel import ParameterPanel
from app.ui.widgets.message_bar import MessageBar
from app.ui.widgets.name_dialog import NameDialog
from app.viewmodels.parameters.parameters import ParametersState, ParametersViewModel
from app.viewmodels.parameters.presets import (
    PresetsState,
    PresetsViewModel,
    name_note,
    name_problem,
)


class PresetKeeper(QObject):
    """Saves, renames and deletes the user's presets."""

    def __init__(
        self,
        window: QWidget,
        actions: ParameterActions,
        presets: PresetsViewModel,
        parameters: ParametersViewModel,
        *,
        panel: ParameterPanel,
        message: MessageBar,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._actions = actions
        self._presets = presets
        self._parameters = parameters
        self._panel = panel
        self._message = message
        menu = QMenu(panel.preset_tools)
        menu.addActions([actions.save_preset, actions.rename_preset, actions.delete_preset])
        panel.preset_tools.setMenu(menu)
        actions.save_preset.triggered.connect(lambda _checked: self.ask_to_save())
        actions.rename_preset.triggered.connect(lambda _checked: self.ask_to_rename())
        actions.delete_preset.triggered.connect(lambda _checked: self.delete())
        presets.state_changed.connect(self._on_presets_changed)
        parameters.state_changed.connect(self._on_parameters_changed)
        self._enable()

    def ask_to_save(self) -> None:
        """The settings in force, under a name that is typed."""
        settings = self._parameters.state.settings
        chosen = self._chosen
        NameDialog(
            self._window,
            tr("Save as preset"),
            "" if chosen is None else chosen.name,
            problem=lambda name: name_problem(self._presets.state, name),
            note=lambda name: name_note(self._presets.state, name),
            agreed=lambda name: self._presets.save(name, settings),
        ).open()

    def ask_to_rename(self) -> None:
        """The preset that is chosen."""
        chosen = self._chosen
        if chosen is not None:
            NameDialog(
                self._window,
                tr("Rename preset"),
                chosen.name,
                problem=lambda name: name_problem(self._presets.state, name, renaming=chosen.name),
                note=lambda _name: "",
                agreed=partial(self._presets.rename, chosen),
            ).open()

    def delete(self) -> None:
        """The preset that is chosen; its settings stay in force, and it can be taken back."""
        chosen = self._chosen
        if chosen is not None:
            self._presets.delete(chosen)
            title = tr("The preset {name} was deleted").format(name=chosen.name)
            self._message.show_note(Message(title, tr("Its settings are still in force.")))
            take_back = partial(self._presets.save, chosen.name, chosen.settings)
            self._message.add_action(tr("Undo"), take_back)

    @property
    def _chosen(self) -> UserPreset | None:
        parameters = self._parameters.state
        return None if parameters.preset else self._presets.state.named(parameters.settings)

    @Slot(object)
    def _on_presets_changed(self, state: PresetsState) -> None:
        self._panel.show_presets(state.presets)
        if state.error is not None:
            self._message.show_failure(message_for(state.error))
        self._enable()

    @Slot(object)
    def _on_parameters_changed(self, _state: ParametersState) -> None:
        self._enable()

    def _enable(self) -> None:
        self._actions.rename_preset.setEnabled(self._chosen is not None)
        self._actions.delete_preset.setEnabled(self._chosen is not None)
