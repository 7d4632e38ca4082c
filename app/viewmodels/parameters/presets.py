"""View model of the user's presets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Slot

from app.i18n.translation import tr
from app.jobs.parameters.preset_file import (
    MAX_PRESETS,
    UserPreset,
    is_valid_preset_name,
    load_presets,
    save_presets,
)
from app.jobs.worker import JobOutcome, JobRunner, job_from_function
from app.viewmodels.parameters.parameters import ParametersState
from app.viewmodels.state_view_model import StateViewModel
from ddrm_core.sampler.settings import Preset


@dataclass(frozen=True, slots=True)
class PresetsState:
    """The user's presets.

    Attributes:
        presets: Presets, sorted by name.
        error: Why the file could not be read or written; None without an error.
        chosen_name: Name of the preset that the user chose, saved or renamed last; None if it was a
            built-in one.
    """

    presets: tuple[UserPreset, ...] = ()
    error: Exception | None = None
    chosen_name: str | None = None

    def find_by_name(self, name: str) -> UserPreset | None:
        """Return the preset with this name, ignoring case; None if no preset has it."""
        folded_name = name.casefold()
        return next((p for p in self.presets if p.name.casefold() == folded_name), None)


def with_preset(state: PresetsState, preset: UserPreset) -> PresetsState:
    """Return the state with `preset`, which replaces a preset of the same name."""
    others = [p for p in state.presets if p.name.casefold() != preset.name.casefold()]
    presets = tuple(sorted([*others, preset], key=lambda p: p.name.casefold()))
    return replace(state, presets=presets, error=None)


def without_preset(state: PresetsState, name: str) -> PresetsState:
    presets = tuple(p for p in state.presets if p.name != name)
    return replace(state, presets=presets, error=None)


def find_selected_preset(
    state: PresetsState, parameters: ParametersState
) -> Preset | UserPreset | None:
    """Return the preset whose settings are those of the next run, None if no preset has them.

    If several presets have them, the order of preference is: the one that the user chose last, one
    that names the prior, a built-in one, any other.
    """
    settings, prior = parameters.settings.sampler, parameters.settings.prior
    matches = [preset for preset in state.presets if preset.matches(settings, prior)]
    candidates: tuple[Preset | UserPreset | None, ...] = (
        *(preset for preset in matches if preset.name == state.chosen_name),
        *(preset for preset in matches if preset.prior is not None),
        *([] if parameters.preset is None else [parameters.preset]),
        *matches,
    )
    return candidates[0] if candidates else None


def preset_name_error_text(state: PresetsState, name: str, *, old_name: str | None = None) -> str:
    """Return the reason why a preset cannot have a name, empty if it can.

    Args:
        state: State with the existing presets.
        name: The typed name, without surrounding space.
        old_name: Current name of a renamed preset; None for a new preset, which may replace
            another.
    """
    if not name:
        return tr("Type a name.")
    if not is_valid_preset_name(name):
        return tr("This name is too long, or a preset of the program has it.")
    existing = state.find_by_name(name)
    if old_name is not None and existing is not None and existing.name != old_name:
        return tr("Another preset has this name.")
    if old_name is None and existing is None and len(state.presets) >= MAX_PRESETS:
        return tr("There are too many presets. Delete one first.")
    return ""


def preset_overwrite_text(state: PresetsState, name: str) -> str:
    """Return a note if a preset with this name exists and would be replaced, else an empty text."""
    return (
        tr("The preset of this name is replaced.") if state.find_by_name(name) is not None else ""
    )


class PresetsViewModel(StateViewModel[PresetsState]):
    """View model of the user's presets, which writes every change to the presets file.

    Changes that are made while the file is being loaded are applied after the loading.
    """

    def __init__(self, runner: JobRunner, path: Path) -> None:
        super().__init__(PresetsState())
        self._runner = runner
        self._path = path
        self._states_before_job: dict[int, PresetsState] = {}
        self._load_job_id: int | None = None
        self._pending_changes: list[Callable[[PresetsState], PresetsState]] = []
        self._has_load_failed = False
        runner.ended.connect(self._on_job_ended)

    def load(self) -> None:
        """Load the presets from the presets file on a worker thread."""
        self._load_job_id = self._runner.start(job_from_function(partial(load_presets, self._path)))
        self._states_before_job[self._load_job_id] = self._state

    def choose(self, name: str | None) -> None:
        """Set the name of the user's preset that was chosen last; None for a built-in one."""
        self._set_state(replace(self._state, chosen_name=name))

    def save(self, preset: UserPreset) -> None:
        """Save a preset, which replaces a preset of the same name, and choose it."""
        self.choose(preset.name)
        self._apply_change(lambda state: with_preset(state, preset))

    def rename(self, preset: UserPreset, name: str) -> None:
        """Rename a preset, and choose it."""
        self.choose(name)
        renamed = replace(preset, name=name)
        self._apply_change(lambda state: with_preset(without_preset(state, preset.name), renamed))

    def delete(self, preset: UserPreset) -> None:
        """Delete a preset."""
        self._apply_change(lambda state: without_preset(state, preset.name))

    def _apply_change(self, change: Callable[[PresetsState], PresetsState]) -> None:
        if self._load_job_id is not None:
            self._pending_changes.append(change)  # applied when the content of the file is known
            return
        if self._has_load_failed:
            # An unreadable file must not be overwritten: reading it again reports the error again.
            self._set_state(replace(self._state, error=None))
            self.load()
            return
        before, after = self._state, change(self._state)
        self._set_state(after)
        job = job_from_function(partial(save_presets, self._path, after.presets))
        self._states_before_job[self._runner.start(job, must_finish=True)] = before

    @Slot(int, object)
    def _on_job_ended(self, job_id: int, outcome: JobOutcome) -> None:
        before = self._states_before_job.pop(job_id, None)
        if before is None:
            return
        match outcome:
            case JobOutcome(result=tuple() as presets, error=None):
                self._has_load_failed = False
                self._set_state(replace(self._state, presets=presets, error=None))
            case JobOutcome(error=Exception() as error):
                self._has_load_failed = before is self._state or self._has_load_failed
                self._set_state(replace(self._state, presets=before.presets, error=error))
        if job_id == self._load_job_id:
            self._load_job_id = None
            pending, self._pending_changes = self._pending_changes, []
            for change in pending:
                self._apply_change(change)
