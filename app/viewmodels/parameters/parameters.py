"""View model of the parameters for the next run."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from PySide6.QtCore import Signal, Slot

from app.jobs.parameters.recorded_settings import RecordedSettings
from app.jobs.run.prior_cache import DeviceInfo, PriorCache
from app.jobs.run.restore_request import ProblemKind, RestoreRequest
from app.jobs.run.restore_settings import RestoreSettings
from app.jobs.run.result_strength import FULL_STRENGTH, ResultStrength
from app.jobs.worker import JobOutcome, JobRunner, job_from_function
from app.viewmodels.state_view_model import StateViewModel
from ddrm_core.plugins import UnusablePlugin
from ddrm_core.restoration.assumption import NO_ASSUMPTION, CompressionAssumption
from ddrm_core.sampler.corrections.registry import CORRECTIONS
from ddrm_core.sampler.settings import (
    MAX_SEED,
    PRESET_PRIORS,
    PRESETS,
    Preset,
    SamplerSettings,
    find_preset,
    load_chosen_correction,
)

_DEFAULT_SETTINGS = RestoreSettings(PRESETS[Preset.BALANCED], seed=0, device="auto")


@dataclass(frozen=True, slots=True)
class ParametersState:
    """Parameters of the next run.

    Attributes:
        settings: Settings of the restoration. The device is one of `devices`. The prior is one of
            `priors`: that of the applied preset if the preset names one, otherwise `chosen_prior`.
            The grid is assumed only together with a quality factor.
        devices: Devices that have been found.
        problem: Problem to solve; the assumption applies only to JPEG compression.
        bits: Assumed bits per channel of an image with banding, 1 to 7; None for the estimate from
            the file.
        priors: Names of the available priors, None for the bundled prior.
        chosen_prior: Name of the prior that the user chose, None for the bundled prior.
        is_choice_replaced: Whether `chosen_prior` is the bundled prior only because the chosen or
            default prior is not available.
        initial_strength: Strength and kept areas with which the next result of the open file is
            shown first. Only the settings of a saved result change them.
    """

    settings: RestoreSettings = _DEFAULT_SETTINGS
    devices: tuple[DeviceInfo, ...] = (DeviceInfo("auto"), DeviceInfo("cpu"))
    problem: ProblemKind = ProblemKind.JPEG
    bits: int | None = None
    priors: tuple[str | None, ...] = (None,)
    chosen_prior: str | None = None
    is_choice_replaced: bool = False
    initial_strength: ResultStrength = FULL_STRENGTH

    @property
    def is_prior_fallback(self) -> bool:
        """Whether the next run uses the bundled prior without the user's choice."""
        return self.is_choice_replaced and self.settings.prior is None

    @property
    def preset(self) -> Preset | None:
        """Built-in preset with these sampler settings, None if no preset has them."""
        return find_preset(self.settings.sampler)

    @property
    def device_names(self) -> tuple[str, ...]:
        """Names of the devices that have been found."""
        return tuple(device.name for device in self.devices)


def parse_seed(text: str) -> int | None:
    """Return the seed that a text states, None if the text is not a number in the valid range."""
    if not (text.isascii() and text.isdecimal()):
        return None
    seed = int(text)
    return seed if seed <= MAX_SEED else None


def with_settings(state: ParametersState, settings: RestoreSettings) -> ParametersState:
    """Return the state with other settings, in a form that the window can show.

    A prior that is not available is added to the available priors. A device that is not available
    is replaced by the current one. Another prior than before counts as chosen by the user. Without
    an assumed quality factor, the assumption about the grid is dropped.
    """
    if settings.device not in state.device_names:
        settings = replace(settings, device=state.settings.device)
    if settings.assumption.quality is None:
        settings = replace(settings, assumption=replace(settings.assumption, grid=None))
    prior = settings.prior
    priors = state.priors if prior in state.priors else (*state.priors, prior)
    changed = replace(state, settings=settings, priors=priors)
    if prior == state.settings.prior:
        return changed
    return replace(changed, chosen_prior=prior, is_choice_replaced=False)


