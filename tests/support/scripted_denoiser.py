"""A denoiser that takes no time and can hold a run while a test acts."""

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
    """A stand-in for `Prior.denoise` that estimates mid-gray everywhere, without a network.

    Samples of a run with dihedral transforms, which is the default, are evaluated one by one.

    Attributes:
        evaluations: Number of finished evaluations since the last call of `hold_before`.
        held: Event that is set while a run is held.
    """

    def __init__(self) -> None:
        self.evaluations = 0
        self.held = Event()
        self._held_before: int | None = None
        self._released = Event()

    def hold_before(self, number: int) -> None:
        """Hold the next run before its evaluation `number`, counted from 1.

        The run is held until it is released or stopped. Evaluations of other runs continue. Call
        this method while no run is active.
        """
        self.evaluations = 0
        self._released.clear()
        self._held_before = number

    def release(self) -> None:
        """Let the held run continue, and cancel a hold that has not taken effect yet."""
        self._held_before = None
        self._released.set()

    def denoise(
        self, x: Tensor, _sigma: float, poll: Callable[[], None], _view: int = IDENTITY
    ) -> Tensor:
        """Return mid-gray images in the shape of `x` as soon as the run is not held.

        Args:
            x: Noisy images.
            _sigma: Noise level of the images.
            poll: Function called every few milliseconds while the run is held; an error that it
                raises ends the evaluation.
            _view: Dihedral transform of the images, ignored here.
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
    """Wait until the run is held and the window knows all earlier evaluations.

    The run must be held between two steps, after the first.
    """

    def known() -> bool:
        estimate = getattr(run.state, "estimate", None)
        done = None if estimate is None else estimate.step.evaluations_done
        return scripted.held.is_set() and done == scripted.evaluations

    qtbot.waitUntil(known)
