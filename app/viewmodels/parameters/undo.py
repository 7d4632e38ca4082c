"""View model of undo and redo of changes in the window."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from functools import partial
from typing import Any

from PySide6.QtCore import Slot

from app.i18n.translation import tr, tr_noop
from app.viewmodels.parameters.parameters import ParametersState, ParametersViewModel
from app.viewmodels.parameters.setting_labels import SETTING_LABELS
from app.viewmodels.state_view_model import StateViewModel
from ddrm_core.sampler.serialization import (
    FLAT_FIELDS,
    ORIGIN_KEY,
    PARAMETERS_KEY,
    settings_to_values,
)

_MAX_CHANGES = 100
# Continuous changes of one spin box are merged into one change.
_MERGE_WINDOW_S = 1.0
_FIELD_LABELS = {
    **SETTING_LABELS,
    "sigma_factor": tr_noop("Texture"),
    "quality": tr_noop("JPEG quality"),
    "grid": tr_noop("Grid"),
    "sampling": tr_noop("Sampling"),
    "seed": tr_noop("Seed"),
    "device": tr_noop("Device"),
    "problem": tr_noop("Problem"),
    "bits": tr_noop("Bits per channel"),
    "initial_strength": tr_noop("Strength"),
    "prior": tr_noop("Model"),
    "chosen_prior": tr_noop("Model"),
    "is_choice_replaced": tr_noop("Model"),
}
# Settings that change together with the prior.
_PRIOR_CHOICE_FIELDS = ("chosen_prior", "is_choice_replaced")


@dataclass(frozen=True, slots=True)
class ParameterChange:
    """A change of parameters that can be undone.

    Attributes:
        before: Parameters before the change, without available options.
        after: Parameters after the change, without available options.
        field_names: Names of the settings that differ.
        time_s: Time of the change, or of the latest change merged into it, in seconds of a
            monotonic clock.
    """

    before: ParametersState
    after: ParametersState
    field_names: tuple[str, ...]
    time_s: float

    @property
    def label(self) -> str:
        """Translated name of the changed setting, or a common name of several settings."""
        others = tuple(n for n in self.field_names if n not in _PRIOR_CHOICE_FIELDS)
        names = others or self.field_names[:1]
        if len(names) == 1 and names[0] in _FIELD_LABELS:
            return tr(_FIELD_LABELS[names[0]])
        is_preset = {*FLAT_FIELDS, PARAMETERS_KEY, "prior"}.issuperset(self.field_names)
        return tr("Preset") if is_preset else tr("Several settings")


@dataclass(frozen=True, slots=True, eq=False)
class ActionChange:
    """A change of anything but parameters that can be undone.

    Attributes:
        label: Translated name of the change.
        undo: Function that undoes the change.
        redo: Function that makes the change again.
        belongs_to_file: Whether the change cannot be undone after another file has been opened.
        merge_key: Name that continuous changes of one control share; None for a single change.
        time_s: Time of the change, or of the latest change merged into it, in seconds of a
            monotonic clock.
    """

    label: str
    undo: Callable[[], None]
    redo: Callable[[], None]
    belongs_to_file: bool = True
    merge_key: str | None = None
    time_s: float = 0.0


Change = ParameterChange | ActionChange


@dataclass(frozen=True, slots=True)
class UndoState:
    """Changes that can be undone or redone.

    Attributes:
        undo_stack: Changes that are applied, the latest last.
        redo_stack: Changes that were undone, the next one to redo last.
    """

    undo_stack: tuple[Change, ...] = ()
    redo_stack: tuple[Change, ...] = ()


def without_available_options(state: ParametersState) -> ParametersState:
    """Return the parameters with empty lists of available devices and priors."""
    return replace(state, devices=(), priors=())


def find_changed_fields(one: ParametersState, other: ParametersState) -> tuple[str, ...]:
    """Return the names of the settings that differ between two sets of parameters.

    Settings of the sampler and of the assumption are included by their own names.
    """
    one_values, other_values = _list_values(one), _list_values(other)
    names = dict.fromkeys((*one_values, *other_values))
    if one.settings.sampler.correction != other.settings.sampler.correction:
        names.pop(PARAMETERS_KEY, None)  # the parameters of another correction always differ
    names.pop(ORIGIN_KEY, None)
    return tuple(n for n in names if one_values.get(n) != other_values.get(n))


def _list_values(state: ParametersState) -> dict[str, Any]:
    """Return each setting by its name, including those of the sampler and the assumption.

    No two settings have the same name.
    """
    settings = state.settings
    values = {f.name: getattr(owner, f.name) for owner in (settings, state) for f in fields(owner)}
    del values["settings"], values["sampler"], values["assumption"]
    return settings_to_values(settings.sampler) | asdict(settings.assumption) | values


def record_change(
    state: UndoState, before: ParametersState, after: ParametersState, time_s: float
) -> UndoState:
    """Return the state with one more change to undo, and an empty redo stack.

    Changes of the same settings in quick succession are merged into one change.

    Args:
        state: The state.
        before: Parameters before the change.
        after: Parameters after the change.
        time_s: Time of the change, in seconds of a monotonic clock.
    """
    field_names, undo_stack = find_changed_fields(before, after), state.undo_stack
    last = undo_stack[-1] if undo_stack else None
    if (
        isinstance(last, ParameterChange)
        and last.field_names == field_names
        and time_s - last.time_s <= _MERGE_WINDOW_S
    ):
        if not state.redo_stack:
            before, undo_stack = last.before, undo_stack[:-1]
        if before == after:
            return UndoState(undo_stack)
    return UndoState(
        (*undo_stack, ParameterChange(before, after, field_names, time_s))[-_MAX_CHANGES:]
    )


def record_action_change(state: UndoState, change: ActionChange) -> UndoState:
    """Return the state with one more change to undo, and an empty redo stack.

    Continuous changes with the same merge key are merged into one change.
    """
    undo_stack = state.undo_stack
    last = undo_stack[-1] if undo_stack else None
    if (
        isinstance(last, ActionChange)
        and change.merge_key is not None
        and last.merge_key == change.merge_key
        and change.time_s - last.time_s <= _MERGE_WINDOW_S
        and not state.redo_stack
    ):
        change, undo_stack = replace(change, undo=last.undo), undo_stack[:-1]
    return UndoState((*undo_stack, change)[-_MAX_CHANGES:])


def without_changes_of_file(state: UndoState) -> UndoState:
    """Return the state without changes that cannot be undone after a file has been opened."""
    undo_stack, redo_stack = (
        tuple(c for c in stack if isinstance(c, ActionChange) and not c.belongs_to_file)
        for stack in (state.undo_stack, state.redo_stack)
    )
    return UndoState(undo_stack, redo_stack)


def undo_last_change(state: UndoState) -> UndoState:
    """Return the state with the latest change moved to the redo stack."""
    return UndoState(state.undo_stack[:-1], (*state.redo_stack, *state.undo_stack[-1:]))


def redo_last_change(state: UndoState) -> UndoState:
    """Return the state with the latest undone change moved back to the undo stack."""
    return UndoState((*state.undo_stack, *state.redo_stack[-1:]), state.redo_stack[:-1])


class UndoViewModel(StateViewModel[UndoState]):
    """View model of undo and redo of changes in the window.

    Changes of parameters are recorded by themselves, other changes by `record_action`.
    """

    def __init__(
        self,
        parameters: ParametersViewModel,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(UndoState())
        self._parameters = parameters
        self._clock = clock
        self._last_parameters = without_available_options(parameters.state)
        self._is_applying = False
        parameters.state_changed.connect(self._on_parameters_changed)
        parameters.assumptions_reset.connect(self._on_assumptions_reset)

    def undo(self) -> None:
        """Undo the latest change."""
        if self._state.undo_stack:
            change = self._state.undo_stack[-1]
            undo = (
                change.undo
                if isinstance(change, ActionChange)
                else partial(self._parameters.apply_parameters, change.before)
            )
            self._apply(undo, undo_last_change(self._state))

    def redo(self) -> None:
        """Redo the latest undone change."""
        if self._state.redo_stack:
            change = self._state.redo_stack[-1]
            redo = (
                change.redo
                if isinstance(change, ActionChange)
                else partial(self._parameters.apply_parameters, change.after)
            )
            self._apply(redo, redo_last_change(self._state))

    def record_action(self, change: ActionChange) -> None:
        """Record a change of anything but parameters, which has just been made.

        A change that undo or redo itself makes is not recorded.
        """
        if not self._is_applying:
            timed_change = replace(change, time_s=self._clock())
            self._set_state(record_action_change(self._state, timed_change))

    def forget_changes(self) -> None:
        """Empty both stacks, and let later changes begin with the present parameters."""
        self._last_parameters = without_available_options(self._parameters.state)
        self._set_state(UndoState())

    def undo_action(self, label: str) -> None:
        """Undo the latest change if it has this label, for a message about that change."""
        stack = self._state.undo_stack
        if stack and isinstance(stack[-1], ActionChange) and stack[-1].label == label:
            self.undo()

    def _apply(self, change: Callable[[], None], state: UndoState) -> None:
        self._set_state(state)
        self._is_applying = True
        change()
        self._is_applying = False
        self._last_parameters = without_available_options(self._parameters.state)

    @Slot(object)
    def _on_parameters_changed(self, state: ParametersState) -> None:
        after, before = without_available_options(state), self._last_parameters
        # Undo skips options that are no longer available, which is not a change by the user.
        if after != before and not self._is_applying:
            self._last_parameters = after
            self._set_state(record_change(self._state, before, after, self._clock()))

    @Slot()
    def _on_assumptions_reset(self) -> None:
        # An assumption about one file must not return for another file.
        self._last_parameters = without_available_options(self._parameters.state)
        self._set_state(without_changes_of_file(self._state))
