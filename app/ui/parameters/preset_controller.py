"""What the user goes through to keep settings under a name."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMenu, QWidget

from app.i18n.error_messages import UserMessage, message_from_error
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
    preset_name_error_text,
    preset_overwrite_text,
)


class PresetController(QObject):
    """Saves, renames and deletes the user's presets."""

    def __init__(
        self,
        window: QWidget,
        actions: ParameterActions,
        presets: PresetsViewModel,
        parameters: ParametersViewModel,
        *,
        panel: ParameterPanel,
        message_bar: MessageBar,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._actions = actions
        self._presets = presets
        self._parameters = parameters
        self._panel = panel
        self._message_bar = message_bar
        menu = QMenu(panel.preset_menu_button)
        menu.addActions([actions.save_preset, actions.rename_preset, actions.delete_preset])
        panel.preset_menu_button.setMenu(menu)
        actions.save_preset.triggered.connect(lambda _checked: self.save_preset())
        actions.rename_preset.triggered.connect(lambda _checked: self.rename_preset())
        actions.delete_preset.triggered.connect(lambda _checked: self.delete_preset())
        presets.state_changed.connect(self._on_presets_changed)
        parameters.state_changed.connect(self._on_parameters_changed)
        parameters.correction_failed.connect(self._on_correction_failed)
        self._update_actions()

    def save_preset(self) -> None:
        """The settings in force, under a name that is typed."""
        settings = self._parameters.state.settings
        selected = self._selected_preset
        NameDialog(
            self._window,
            tr("Save as preset"),
            "" if selected is None else selected.name,
            error_text=lambda name: preset_name_error_text(self._presets.state, name),
            hint_text=lambda name: preset_overwrite_text(self._presets.state, name),
            on_accept=lambda name: self._presets.save(name, settings),
        ).open()

    def rename_preset(self) -> None:
        """The preset that is chosen."""
        selected = self._selected_preset
        if selected is not None:
            NameDialog(
                self._window,
                tr("Rename preset"),
                selected.name,
                error_text=lambda name: preset_name_error_text(
                    self._presets.state, name, old_name=selected.name
                ),
                hint_text=lambda _name: "",
                on_accept=partial(self._presets.rename, selected),
            ).open()

    def delete_preset(self) -> None:
        """The preset that is chosen; its settings stay in force, and it can be taken back."""
        selected = self._selected_preset
        if selected is not None:
            self._presets.delete(selected)
            title = tr("The preset {name} was deleted").format(name=selected.name)
            self._message_bar.show_info(UserMessage(title, tr("Its settings are still in force.")))
            undo = partial(self._presets.save, selected.name, selected.settings)
            self._message_bar.add_button(tr("Undo"), undo)

    @property
    def _selected_preset(self) -> UserPreset | None:
        parameters = self._parameters.state
        return (
            None if parameters.preset else self._presets.state.find_by_settings(parameters.settings)
        )

    @Slot(object)
    def _on_presets_changed(self, state: PresetsState) -> None:
        self._panel.show_user_presets(state.presets)
        if state.error is not None:
            self._message_bar.show_error(message_from_error(state.error))
        self._update_actions()

    @Slot(object)
    def _on_parameters_changed(self, _state: ParametersState) -> None:
        self._update_actions()

    @Slot(object)
    def _on_correction_failed(self, error: Exception) -> None:
        self._message_bar.show_error(message_from_error(error))

    def _update_actions(self) -> None:
        self._actions.rename_preset.setEnabled(self._selected_preset is not None)
        self._actions.delete_preset.setEnabled(self._selected_preset is not None)
