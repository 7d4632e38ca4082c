"""A denoiser that costs no time and can hold a run where a test wants to act."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

import torch
from pytestqt.qtbot import QtBot
from torch import Tensor

from app.viewmodels.run.run import RunViewModel
from ddrm_core.prior.dihedral import IDENTITY
from tests.support.polling import until


class ScriptedDenoiser:
    """A stand-in for `Prior.denoise` that estimates mid-grey everywhere, without a network.

    Samples of a run whose views are turned, which is the default, are evaluated one by one.

    Attributes:
        evaluations: How many have returned since the last `hold_before`.
        held: Set while a run is held.
    """

    def __init__(self) -> None:
        self.evaluations = 0
        self.held = Event()
        self._held_before: int | None = None
        self._released = Event()

    def hold_before(self, number: int) -> None:
        """Hold the next run before that evaluation, from 1, until it is released or stopped.

        Evaluations of other runs go on meanwhile. Call this while nothing runs.
        """
        self.evaluations = 0
        self._released.clear()
        self._held_before = number

    def release(self) -> None:
        """Let the run that is held go on; a run that is not held yet will not be."""
        self._held_before = None
        self._released.set()

    def denoise(
        self, x: Tensor, _sigma: float, poll: Callable[[], None], _view: int = IDENTITY
    ) -> Tensor:
        """Return mid-grey pictures of the shape of `x`, once the run is not held.

        Args:
            x: Noisy pictures.
            _sigma: Their noise level.
            poll: Called every few milliseconds while the run is held; what it raises ends that.
            _view: How a network would see the pictures.
        """
        poll()
        if self.evaluations + 1 == self._held_before:
            self._hold(poll)
        self.evaluations += 1
        return torch.zeros_like(x)

    def _hold(self, poll: Callable[[], None]) -> None:
        self._held_before = None

        def released() -> bool:
            poll()
            return self._released.is_set()

        self.held.set()
        try:
            until(released)
        finally:
            self.held.clear()


def until_held(qtbot: QtBot, scripted: ScriptedDenoiser, run: RunViewModel) -> None:
    """Wait until the run is held and the window knows of all evaluations before.

    The run has to be held between two steps, after the first.
    """

    def known() -> bool:
        estimate = getattr(run.state, "estimate", None)
        done = None if estimate is None else estimate.step.evaluations_done
        return scripted.held.is_set() and done == scripted.evaluations

    qtbot.waitUntil(known)
