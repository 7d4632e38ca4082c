"""Taking back changes of settings, and making them again."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, fields, replace

from PySide6.QtCore import QObject, Slot

from app.i18n.translation import mark, tr
from app.viewmodels.parameters.parameters import ParametersState, ParametersViewModel
from app.viewmodels.state_view_model import StateViewModel
from ddrm_core.sampler.settings import SamplerSettings

_MOST_CHANGES = 100
# A spin box that is held, or typed into, is one change.
_TOGETHER_S = 1.0
_WORDS = {
    "steps": mark("Steps"),
    "samples": mark("Samples"),
    "start": mark("Start"),
    "correction": mark("Correction"),
    "eta": mark("Eta"),
    "eta_b": mark("Eta b"),
    "quality": mark("Quality factor"),
    "grid": mark("Grid"),
    "sampling": mark("Sampling"),
    "seed": mark("Seed"),
    "device": mark("Device"),
    "problem": mark("Problem"),
    "bits": mark("Bits per channel"),
    "prior": mark("Prior"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """From some choices to others.

    Attributes:
        before: Without what there is to choose from.
        after: Likewise.
        names: Of what differs.
        at: When it was made last, seconds of some clock.
    """

    before: ParametersState
    after: ParametersState
    names: tuple[str, ...]
    at: float

    @property
    def words(self) -> str:
        """What was changed."""
        if len(self.names) == 1 and self.names[0] in _WORDS:
            return tr(_WORDS[self.names[0]])
        of_sampler = {field.name for field in fields(SamplerSettings)}
        return tr("Preset") if of_sampler.issuperset(self.names) else tr("Several settings")


@dataclass(frozen=True, slots=True)
class UndoState:
    """What can be taken back, and made again.

    Attributes:
        past: Changes that are in force, the latest last.
        future: Changes that were taken back, the next one last.
    """

    past: tuple[Change, ...] = ()
    future: tuple[Change, ...] = ()


def chosen(state: ParametersState) -> ParametersState:
    """The user's choices alone, without what there is to choose from."""
    return replace(state, devices=(), priors=())


def changed_names(one: ParametersState, other: ParametersState) -> tuple[str, ...]:
    """Which choices differ."""
    own = [f.name for f in fields(ParametersState) if f.name not in ("settings",)]
    found = [name for name in own if getattr(one, name) != getattr(other, name)]
    a, b = one.settings, other.settings
    names = [field.name for field in fields(SamplerSettings)]
    return (*found, *(name for name in names if getattr(a, name) != getattr(b, name)))


def recorded(
    state: UndoState, before: ParametersState, after: ParametersState, at: float
) -> UndoState:
    """One more change; quick ones of the same control are one, and nothing can be made again."""
    names, past = changed_names(before, after), state.past
    if past and past[-1].names == names and at - past[-1].at <= _TOGETHER_S:
        if not state.future:
            before, past = past[-1].before, past[:-1]
        if before == after:
            return UndoState(past)
    return UndoState((*past, Change(before, after, names, at))[-_MOST_CHANGES:])


def undone(state: UndoState) -> UndoState:
    """The latest change taken back."""
    return UndoState(state.past[:-1], (*state.future, *state.past[-1:]))


def redone(state: UndoState) -> UndoState:
    """The latest that was taken back made again."""
    return UndoState((*state.past, *state.future[-1:]), state.future[:-1])


class UndoViewModel(StateViewModel[UndoState]):
    """The changes of the settings as one value that changes."""

    def __init__(
        self,
        parameters: ParametersViewModel,
        clock: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(UndoState(), parent)
        self._parameters = parameters
        self._clock = clock
        self._known = chosen(parameters.state)
        self._going = False
        parameters.state_changed.connect(self._on_parameters_changed)
        parameters.followed_file.connect(self._on_followed_file)

    def undo(self) -> None:
        """Take back the latest change."""
        if self._state.past:
            self._go(self._state.past[-1].before, undone(self._state))

    def redo(self) -> None:
        """Make the latest that was taken back again."""
        if self._state.future:
            self._go(self._state.future[-1].after, redone(self._state))

    def _go(self, choices: ParametersState, state: UndoState) -> None:
        self._set(state)
        self._going = True
        self._parameters.restore(choices)
        self._going = False
        self._known = chosen(self._parameters.state)

    @Slot(object)
    def _on_parameters_changed(self, state: ParametersState) -> None:
        now, before = chosen(state), self._known
        # Choices that are not here any more are left out, which is no change of the user's.
        if now != before and not self._going:
            self._known = now
            self._set(recorded(self._state, before, now, self._clock()))

    @Slot()
    def _on_followed_file(self) -> None:
        # What was assumed of one file is not to come back for another.
        self._known = chosen(self._parameters.state)
        self._set(UndoState())
