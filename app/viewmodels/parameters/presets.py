"""The presets that the user has saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from app.i18n.translation import tr
from app.jobs.parameters.preset_file import (
    MOST_PRESETS,
    UserPreset,
    load_presets,
    save_presets,
    usable_name,
)
from app.jobs.worker import Outcome, Runner, once
from app.viewmodels.state_view_model import StateViewModel
from ddrm_core.sampler.settings import SamplerSettings


@dataclass(frozen=True, slots=True)
class PresetsState:
    """What there is to choose.

    Attributes:
        presets: In the order of their names.
        error: Why the file could not be read or written; None where nothing is wrong.
    """

    presets: tuple[UserPreset, ...] = ()
    error: Exception | None = None

    def find(self, name: str) -> UserPreset | None:
        """None where no preset is called so."""
        folded = name.casefold()
        return next((p for p in self.presets if p.name.casefold() == folded), None)

    def named(self, settings: SamplerSettings) -> UserPreset | None:
        """The first with these settings."""
        return next((p for p in self.presets if p.settings == settings), None)


def with_preset(state: PresetsState, preset: UserPreset) -> PresetsState:
    """One more, or another in place of that of the same name."""
    others = [p for p in state.presets if p.name.casefold() != preset.name.casefold()]
    return PresetsState(tuple(sorted([*others, preset], key=lambda p: p.name.casefold())))


def without_preset(state: PresetsState, name: str) -> PresetsState:
    return PresetsState(tuple(p for p in state.presets if p.name != name))


def name_problem(state: PresetsState, name: str, *, renaming: str | None = None) -> str:
    """Why a preset cannot be called so, empty where it can.

    Args:
        state: The others.
        name: As it was typed, without space around it.
        renaming: What it was called before; None for a new one, which may replace another.
    """
    if not name:
        return tr("Type a name.")
    if not usable_name(name):
        return tr("This name is too long, or a preset of the program has it.")
    there = state.find(name)
    if renaming is not None and there is not None and there.name != renaming:
        return tr("Another preset has this name.")
    if renaming is None and there is None and len(state.presets) >= MOST_PRESETS:
        return tr("There are too many presets. Delete one first.")
    return ""


def name_note(state: PresetsState, name: str) -> str:
    """What a new preset of this name does besides, empty where that is nothing."""
    return tr("The preset of this name is replaced.") if state.find(name) is not None else ""


class PresetsViewModel(StateViewModel[PresetsState]):
    """The user's presets as one value that changes; every change is written at once.

    While the file is read, changes wait for it.
    """

    def __init__(self, runner: Runner, path: Path, parent: QObject | None = None) -> None:
        super().__init__(PresetsState(), parent)
        self._runner = runner
        self._path = path
        self._jobs: dict[int, PresetsState] = {}
        self._loading: int | None = None
        self._waiting: list[Callable[[PresetsState], PresetsState]] = []
        self._unusable = False
        runner.ended.connect(self._on_ended)

    def load(self) -> None:
        """Read the file."""
        self._loading = self._runner.start(once(partial(load_presets, self._path)))
        self._jobs[self._loading] = self._state

    def save(self, name: str, settings: SamplerSettings) -> None:
        """Keep these settings under a name."""
        self._change(lambda state: with_preset(state, UserPreset(name, settings)))

    def rename(self, preset: UserPreset, name: str) -> None:
        """Call it otherwise."""
        renamed = UserPreset(name, preset.settings)
        self._change(lambda state: with_preset(without_preset(state, preset.name), renamed))

    def delete(self, preset: UserPreset) -> None:
        """Forget it."""
        self._change(lambda state: without_preset(state, preset.name))

    def _change(self, change: Callable[[PresetsState], PresetsState]) -> None:
        if self._loading is not None:
            self._waiting.append(change)  # until it is known what else is in the file
            return
        if self._unusable:
            # What could not be read is not to be overwritten: it is read again, and said again.
            self._set(replace(self._state, error=None))
            self.load()
            return
        before, wanted = self._state, change(self._state)
        self._set(wanted)
        writing = once(partial(save_presets, self._path, wanted.presets))
        self._jobs[self._runner.start(writing, lasting=True)] = before

    @Slot(int, object)
    def _on_ended(self, run_id: int, outcome: Outcome) -> None:
        before = self._jobs.pop(run_id, None)
        if before is None:
            return
        match outcome:
            case Outcome(result=tuple() as presets, error=None):
                self._unusable = False
                self._set(PresetsState(presets))
            case Outcome(error=Exception() as error):
                self._unusable = before is self._state or self._unusable
                self._set(PresetsState(before.presets, error))
        if run_id == self._loading:
            self._loading = None
            waiting, self._waiting = self._waiting, []
            for change in waiting:
                self._change(change)
