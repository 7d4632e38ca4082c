"""A session of a training run: iterations with a log, validations, and the state kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import torch

from ddrm_core.cancel import CancelToken
from ddrm_core.device.selection import body_precision
from ddrm_core.errors import Cancelled
from ddrm_core.training import metrics_log as journal
from ddrm_core.training.checkpoint import save_state
from ddrm_core.training.dataset import Collection, central_crops
from ddrm_core.training.loop import TrainStep, train
from ddrm_core.training.patches import PatchSource, batches
from ddrm_core.training.settings import TrainingSettings
from ddrm_core.training.state import TrainingState, averaged_network
from ddrm_core.training.validation import HELD_SIDE, HeldPixels, validate

STATE_NAME, LOG_NAME = "state.safetensors", "log.jsonl"
_ROW = 50  # iterations


@dataclass(frozen=True, slots=True)
class Plan:
    """What a session does besides iterating.

    Attributes:
        out: Folder of the state and the log.
        seconds: After which it ends, None for never.
        iteration: At which it ends, counted over all sessions; None for none.
        save_seconds: Between writings of the state.
        validate_seconds: Between validations.
        workers: Threads that decode photographs.
    """

    out: Path
    seconds: float | None
    iteration: int | None
    save_seconds: float
    validate_seconds: float
    workers: int


@dataclass(slots=True, eq=False)
class Session:
    """One process's part of a run.

    Attributes:
        state: The run, changed while it works.
        settings: Of the run.
        source: Of its patches.
        held: Crops of held-out photographs.
        plan: What to do besides.
        device: Where the network is.
        token: Cancelled from a signal handler or another thread.
        tell: Given every row of the log.
    """

    state: TrainingState
    settings: TrainingSettings
    source: PatchSource
    held: HeldPixels
    plan: Plan
    device: torch.device
    token: CancelToken
    tell: Callable[[journal.Row], None]
    _steps: list[TrainStep] = field(default_factory=list)
    _told: set[Path] = field(default_factory=set)
    _began: float = 0.0  # when the iterations of `_steps` did

    def work(self) -> bool:
        """Train until the plan's end, then validate; False where the token was cancelled.

        The state is in its file either way, with the last iteration finished.

        Raises:
            InvalidSetting: The loss is no number any more; the state's file is from before.
            NotAPicture: Not one photograph can be read.
            UnwritableOutput: The log or the state could not be written.
        """
        try:
            self._iterate()
            self._keep()
            self._validate()
        except Cancelled:
            self._keep()
            return False
        return True

    def _iterate(self) -> None:
        ends = _Interval(self.plan.seconds)
        saves = _Interval(self.plan.save_seconds)
        validates = _Interval(self.plan.validate_seconds)
        self._began = time.perf_counter()
        for step in self._train():
            self._steps.append(step)
            if len(self._steps) == _ROW:
                self._log()
            self.token.raise_if_cancelled()
            if ends.is_over() or step.iteration == self.plan.iteration:
                return
            if saves.is_over():
                self._keep()
            if validates.is_over():
                self._keep()
                self._validate()
                self._began = time.perf_counter()

    def _train(self) -> Iterator[TrainStep]:
        with batches(
            self.source,
            first=self.state.patches,
            size=self.settings.batch,
            workers=self.plan.workers,
        ) as patches:
            precision = body_precision(self.device)
            yield from train(self.state, patches, self.settings, precision=precision)

    def _keep(self) -> None:
        self._log()
        save_state(self.plan.out / STATE_NAME, self.state, self.settings)
        self._began = time.perf_counter()

    def _validate(self) -> None:
        results = {
            decay: validate(averaged_network(self.state, decay), self.held, self.device, self.token)
            for decay in self.state.averages
        }
        self._write(journal.validation_row(self.state.iteration, self.state.seconds, results))

    def _log(self) -> None:
        if self._steps:
            loss = journal.mean_loss(self._steps, self.settings)
            now = time.perf_counter()
            seconds, self._began = now - self._began, now
            self.state.seconds += seconds
            self._write(journal.training_row(self._steps, loss=loss, seconds=seconds))
            self._steps.clear()
        for path in sorted(self.source.refused - self._told):
            self._told.add(path)
            self._write({"kind": "refused", "photograph": str(path)})

    def _write(self, row: journal.Row) -> None:
        journal.append(self.plan.out / LOG_NAME, row)
        self.tell(row)


def open_session(
    state: TrainingState,
    settings: TrainingSettings,
    photographs: Collection,
    plan: Plan,
    *,
    device: torch.device,
    token: CancelToken,
    tell: Callable[[journal.Row], None],
) -> Session:
    """Everything that `Session.work` needs; see there for the arguments."""
    source = PatchSource(photographs.train, settings.patch, settings.seed)
    held = central_crops(photographs.held, HELD_SIDE)
    return Session(state, settings, source, held, plan, device, token, tell)


class _Interval:
    """Whether so many seconds have passed since it was made or last said so."""

    def __init__(self, seconds: float | None) -> None:
        self._seconds = seconds
        self._began = time.monotonic()

    def is_over(self) -> bool:
        now = time.monotonic()
        over = self._seconds is not None and now - self._began >= self._seconds
        if over:
            self._began = now
        return over