class ParametersViewModel(StateViewModel[ParametersState]):
    """View model of the parameters of the next run.

    Signals:
        assumptions_reset: Emitted when the assumptions were reset for another file.
        correction_failed: Emitted when a chosen correction cannot be used. arg1: the error.
        prior_lost: Emitted when the selected prior is no longer available. arg1: its name.
        preset_prior_missing: Emitted when a preset was applied whose prior is not available. arg1:
            the prior's name.
    """

    assumptions_reset = Signal()
    correction_failed = Signal(object)
    prior_lost = Signal(str)
    preset_prior_missing = Signal(str)

    def __init__(self, runner: JobRunner, prior_cache: PriorCache) -> None:
        super().__init__(ParametersState())
        self._runner = runner
        self._prior_cache = prior_cache
        self._job_id = self._load_job_id = 0
        self._are_priors_listed = False
        self._pending_change: Callable[[ParametersState], ParametersState] = lambda state: state
        runner.ended.connect(self._on_job_ended)

    def apply_preset(self, preset: Preset) -> None:
        """Apply the sampler settings of a built-in preset, and its prior if it names one."""
        self.apply_settings(PRESETS[preset], PRESET_PRIORS.get(preset))

    def apply_settings(self, settings: SamplerSettings, prior: str | None = None) -> None:
        """Replace all sampler settings and select the prior of their preset.

        The change takes effect after the package of the correction has been imported. If the prior
        is not available, the prior that the user chose is selected.

        Args:
            settings: Sampler settings.
            prior: Name of the prior that the preset names; None for the prior that the user chose.
        """
        key = None if prior == self._prior_cache.bundled_prior_name else prior
        is_missing = self._are_priors_listed and key not in self._state.priors

        def apply(state: ParametersState) -> ParametersState:
            selected = state.chosen_prior if prior is None or is_missing else key
            applied = replace(state.settings, sampler=settings, prior=selected)
            return replace(
                with_settings(state, applied),
                chosen_prior=state.chosen_prior,
                is_choice_replaced=state.is_choice_replaced,
            )

        self._apply_when_loaded(settings.correction, apply)
        if is_missing:
            self.preset_prior_missing.emit(prior)

    def apply_parameters(self, parameters: ParametersState) -> None:
        """Replace all parameters by earlier ones.

        The current prior or device stays if the earlier one is no longer available.
        """
        current, settings = self._state, parameters.settings
        if settings.prior not in current.priors:
            settings = replace(settings, prior=current.settings.prior)
        if settings.device not in current.device_names:
            settings = replace(settings, device=current.settings.device)
        chooser = parameters if parameters.chosen_prior in current.priors else current
        self._set_state(
            replace(
                parameters,
                settings=settings,
                devices=current.devices,
                priors=current.priors,
                chosen_prior=chooser.chosen_prior,
                is_choice_replaced=chooser.is_choice_replaced,
            )
        )

    def set_steps(self, steps: int) -> None:
        self._set_sampler_settings(replace(self._state.settings.sampler, steps=steps))

    def set_samples(self, samples: int) -> None:
        self._set_sampler_settings(replace(self._state.settings.sampler, samples=samples))

    def set_sampler_setting(self, name: str, value: Any) -> None:
        """Set the field `name` of `SamplerSettings`."""
        self._set_sampler_settings(replace(self._state.settings.sampler, **{name: value}))

    def set_correction(self, name: str) -> None:
        """Select the correction `name`.

        The package of a plug-in is imported on a worker thread before the change takes effect.
        """

        def apply(state: ParametersState) -> ParametersState:
            sampler = replace(state.settings.sampler, correction=name)
            return replace(state, settings=replace(state.settings, sampler=sampler))

        self._apply_when_loaded(name, apply)

    def set_correction_parameter(self, name: str, value: Any) -> None:
        """Set the parameter `name` of the selected correction."""
        sampler = self._state.settings.sampler
        parameters = sampler.parameters_of(sampler.correction)
        self._set_sampler_settings(sampler.with_parameters(replace(parameters, **{name: value})))

    def set_quality(self, quality: int | None) -> None:
        assumption = self._state.settings.assumption
        grid = None if quality is None else assumption.grid
        self._set_assumption(replace(assumption, quality=quality, grid=grid))

    def set_grid(self, grid: tuple[int, int]) -> None:
        """Assume a grid offset of (left, top) pixels; ignored without an assumed quality factor."""
        if self._state.settings.assumption.quality is not None:
            self._set_assumption(replace(self._state.settings.assumption, grid=grid))

    def set_sampling(self, sampling: str | None) -> None:
        self._set_assumption(replace(self._state.settings.assumption, sampling=sampling))

    def set_problem(self, problem: ProblemKind) -> None:
        self._set_state(replace(self._state, problem=problem))

    def set_bits(self, bits: int | None) -> None:
        self._set_state(replace(self._state, bits=bits))

    def set_assumption(self, assumption: CompressionAssumption) -> None:
        """Replace the whole assumption, and set JPEG compression as the problem to solve."""
        settings = replace(self._state.settings, assumption=assumption)
        self._set_state(replace(with_settings(self._state, settings), problem=ProblemKind.JPEG))

    def reset_assumptions(self, problem: ProblemKind) -> None:
        """Drop what belongs to the previous file, and set the problem of the new file."""
        settings = replace(self._state.settings, assumption=NO_ASSUMPTION)
        changed = replace(self._state, settings=settings, bits=None, problem=problem)
        self._set_state(replace(changed, initial_strength=FULL_STRENGTH))
        self.assumptions_reset.emit()

    def apply_recorded_settings(self, recorded: RecordedSettings) -> None:
        """Apply the settings of a run record in a single change, which one undo reverts."""
        current = self._state.settings
        settings = replace(recorded.settings, device=current.device)
        if recorded.missing_prior is not None:
            settings = replace(settings, prior=current.prior)
        applied = replace(with_settings(self._state, settings), problem=ProblemKind.JPEG)
        self._set_state(replace(applied, initial_strength=recorded.strength))

    def remove_initial_strength(self) -> None:
        """Show the next result at full strength and without kept areas."""
        self._set_state(replace(self._state, initial_strength=FULL_STRENGTH))

    def apply_request(self, request: RestoreRequest) -> None:
        """Apply the parameters of a past run in a single change, which one undo reverts."""
        applied = with_settings(self._state, request.settings)
        applied = replace(applied, problem=request.problem, bits=request.bits_per_channel)
        self._set_state(replace(applied, initial_strength=request.initial_strength))

    def set_seed(self, seed: int) -> None:
        self._set_settings(replace(self._state.settings, seed=seed))

    def randomize_seed(self) -> None:
        """Replace the seed by a random number."""
        self.set_seed(secrets.randbelow(MAX_SEED + 1))

    def set_device(self, device: str) -> None:
        self._set_settings(replace(self._state.settings, device=device))

    def set_prior(self, prior: str | None) -> None:
        """Select the prior named `prior`, or the bundled prior for None."""
        settings = replace(self._state.settings, prior=prior)
        self._set_state(
            replace(
                with_settings(self._state, settings), chosen_prior=prior, is_choice_replaced=False
            )
        )

    def select_initial_prior(self, name: str | None, *, is_chosen: bool) -> None:
        """Select the prior with which the window starts.

        Args:
            name: Name of the prior, None for the bundled prior.
            is_chosen: Whether the user chose it; otherwise a prior that the preset names is
                preferred to it.
        """
        self.set_prior(name)
        if not is_chosen and self._state.preset is not None:
            self.apply_preset(self._state.preset)

    def set_available_priors(self, names: Sequence[str]) -> None:
        """Set the names of the imported priors.

        If the chosen prior is not among them, the bundled prior is chosen. If the prior of a preset
        is not among them, the chosen prior is selected.
        """
        available, settings = (None, *names), self._state.settings
        is_choice_lost = self._state.chosen_prior not in available
        chosen = None if is_choice_lost else self._state.chosen_prior
        lost = settings.prior if settings.prior not in available else None
        if lost is not None:
            settings = replace(settings, prior=chosen)
        self._are_priors_listed = True
        self._set_state(
            replace(
                self._state,
                settings=settings,
                priors=available,
                chosen_prior=chosen,
                is_choice_replaced=is_choice_lost or self._state.is_choice_replaced,
            )
        )
        if lost is not None:
            self.prior_lost.emit(lost)

    def find_devices(self) -> None:
        """Load torch on a worker thread, and list the devices that torch finds."""
        self._job_id = self._runner.start(job_from_function(self._prior_cache.list_devices))

    @Slot(int, object)
    def _on_job_ended(self, job_id: int, outcome: JobOutcome) -> None:
        if job_id == self._job_id and isinstance(outcome.result, tuple):
            self._set_state(replace(self._state, devices=outcome.result))
        elif job_id == self._load_job_id:
            if outcome.error is None:
                self._apply_loaded()
            else:
                self.correction_failed.emit(outcome.error)

    def _apply_when_loaded(
        self, correction: str, change: Callable[[ParametersState], ParametersState]
    ) -> None:
        """Change the parameters with `change` as soon as a correction is loaded.

        The package of a correction that is not loaded yet is imported on a worker thread.
        """
        self._pending_change = change
        if correction in CORRECTIONS.names():
            self._apply_loaded()
        else:
            load = partial(CORRECTIONS.load_installed, correction)
            self._load_job_id = self._runner.start(job_from_function(load))

    def _apply_loaded(self) -> None:
        changed = self._pending_change(self._state)
        try:
            sampler = load_chosen_correction(changed.settings.sampler)
        except UnusablePlugin as error:  # for example a preset of another version of a package
            self.correction_failed.emit(error)
        else:
            self._set_state(replace(changed, settings=replace(changed.settings, sampler=sampler)))

    def _set_assumption(self, assumption: CompressionAssumption) -> None:
        self._set_settings(replace(self._state.settings, assumption=assumption))

    def _set_sampler_settings(self, sampler: SamplerSettings) -> None:
        self._set_settings(replace(self._state.settings, sampler=sampler))

    def _set_settings(self, settings: RestoreSettings) -> None:
        self._set_state(replace(self._state, settings=settings))
