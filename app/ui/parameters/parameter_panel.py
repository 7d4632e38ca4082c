"""The parameter panel."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QSpinBox, QToolButton, QVBoxLayout, QWidget

from app.i18n.formatting import format_count, preset_label
from app.i18n.translation import tr
from app.jobs.parameters.preset_file import UserPreset
from app.jobs.run.restore_request import ProblemKind
from app.ui.parameters.advanced_form import AdvancedForm
from app.ui.parameters.texture_slider import TextureSlider
from app.ui.widgets.collapsible import CollapsibleSection
from app.ui.widgets.form_controls import (
    add_form_row,
    create_choice_field,
    create_form_layout,
    create_integer_field,
    create_secondary_label,
    create_section_label,
    fit_popup_to_items,
    lay_out_side_by_side,
)
from app.ui.widgets.theme import SPACING, Icon, Theme
from app.viewmodels.document.file_defaults import FileDefaults
from app.viewmodels.parameters.parameters import ParametersState, ParametersViewModel
from app.viewmodels.parameters.texture import find_preset_texture, has_texture
from app.viewmodels.priors.priors_text import BUNDLED_PRIOR_NAME
from ddrm_core.problems.bit_depth.settings import MAX_BITS
from ddrm_core.sampler.settings import (
    MAX_SAMPLES,
    MAX_STEPS,
    PRESETS,
    Preset,
    SamplerSettings,
)


class ParameterPanel(QWidget):
    """The controls for the next run: the most frequent ones and the section Advanced.

    Signals:
        priors_page_requested: The button that opens the priors dialog was clicked.
    """

    priors_page_requested = Signal()

    def __init__(self, parameters: ParametersViewModel, theme: Theme) -> None:
        super().__init__()
        self._parameters = parameters
        self._file_defaults = FileDefaults()
        self.problem = create_choice_field(
            tr("Problem"),
            tr("What to put right: blocks and halos of a JPEG, or steps in smooth places"),
        )
        for problem in ProblemKind:
            self.problem.addItem(tr(problem), problem)
        self.problem.activated.connect(self._on_problem_selected)
        self.prior = create_choice_field(
            tr("Prior"), tr("The network that says what looks like a photograph")
        )
        self.prior.activated.connect(self._on_prior_selected)
        self.manage_priors_button = QToolButton()
        self.manage_priors_button.setToolTip(tr("Priors: import, download, check and remove them"))
        self.manage_priors_button.setAccessibleName(tr("Priors"))
        self.manage_priors_button.setIconSize(QSize(16, 16))
        self.manage_priors_button.clicked.connect(self.priors_page_requested)
        theme.set_icon(self.manage_priors_button, Icon.PRIORS)
        self.preset = create_choice_field(
            tr("Preset"), tr("Settings that belong together, from quick to as published")
        )
        for preset in Preset:
            self.preset.addItem(preset_label(preset), preset)
        self.preset.setPlaceholderText(tr("Custom"))
        self.preset.activated.connect(self._on_preset_selected)
        self.preset_menu_button = QToolButton()
        self.preset_menu_button.setToolTip(tr("Presets of yours: save, rename and delete them"))
        self.preset_menu_button.setAccessibleName(tr("Presets of yours"))
        self.preset_menu_button.setIconSize(QSize(16, 16))
        self.preset_menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.preset_menu_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.set_icon(self.preset_menu_button, Icon.MORE)
        self.quality = _create_quality_field()
        self.quality.valueChanged.connect(self._on_quality_changed)
        self.bits = _create_bits_field()
        self.bits.valueChanged.connect(self._on_bits_changed)
        self.steps = create_integer_field(
            tr("Steps"),
            tr("Evaluations of the prior per sample, 1 to {most}").format(most=MAX_STEPS),
            (1, MAX_STEPS),
        )
        self.steps.valueChanged.connect(parameters.set_steps)
        self.samples = create_integer_field(
            tr("Samples"),
            tr("Plausible pictures to average, 1 to {most}").format(most=MAX_SAMPLES),
            (1, MAX_SAMPLES),
        )
        self.samples.valueChanged.connect(parameters.set_samples)
        self.texture = TextureSlider()
        self.texture.sigma_factor_changed.connect(self._on_texture_changed)
        self.evaluation_count_label = create_secondary_label()
        self.cost_estimate_label = _create_cost_estimate_label()
        self.advanced = AdvancedForm(parameters, theme)
        self._lay_out()
        parameters.state_changed.connect(self._render)
        self._render(parameters.state)

    def show_file_defaults(self, file_defaults: FileDefaults) -> None:
        """Show the values of the opened file in the fields for which the user assumes no others."""
        self._file_defaults = file_defaults
        self.advanced.show_file_defaults(file_defaults)
        self._render(self._parameters.state)

    def show_cost_estimate(self, text: str, tooltip: str) -> None:
        """Show the cost estimate of the next run, or hide the label if `text` is empty."""
        self.cost_estimate_label.setText(text)
        self.cost_estimate_label.setToolTip(tooltip)
        self.cost_estimate_label.setVisible(bool(text))

    @property
    def selected_user_preset(self) -> UserPreset | None:
        """The selected preset if it is one of the user's, otherwise None."""
        preset = self.preset.currentData()
        return preset if isinstance(preset, UserPreset) else None

    def show_user_presets(self, presets: Sequence[UserPreset]) -> None:
        """List the user's presets below the built-in presets."""
        while self.preset.count() > len(Preset):
            self.preset.removeItem(self.preset.count() - 1)
        if presets:
            self.preset.insertSeparator(self.preset.count())
        for preset in presets:
            self.preset.addItem(preset.name, preset)
        fit_popup_to_items(self.preset)
        self._render_preset(self._parameters.state)
        self._render_texture(self._parameters.state.settings.sampler)

    def _lay_out(self) -> None:
        form_layout = self._form_layout = create_form_layout()
        add_form_row(form_layout, tr("Problem"), self.problem)
        add_form_row(
            form_layout, tr("&Preset"), lay_out_side_by_side(self.preset, self.preset_menu_button)
        )
        add_form_row(
            form_layout, tr("Prior"), lay_out_side_by_side(self.prior, self.manage_priors_button)
        )
        add_form_row(form_layout, tr("Te&xture"), self.texture)
        add_form_row(form_layout, tr("&Quality factor"), self.quality)
        add_form_row(form_layout, tr("Bits per cha&nnel"), self.bits)
        add_form_row(form_layout, tr("S&teps"), self.steps)
        add_form_row(form_layout, tr("S&amples"), self.samples)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(create_section_label(tr("Restore")))
        layout.addLayout(form_layout)
        layout.addWidget(self.evaluation_count_label)
        layout.addWidget(self.cost_estimate_label)
        tip = tr("Start, correction, eta, seed, device, and what is assumed of the file")
        layout.addWidget(CollapsibleSection(tr("Advanced"), self.advanced, tooltip=tip))

    @Slot(int)
    def _on_preset_selected(self, index: int) -> None:
        preset = self.preset.itemData(index)
        if isinstance(preset, UserPreset):
            self._parameters.apply_settings(preset.settings, preset.prior)
        else:
            self._parameters.apply_preset(Preset(preset))

    @Slot(float)
    def _on_texture_changed(self, sigma_factor: float) -> None:
        self._parameters.set_sampler_setting("sigma_factor", sigma_factor)

    @Slot(int)
    def _on_prior_selected(self, index: int) -> None:
        self._parameters.set_prior(self.prior.itemData(index))

    @Slot(int)
    def _on_problem_selected(self, index: int) -> None:
        self._parameters.set_problem(ProblemKind(self.problem.itemData(index)))

    @Slot(int)
    def _on_bits_changed(self, bits: int) -> None:
        self._parameters.set_bits(bits or None)

    @Slot(int)
    def _on_quality_changed(self, quality: int) -> None:
        self._parameters.set_quality(quality or None)

    @Slot(object)
    def _render(self, state: ParametersState) -> None:
        sampler, assumption = state.settings.sampler, state.settings.assumption
        self.problem.setCurrentIndex(self.problem.findData(state.problem))
        self._form_layout.setRowVisible(self.quality, state.problem is ProblemKind.JPEG)
        self._form_layout.setRowVisible(self.bits, state.problem is ProblemKind.BANDING)
        self.bits.setSpecialValueText(self._file_defaults.bits_text)
        self.bits.setValue(state.bits or 0)
        self._render_preset(state)
        self._render_texture(sampler)
        self._render_prior(state)
        self.quality.setSpecialValueText(self._file_defaults.quality_text)
        self.quality.setValue(assumption.quality or 0)
        grid = assumption.grid or (0, 0)
        grid_suffix = tr(" on grid {left},{top}").format(left=grid[0], top=grid[1])
        self.quality.setSuffix(grid_suffix if any(grid) else "")
        self.steps.setValue(sampler.steps)
        self.samples.setValue(sampler.samples)
        evaluations = sampler.evaluation_count
        template = tr("{count} evaluations of the prior")
        if evaluations == 1:
            template = tr("1 evaluation of the prior")
        self.evaluation_count_label.setText(template.format(count=format_count(evaluations)))

    def _render_preset(self, state: ParametersState) -> None:
        """Select the preset that gives the parameters of `state`, or none.

        A preset of the user that names the prior is preferred to a built-in preset, which is
        preferred to the user's other presets.
        """
        presets = [self.preset.itemData(row) for row in range(self.preset.count())]
        matches = [
            preset
            for preset in presets
            if isinstance(preset, UserPreset)
            and preset.matches(state.settings.sampler, state.settings.prior)
        ]
        candidates = (
            *(preset for preset in matches if preset.prior is not None),
            *(preset for preset in presets if preset is not None and preset == state.preset),
            *matches,
        )
        self.preset.setCurrentIndex(presets.index(candidates[0]) if candidates else -1)

    def _render_texture(self, settings: SamplerSettings) -> None:
        items = map(self.preset.itemData, range(self.preset.count()))
        own_presets = [item.settings for item in items if isinstance(item, UserPreset)]
        mark = find_preset_texture(settings, (*PRESETS.values(), *own_presets))
        self.texture.show_texture(settings.sigma_factor, mark)
        self.texture.setEnabled(has_texture(settings))

    def _render_prior(self, state: ParametersState) -> None:
        if tuple(self.prior.itemData(i) for i in range(self.prior.count())) != state.priors:
            self.prior.clear()
            for name in state.priors:
                self.prior.addItem(name or BUNDLED_PRIOR_NAME, name)
            fit_popup_to_items(self.prior)
        self.prior.setCurrentIndex(state.priors.index(state.settings.prior))


def _create_quality_field() -> QSpinBox:
    return create_integer_field(
        tr("Quality factor"),
        tr(
            "1 to 100 on libjpeg's scale; assume a lower one where the picture was compressed "
            "harder before. At its lowest value the file's own tables are used, or those that "
            "are estimated from its pixels."
        ),
        (0, 100),
    )


def _create_bits_field() -> QSpinBox:
    return create_integer_field(
        tr("Bits per channel"),
        tr(
            "That are left in the picture, 1 to {most}: the lower ones are restored. At its "
            "lowest value they are estimated from the pixels."
        ).format(most=MAX_BITS),
        (0, MAX_BITS),
    )


def _create_cost_estimate_label() -> QLabel:
    label = create_secondary_label()
    label.setWordWrap(True)
    label.setAccessibleName(tr("Time and memory of the next run"))
    size_policy = label.sizePolicy()
    size_policy.setRetainSizeWhenHidden(True)  # otherwise the controls below would jump
    label.setSizePolicy(size_policy)
    label.hide()
    return label
