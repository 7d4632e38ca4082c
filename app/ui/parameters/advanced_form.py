"""The form of the collapsible section Advanced."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QSignalBlocker, QSize, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QSpinBox, QToolButton, QWidget

from app.i18n.formatting import unused_accelerator_text
from app.i18n.translation import tr
from app.jobs.run.restore_request import ProblemKind
from app.ui.parameters.setting_control import SettingControl, create_setting_control
from app.ui.widgets.form_controls import (
    add_form_row,
    create_choice_field,
    create_form_layout,
    create_integer_field,
    fit_popup_to_items,
    lay_out_side_by_side,
)
from app.ui.widgets.theme import Icon, Theme
from app.viewmodels.document.file_defaults import MAX_GRID_OFFSET, FileDefaults
from app.viewmodels.parameters.parameters import ParametersState, ParametersViewModel, parse_seed
from app.viewmodels.parameters.setting_labels import correction_label, form_words
from ddrm_core.jpeg.header import CHROMA_SAMPLING_FACTORS
from ddrm_core.sampler.corrections.registry import CORRECTIONS
from ddrm_core.sampler.schedule import TIMESTEP_COUNT
from ddrm_core.sampler.settings import MAX_SEED, SamplerSettings
from ddrm_core.setting_fields import SettingField, list_setting_fields


class AdvancedForm(QWidget):
    """A form for the less frequent parameters of the next run.

    The form holds sampler settings, correction parameters, seed, device, and the assumed grid
    offset and chroma sampling.

    Attributes:
        setting_controls: Generic controls by the names of their sampler settings.
        parameter_controls: Generic controls of correction parameters, by correction and name.

    Signals:
        controls_added: Emitted after the controls of a plug-in's parameters have been added.
    """

    controls_added = Signal()

    def __init__(self, parameters: ParametersViewModel, theme: Theme) -> None:
        super().__init__()
        self._parameters = parameters
        self._file_defaults = FileDefaults()
        self.setting_controls: dict[str, SettingControl] = {}
        self.parameter_controls: dict[str, dict[str, SettingControl]] = {}
        self.start = _create_start_field()
        self.start.valueChanged.connect(self._on_start_changed)
        self.correction = create_choice_field(
            tr("Correction"), tr("How an estimate is made to agree with the levels: bins or paper")
        )
        self._add_corrections(CORRECTIONS.names())
        self.correction.activated.connect(self._on_correction_selected)
        self.seed = QLineEdit()
        self.seed.setAccessibleName(tr("Seed"))
        tip = tr("The same seed gives the same result, 0 to {most}")
        self.seed.setToolTip(tip.format(most=MAX_SEED))
        self.seed.textEdited.connect(self._on_seed_edited)
        self.seed.editingFinished.connect(self._reset_controls)
        self.randomize_seed_button = QToolButton()
        self.randomize_seed_button.setToolTip(tr("New seed, drawn at random"))
        self.randomize_seed_button.setAccessibleName(tr("New seed"))
        self.randomize_seed_button.setIconSize(QSize(16, 16))
        self.randomize_seed_button.clicked.connect(parameters.randomize_seed)
        theme.set_icon(self.randomize_seed_button, Icon.RANDOM_SEED)
        self.device = create_choice_field(
            tr("Device"), tr("Where the model runs; auto takes the fastest there is")
        )
        self.device.activated.connect(self._on_device_selected)
        self.accelerator_note = QLabel()
        self.accelerator_note.setWordWrap(True)
        self.grid_left, self.grid_top = _create_grid_fields()
        for field in (self.grid_left, self.grid_top):
            field.valueChanged.connect(self._on_grid_changed)
        self.sampling = create_choice_field(
            tr("Sampling"),
            tr("Chroma sampling of the JPEG that the picture once was, as width and height"),
        )
        self.sampling.activated.connect(self._on_sampling_selected)
        self._lay_out()
        parameters.state_changed.connect(self._render)
        parameters.correction_failed.connect(self._reset_controls)
        self._render(parameters.state)

    def showEvent(self, event: QShowEvent) -> None:
        # The search for installed packages would delay the start of the program.
        self._add_corrections(CORRECTIONS.list_installed())
        self._render(self._parameters.state)
        super().showEvent(event)

    def show_file_defaults(self, file_defaults: FileDefaults) -> None:
        """Show the file's grid offset and chroma sampling if the user has assumed no others."""
        self._file_defaults = file_defaults
        self.sampling.clear()
        self.sampling.addItem(file_defaults.sampling_text or "")
        for name in CHROMA_SAMPLING_FACTORS:
            self.sampling.addItem(name, name)
        self._render(self._parameters.state)

    def _add_corrections(self, names: Iterable[str]) -> None:
        for name in names:
            if self.correction.findData(name) < 0:
                self.correction.addItem(correction_label(name), name)
        fit_popup_to_items(self.correction)

    def _lay_out(self) -> None:
        seed_row = lay_out_side_by_side(self.seed, self.randomize_seed_button)
        self._grid_row = lay_out_side_by_side(self.grid_left, self.grid_top)
        self._form_layout = create_form_layout()
        add_form_row(self._form_layout, tr("&Grid"), self._grid_row)
        add_form_row(self._form_layout, tr("Samp&ling"), self.sampling)
        add_form_row(self._form_layout, tr("Start"), self.start)
        add_form_row(self._form_layout, tr("&Correction"), self.correction)
        for field in list_setting_fields(SamplerSettings):
            edit = partial(self._parameters.set_sampler_setting, field.name)
            words = form_words(field)
            if words is not None:
                self.setting_controls[field.name] = self._add_control(field, words, edit)
        self._parameters_row = self._form_layout.rowCount()
        for name in CORRECTIONS.names():
            self._add_parameter_controls(name)
        add_form_row(self._form_layout, tr("Seed"), seed_row)
        add_form_row(self._form_layout, tr("&Device"), self.device)
        self._form_layout.addRow(self.accelerator_note)
        self.setLayout(self._form_layout)

    def _add_parameter_controls(self, correction: str) -> None:
        controls = self.parameter_controls[correction] = {}
        for field in list_setting_fields(type(CORRECTIONS.get(correction))):
            edit = partial(self._parameters.set_correction_parameter, field.name)
            words = form_words(field, correction)
            if words is not None:
                row = self._parameters_row + len(controls)
                controls[field.name] = self._add_control(field, words, edit, row)

    def _add_control(
        self,
        field: SettingField,
        words: tuple[str, str],
        on_edit: Callable[[Any], None],
        row: int = -1,
    ) -> SettingControl:
        control = create_setting_control(field, *words, on_edit)
        add_form_row(self._form_layout, words[0], control.widget, row=row)
        return control

    @Slot(int)
    def _on_start_changed(self, start: int) -> None:
        self._parameters.set_sampler_setting("start", start or None)

    @Slot(int)
    def _on_correction_selected(self, index: int) -> None:
        self._parameters.set_correction(self.correction.itemData(index))

    @Slot(str)
    def _on_seed_edited(self, text: str) -> None:
        seed = parse_seed(text)
        if seed is not None:
            self._parameters.set_seed(seed)

    @Slot()
    def _reset_controls(self) -> None:
        """Show the current settings again after an invalid seed or an unusable correction."""
        self._render(self._parameters.state)

    @Slot(int)
    def _on_device_selected(self, index: int) -> None:
        self._parameters.set_device(self.device.itemData(index))

    @Slot()
    def _on_grid_changed(self) -> None:
        self._parameters.set_grid((self.grid_left.value(), self.grid_top.value()))

    @Slot(int)
    def _on_sampling_selected(self, index: int) -> None:
        self._parameters.set_sampling(self.sampling.itemData(index))

    @Slot(object)
    def _render(self, state: ParametersState) -> None:
        settings, sampler = state.settings, state.settings.sampler
        self.start.setValue(sampler.start or 0)
        self.correction.setCurrentIndex(self.correction.findData(sampler.correction))
        for name, control in self.setting_controls.items():
            control.set_value(getattr(sampler, name))
        self._render_parameters(sampler)
        if parse_seed(self.seed.text()) != settings.seed:
            self.seed.setText(str(settings.seed))
            self.seed.setCursorPosition(0)
        if self.device.count() != len(state.devices):
            self.device.clear()
            for device in state.devices:
                label = (
                    f"{device.name} ({device.product_name})" if device.product_name else device.name
                )
                self.device.addItem(label, device.name)
            fit_popup_to_items(self.device)
        maker = next((d.unused_accelerator for d in state.devices if d.unused_accelerator), "")
        self.accelerator_note.setText(f"{unused_accelerator_text(maker)}." if maker else "")
        self._form_layout.setRowVisible(self.accelerator_note, bool(maker))
        self.device.setCurrentIndex(self.device.findData(settings.device))
        self._render_assumption(state)

    def _render_parameters(self, settings: SamplerSettings) -> None:
        chosen = settings.correction
        if chosen not in self.parameter_controls:  # a plug-in that was just loaded
            self._add_parameter_controls(chosen)
            new_controls = self.parameter_controls[chosen].values()
            widgets = [c.widget for c in (*self.setting_controls.values(), *new_controls)]
            for one, other in pairwise((self.correction, *widgets)):
                self.setTabOrder(one, other)
            self.controls_added.emit()
        for correction, controls in self.parameter_controls.items():
            parameters = settings.parameters_of(correction)
            for name, control in controls.items():
                control.set_value(getattr(parameters, name))
                self._form_layout.setRowVisible(control.widget, correction == chosen)

    def _render_assumption(self, state: ParametersState) -> None:
        assumption = state.settings.assumption
        grid = assumption.grid or self._file_defaults.grid_offset
        for field, offset in zip((self.grid_left, self.grid_top), grid, strict=True):
            # The signal of the first field would report the old value of the second.
            with QSignalBlocker(field):
                field.setValue(offset)
            field.setEnabled(assumption.quality is not None)
        is_jpeg_problem = state.problem is ProblemKind.JPEG
        self._form_layout.setRowVisible(self._grid_row, is_jpeg_problem)
        has_chroma_sampling = self._file_defaults.sampling_text is not None
        self._form_layout.setRowVisible(self.sampling, is_jpeg_problem and has_chroma_sampling)
        self.sampling.setCurrentIndex(max(0, self.sampling.findData(assumption.sampling)))


def _create_start_field() -> QSpinBox:
    field = create_integer_field(
        tr("Start"),
        tr(
            "Timestep of the {steps}-step schedule at which sampling starts, 1 to {most}:"
            " how strong it is. Auto follows the file."
        ).format(steps=TIMESTEP_COUNT, most=TIMESTEP_COUNT - 1),
        (0, TIMESTEP_COUNT - 1),
    )
    field.setSpecialValueText(tr("Auto"))
    return field


def _create_grid_fields() -> tuple[QSpinBox, QSpinBox]:
    """Create the fields for the grid offset, left of the image and above it."""
    left = create_integer_field(
        tr("Grid, pixels left of the picture"),
        tr(
            "Pixels by which the assumed compression's first blocks begin left of the picture:"
            " 0 to 7, or to 15 where chroma is halved. With a quality factor of your own."
        ),
        (0, MAX_GRID_OFFSET),
    )
    top = create_integer_field(
        tr("Grid, pixels above the picture"),
        tr(
            "Pixels by which the assumed compression's first blocks begin above the picture:"
            " 0 to 7, or to 15 where chroma is halved. With a quality factor of your own."
        ),
        (0, MAX_GRID_OFFSET),
    )
    return left, top
