"""The parameter panel."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QLabel,
    QSizePolicy,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.config.settings import PanelLayer
from app.i18n.formatting import preset_label
from app.i18n.translation import tr
from app.jobs.parameters.preset_file import UserPreset
from app.jobs.run.restore_request import ProblemKind
from app.ui.parameters.advanced_form import AdvancedForm
from app.ui.parameters.initial_strength_row import InitialStrengthRow
from app.ui.parameters.quality_choice import QualityChoice
from app.ui.parameters.texture_slider import TextureSlider
from app.ui.widgets.collapsible import CollapsibleSection, collapsed_arrow
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
from app.viewmodels.parameters.cost_estimate import (
    CostEstimateState,
    cost_estimate_text,
    cost_estimate_tooltip,
    is_memory_insufficient,
    preset_time_texts,
)
from app.viewmodels.parameters.parameters import ParametersState, ParametersViewModel
from app.viewmodels.parameters.presets import PresetsState, find_selected_preset
from app.viewmodels.parameters.quality_choice import run_settings_text
from app.viewmodels.parameters.restore_obstacle import RestoreObstacle, obstacle_advice
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
    """The controls for the next run, in two layers.

    The simple layer has a choice of presets and one line that opens quality factor, steps and
    sample count. The expert layer has all controls.

    Signals:
        priors_page_requested: The button that opens the priors dialog was clicked.
        preset_chosen: A preset was chosen in the list. arg1: name of the user's preset, None for a
            built-in one.
    """

    priors_page_requested = Signal()
    preset_chosen = Signal(object)

    def __init__(self, parameters: ParametersViewModel, theme: Theme) -> None:
        super().__init__()
        self._parameters = parameters
        self._file_defaults = FileDefaults()
        self._layer = PanelLayer.EXPERT
        self._cost_estimate = CostEstimateState()
        self._presets = PresetsState()
        self.quality_choice = QualityChoice()
        self.quality_choice.preset_selected.connect(self._on_built_in_preset_selected)
        self.settings_line = _create_settings_line()
        self.settings_line.toggled.connect(self._update_visible_rows)
        self._create_choices(theme)
        self._create_number_fields()
        self.texture = TextureSlider()
        self.texture.sigma_factor_changed.connect(self._on_texture_changed)
        self.obstacle_label = QLabel(wordWrap=True)
        self.obstacle_label.setObjectName("alarm")
        self.obstacle_label.hide()
        self.cost_estimate_label = _create_cost_estimate_label()
        self.initial_strength_row = InitialStrengthRow()
        self.initial_strength_row.remove_requested.connect(parameters.remove_initial_strength)
        self.advanced = AdvancedForm(parameters, theme)
        self._lay_out()
        parameters.state_changed.connect(self._render)
        self._render(parameters.state)

    def _create_choices(self, theme: Theme) -> None:
        """Create the fields for problem, preset and model with the buttons beside them."""
        self.problem = create_choice_field(
            tr("Fix"), tr("Blocks and halos of a JPEG, or steps in smooth areas")
        )
        for problem in ProblemKind:
            self.problem.addItem(tr(problem), problem)
        self.problem.activated.connect(self._on_problem_selected)
        self.prior = create_choice_field(tr("Model"), tr("AI model used"))
        self.prior.activated.connect(self._on_prior_selected)
        self.manage_priors_button = _create_small_button(
            tr("Models"), tr("Models: import, download, check and remove them")
        )
        self.manage_priors_button.clicked.connect(self.priors_page_requested)
        theme.set_icon(self.manage_priors_button, Icon.PRIORS)
        self.preset = create_choice_field(tr("Preset"), tr("Speed and quality"))
        for preset in Preset:
            self.preset.addItem(preset_label(preset), preset)
        self.preset.setPlaceholderText(tr("Custom"))
        self.preset.activated.connect(self._on_preset_selected)
        self.preset_menu_button = _create_small_button(
            tr("Your presets"), tr("Manage your presets")
        )
        self.preset_menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        theme.set_icon(self.preset_menu_button, Icon.MORE)

    def _create_number_fields(self) -> None:
        """Create the fields for quality factor, bits, steps and samples."""
        self.quality = _create_quality_field()
        self.quality.valueChanged.connect(self._on_quality_changed)
        self.bits = _create_bits_field()
        self.bits.valueChanged.connect(self._on_bits_changed)
        self.steps = create_integer_field(
            tr("Steps"),
            tr("More steps: slower, finer. 1 to {most}").format(most=MAX_STEPS),
            (1, MAX_STEPS),
        )
        self.steps.valueChanged.connect(self._parameters.set_steps)
        self.samples = create_integer_field(
            tr("Versions"),
            tr("Versions to average; more is safer. 1 to {most}").format(most=MAX_SAMPLES),
            (1, MAX_SAMPLES),
        )
        self.samples.valueChanged.connect(self._parameters.set_samples)

    def show_layer(self, layer: PanelLayer) -> None:
        """Show the controls of a layer."""
        self._layer = layer
        # Otherwise the advanced settings, which are below the label, would jump.
        size_policy = self.cost_estimate_label.sizePolicy()
        size_policy.setRetainSizeWhenHidden(layer is PanelLayer.EXPERT)
        self.cost_estimate_label.setSizePolicy(size_policy)
        self._update_visible_rows()
        self.show_cost_estimate(self._cost_estimate)

    def show_file_defaults(self, file_defaults: FileDefaults) -> None:
        """Show the values of the opened file in the fields for which the user assumes no others."""
        self._file_defaults = file_defaults
        self.advanced.show_file_defaults(file_defaults)
        self._render(self._parameters.state)

    def show_cost_estimate(self, state: CostEstimateState) -> None:
        """Show the cost estimate of the next run and the times of the presets.

        In the simple layer, the line with time and memory is hidden if the selected preset has its
        time, unless memory is insufficient.
        """
        self._cost_estimate = state
        self.quality_choice.show_times(preset_time_texts(state))
        text, preset = cost_estimate_text(state), self._parameters.state.preset
        self.cost_estimate_label.setText(text)
        self.cost_estimate_label.setToolTip(cost_estimate_tooltip(state))
        is_time_shown = self._layer is PanelLayer.SIMPLE and preset in state.preset_seconds
        is_redundant = is_time_shown and not is_memory_insufficient(state)
        self.cost_estimate_label.setVisible(bool(text) and not is_redundant)

    def show_obstacle(self, obstacle: RestoreObstacle | None) -> None:
        """Say why the file cannot be restored, and open the fields in which that is mended."""
        if obstacle is not None and self.obstacle_label.isHidden():
            self.settings_line.setChecked(True)
        self.obstacle_label.setText(obstacle_advice(obstacle))
        self.obstacle_label.setVisible(obstacle is not None)

    @property
    def selected_user_preset(self) -> UserPreset | None:
        """The selected preset if it is one of the user's, otherwise None."""
        preset = self.preset.currentData()
        return preset if isinstance(preset, UserPreset) else None

    def show_user_presets(self, state: PresetsState) -> None:
        """List the user's presets below the built-in presets, and select the chosen one."""
        self._presets = state
        while self.preset.count() > len(Preset):
            self.preset.removeItem(self.preset.count() - 1)
        if state.presets:
            self.preset.insertSeparator(self.preset.count())
        for preset in state.presets:
            self.preset.addItem(preset.name, preset)
        fit_popup_to_items(self.preset)
        self._render_preset(self._parameters.state)
        self._render_texture(self._parameters.state.settings.sampler)

    def _lay_out(self) -> None:
        form_layout = self._form_layout = create_form_layout()
        self._preset_row = lay_out_side_by_side(self.preset, self.preset_menu_button)
        self._prior_row = lay_out_side_by_side(self.prior, self.manage_priors_button)
        add_form_row(form_layout, tr("Fix"), self.problem)
        add_form_row(form_layout, tr("&Preset"), self._preset_row)
        add_form_row(form_layout, tr("Model"), self._prior_row)
        add_form_row(form_layout, tr("Te&xture"), self.texture)
        add_form_row(form_layout, tr("JPEG &quality"), self.quality)
        add_form_row(form_layout, tr("Bits per cha&nnel"), self.bits)
        add_form_row(form_layout, tr("S&teps"), self.steps)
        add_form_row(form_layout, tr("Vers&ions"), self.samples)
        tip = tr("Start, correction, eta, seed, device, and what is assumed of the file")
        self.advanced_section = CollapsibleSection(tr("Advanced"), self.advanced, tooltip=tip)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(create_section_label(tr("Speed and quality")))
        layout.addWidget(self.quality_choice)
        layout.addWidget(self.settings_line)
        layout.addWidget(self.obstacle_label)
        layout.addLayout(form_layout)
        layout.addWidget(self.initial_strength_row)
        layout.addWidget(self.cost_estimate_label)
        layout.addWidget(self.advanced_section)

    @Slot()
    def _update_visible_rows(self) -> None:
        """Show the rows that belong to the layer and to the problem."""
        is_expert = self._layer is PanelLayer.EXPERT
        self.quality_choice.setVisible(not is_expert)
        self.settings_line.setVisible(not is_expert)
        self.advanced_section.setVisible(is_expert)
        for row in (self.problem, self._preset_row, self._prior_row, self.texture):
            self._form_layout.setRowVisible(row, is_expert)
        are_numbers_visible = is_expert or self.settings_line.isChecked()
        arrow = Qt.ArrowType.DownArrow if are_numbers_visible else collapsed_arrow(self)
        self.settings_line.setArrowType(arrow)
        problem = self._parameters.state.problem
        is_jpeg = problem is ProblemKind.JPEG
        self._form_layout.setRowVisible(self.quality, are_numbers_visible and is_jpeg)
        self._form_layout.setRowVisible(self.bits, are_numbers_visible and not is_jpeg)
        for row in (self.steps, self.samples):
            self._form_layout.setRowVisible(row, are_numbers_visible)

    @Slot(int)
    def _on_preset_selected(self, index: int) -> None:
        preset = self.preset.itemData(index)
        if isinstance(preset, UserPreset):
            self.preset_chosen.emit(preset.name)
            self._parameters.apply_settings(preset.settings, preset.prior)
        else:
            self._on_built_in_preset_selected(Preset(preset))

    @Slot(object)
    def _on_built_in_preset_selected(self, preset: Preset) -> None:
        self.preset_chosen.emit(None)
        self._parameters.apply_preset(preset)

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
        self._update_visible_rows()
        self.settings_line.setText(run_settings_text(state, self._file_defaults))
        self.settings_line.setAccessibleName(self.settings_line.text())
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
        self.initial_strength_row.show_strength(state.initial_strength)

    def _render_preset(self, state: ParametersState) -> None:
        presets = [self.preset.itemData(row) for row in range(self.preset.count())]
        selected = find_selected_preset(self._presets, state)
        self.preset.setCurrentIndex(-1 if selected is None else presets.index(selected))
        self.quality_choice.show_preset(state.preset)

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


def _create_settings_line() -> QToolButton:
    button = QToolButton()
    button.setObjectName("fold")
    button.setCheckable(True)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    # A long text must not widen the panel.
    button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setToolTip(tr("Change JPEG quality, steps and versions"))
    return button


def _create_small_button(accessible_name: str, tooltip: str) -> QToolButton:
    button = QToolButton()
    button.setToolTip(tooltip)
    button.setAccessibleName(accessible_name)
    button.setIconSize(QSize(16, 16))
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button


def _create_quality_field() -> QSpinBox:
    return create_integer_field(
        tr("JPEG quality"),
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
    label.hide()
    return label
