"""The controller of the parameter panel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QMenu

from app.i18n.error_messages import UserMessage, message_from_error
from app.i18n.translation import tr
from app.jobs.parameters.preset_file import UserPreset
from app.ui.parameters.actions import ParameterActions
from app.ui.parameters.name_dialog import NameDialog
from app.ui.parameters.parameter_panel import ParameterPanel
from app.ui.parameters.undo_key_filter import UndoKeyFilter
from app.ui.priors.prior_controller import PriorController
from app.ui.window_context import Controller, WindowContext
from app.viewmodels.parameters.cost_estimate import CostEstimateState
from app.viewmodels.parameters.presets import (
    PresetsState,
    preset_name_error_text,
    preset_overwrite_text,
)
from app.viewmodels.parameters.reuse_settings import (
    RecordReadDone,
    ReuseSettingsState,
    reused_settings_message,
)
from app.viewmodels.parameters.undo import ActionChange, UndoState
from app.viewmodels.state_view_model import JobFailed


class ParametersController(Controller):
    """The controller of the parameter panel.

    The controller connects the panel with presets, undo, the cost estimate and the settings
    recorded in results.
    """

    def __init__(
        self,
        context: WindowContext,
        actions: ParameterActions,
        panel: ParameterPanel,
        prior_controller: PriorController,
    ) -> None:
        super().__init__(context)
        view_models = context.view_models
        self._actions = actions
        self._presets = view_models.presets
        self._undo = view_models.undo
        self._parameters = view_models.parameters
        self._document = view_models.document
        self._reuse_settings = view_models.reuse_settings
        self._panel = panel
        self._prior_controller = prior_controller
        menu = QMenu(panel.preset_menu_button)
        menu.addActions([actions.save_preset, actions.rename_preset, actions.delete_preset])
        panel.preset_menu_button.setMenu(menu)
        actions.save_preset.triggered.connect(lambda _checked: self.save_preset())
        actions.rename_preset.triggered.connect(lambda _checked: self.rename_preset())
        actions.delete_preset.triggered.connect(lambda _checked: self.delete_preset())
        actions.undo.triggered.connect(lambda _checked: view_models.undo.undo())
        actions.redo.triggered.connect(lambda _checked: view_models.undo.redo())
        panel.advanced.controls_added.connect(UndoKeyFilter(panel).watch_fields)
        view_models.undo.state_changed.connect(self._on_undo_changed)
        panel.preset_chosen.connect(self._presets.choose)
        self._presets.state_changed.connect(self._on_presets_changed)
        self._parameters.state_changed.connect(self._update_actions)
        self._parameters.correction_failed.connect(self._on_correction_failed)
        self._reuse_settings.state_changed.connect(self._on_reuse_changed)
        view_models.cost_estimate.state_changed.connect(self._on_cost_estimate_changed)
        self._update_actions()
        self._on_undo_changed(view_models.undo.state)

    @Slot()
    def ask_for_result(self) -> None:
        """Ask for a result file and apply the settings recorded in the file, if one is chosen."""
        document = self._document.document
        if document is None:
            return
        source = document.source
        path = self._dialogs.ask_result_file(self._window, source.path.parent)
        if path is not None:
            self._reuse_settings.read_record(path, source, self._parameters.state.settings.device)

    def save_preset(self) -> None:
        """Ask for a name and save the current settings as a preset."""
        settings, selected = self._parameters.state.settings, self._panel.selected_user_preset
        NameDialog(
            self._window,
            tr("Save as preset"),
            "" if selected is None else selected.name,
            error_text=lambda name: preset_name_error_text(self._presets.state, name),
            hint_text=lambda name: preset_overwrite_text(self._presets.state, name),
            on_accept=lambda name: self._save_preset(
                UserPreset(name, settings.sampler, settings.prior)
            ),
        ).open()

    def rename_preset(self) -> None:
        """Ask for a new name of the selected user preset, and rename the preset."""
        selected = self._panel.selected_user_preset
        if selected is not None:
            NameDialog(
                self._window,
                tr("Rename preset"),
                selected.name,
                error_text=lambda name: preset_name_error_text(
                    self._presets.state, name, old_name=selected.name
                ),
                hint_text=lambda _name: "",
                on_accept=partial(self._rename_preset, selected),
            ).open()

    def _save_preset(self, preset: UserPreset) -> None:
        replaced = self._presets.state.find_by_name(preset.name)
        undo = partial(self._presets.delete, preset)
        if replaced is not None:
            undo = partial(self._presets.save, replaced)
        self._presets.save(preset)
        self._record_preset_change(tr("Save preset"), undo, partial(self._presets.save, preset))

    def _rename_preset(self, preset: UserPreset, name: str) -> None:
        renamed = replace(preset, name=name)
        self._presets.rename(preset, name)
        self._record_preset_change(
            tr("Rename preset"),
            partial(self._presets.rename, renamed, preset.name),
            partial(self._presets.rename, preset, name),
        )

    def _record_preset_change(
        self, label: str, undo: Callable[[], None], redo: Callable[[], None]
    ) -> None:
        self._undo.record_action(ActionChange(label, undo, redo, belongs_to_file=False))

    def delete_preset(self) -> None:
        """Delete the selected user preset and offer to undo the deletion."""
        selected = self._panel.selected_user_preset
        if selected is not None:
            self._presets.delete(selected)
            title = tr("The preset {name} was deleted").format(name=selected.name)
            self._message_bar.show_info(UserMessage(title, tr("Its settings are still in force.")))
            label = tr("Delete preset")
            self._record_preset_change(
                label,
                partial(self._presets.save, selected),
                partial(self._presets.delete, selected),
            )
            self._message_bar.add_button(tr("Undo"), partial(self._undo.undo_action, label))

    @Slot(object)
    def _on_presets_changed(self, state: PresetsState) -> None:
        # Another receiver of this signal may have chosen a preset since `state`.
        self._panel.show_user_presets(self._presets.state)
        if state.error is not None:
            self._message_bar.show_error(message_from_error(state.error))
        self._update_actions()

    @Slot(object)
    def _on_reuse_changed(self, state: ReuseSettingsState) -> None:
        match state:
            case RecordReadDone(recorded_settings=recorded):
                self._message_bar.show_info(reused_settings_message(recorded))
                if recorded.missing_prior is not None:
                    self._prior_controller.add_obtain_actions(recorded.missing_prior)
            case JobFailed(error=error):
                self._message_bar.show_error(message_from_error(error))

    @Slot(object)
    def _on_correction_failed(self, error: Exception) -> None:
        self._message_bar.show_error(message_from_error(error))

    @Slot(object)
    def _on_cost_estimate_changed(self, state: CostEstimateState) -> None:
        self._panel.show_cost_estimate(state)

    @Slot(object)
    def _on_undo_changed(self, state: UndoState) -> None:
        """Enable undo and redo, and name in their texts the changes that they affect."""
        undo, redo = self._actions.undo, self._actions.redo
        undo.setEnabled(bool(state.undo_stack))
        redo.setEnabled(bool(state.redo_stack))
        undo.setText(tr("&Undo"))
        redo.setText(tr("&Redo"))
        if state.undo_stack:
            undo.setText(tr("&Undo: {change}").format(change=state.undo_stack[-1].label))
        if state.redo_stack:
            redo.setText(tr("&Redo: {change}").format(change=state.redo_stack[-1].label))

    @Slot()
    def _update_actions(self) -> None:
        has_user_preset = self._panel.selected_user_preset is not None
        self._actions.rename_preset.setEnabled(has_user_preset)
        self._actions.delete_preset.setEnabled(has_user_preset)
