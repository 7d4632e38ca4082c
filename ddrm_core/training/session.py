"""A session of a training run: iterations with a log, validation and saved states."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import torch

from ddrm_core.cancel import CancelToken
from ddrm_core.device.selection import choose_precision
from ddrm_core.errors import OperationCancelled
from ddrm_core.training import metrics_log as metrics_log
from ddrm_core.training.checkpoint import save_state
from ddrm_core.training.loop import TrainingStep, train
from ddrm_core.training.photographs.dataset import PhotographCollection, read_central_crops
from ddrm_core.training.photographs.patches import PatchSource, open_patch_batches
from ddrm_core.training.settings import TrainingSettings
from ddrm_core.training.state import TrainingState, build_averaged_network
from ddrm_core.training.teacher import Teacher
from ddrm_core.training.validation import HELD_OUT_CROP_SIDE, HeldOutCrops, validate_network

STATE_FILE_NAME, LOG_FILE_NAME = "state.safetensors", "log.jsonl"
_ITERATIONS_PER_ROW = 50  # iterations per log row


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """The limits of a session, and the intervals of saving and validation.

    Attributes:
        output_folder: Folder of the state and the log.
        max_seconds: Duration of the session, None without a limit.
        last_iteration: Iteration at which the session ends, counted over all sessions; None without
            a limit.
        save_interval_s: Seconds between two saved states.
        validation_interval_s: Seconds between two validations.
        worker_count: Number of threads that decode photographs.
    """

    output_folder: Path
    max_seconds: float | None
    last_iteration: int | None
    save_interval_s: float
    validation_interval_s: float
    worker_count: int


@dataclass(slots=True, eq=False)
class TrainingSession:
    """The part of a training run that one process executes.

    Attributes:
        state: State of the run, changed in place.
        settings: Settings of the run.
        patch_source: Source of the patches.
        held_out_crops: Crops of held-out photographs.
        plan: Limits and intervals of the session.
        device: Device of the network.
        token: Cancel token, cancelled by a signal handler or another thread.
        on_log_row: Function called with every row of the log.
        teacher: Teacher of the run, None for a run without one.
    """

    state: TrainingState
    settings: TrainingSettings
    patch_source: PatchSource
    held_out_crops: HeldOutCrops
    plan: SessionPlan
    device: torch.device
    token: CancelToken
    on_log_row: Callable[[metrics_log.LogRow], None]
    teacher: Teacher | None = None
    _unlogged_steps: list[TrainingStep] = field(default_factory=list)
    _reported_paths: set[Path] = field(default_factory=set)
    _row_start: float = 0.0  # start time of the iterations in `_unlogged_steps`

    def run(self) -> bool:
        """Train until the plan's limit, then validate; return False if the token was cancelled.

        In both cases, the state after the last completed iteration is saved.

        Raises:
            InvalidSetting: If the loss is not finite; the saved state is then an earlier one.
            UnsupportedImage: If none of the photographs can be read.
            UnwritableOutput: If the log or the state cannot be written.
        """
        try:
            self._run_iterations()
            self._save_state()
            self._validate()
        except OperationCancelled:
            self._save_state()
            return False
        return True

    def _run_iterations(self) -> None:
        end_timer = _IntervalTimer(self.plan.max_seconds)
        save_timer = _IntervalTimer(self.plan.save_interval_s)
        validation_timer = _IntervalTimer(self.plan.validation_interval_s)
        self._row_start = time.perf_counter()
        for step in self._iter_steps():
            self._unlogged_steps.append(step)
            if len(self._unlogged_steps) == _ITERATIONS_PER_ROW:
                self._log_steps()
            self.token.raise_if_cancelled()
            if end_timer.restart_if_elapsed() or step.iteration == self.plan.last_iteration:
                return
            if save_timer.restart_if_elapsed():
                self._save_state()
            if validation_timer.restart_if_elapsed():
                self._save_state()
                self._validate()
                self._row_start = time.perf_counter()

    def _iter_steps(self) -> Iterator[TrainingStep]:
        with open_patch_batches(
            self.patch_source,
            first_patch=self.state.patch_count,
            batch_size=self.settings.batch,
            worker_count=self.plan.worker_count,
        ) as patch_batches:
            precision = choose_precision(self.device)
            yield from train(
                self.state,
                patch_batches,
                self.settings,
                precision=precision,
                teacher=self.teacher,
            )

    def _save_state(self) -> None:
        self._log_steps()
        save_state(self.plan.output_folder / STATE_FILE_NAME, self.state, self.settings)
        self._row_start = time.perf_counter()

    def _validate(self) -> None:
        results = {
            decay: validate_network(
                build_averaged_network(self.state, decay),
                self.held_out_crops,
                self.device,
                self.token,
            )
            for decay in self.state.averages
        }
        self._write_row(
            metrics_log.build_validation_row(
                self.state.iteration, self.state.training_seconds, results
            )
        )

    def _log_steps(self) -> None:
        if self._unlogged_steps:
            loss = metrics_log.compute_mean_loss(self._unlogged_steps, self.settings)
            now = time.perf_counter()
            seconds, self._row_start = now - self._row_start, now
            self.state.training_seconds += seconds
            self._write_row(
                metrics_log.build_training_row(self._unlogged_steps, loss=loss, seconds=seconds)
            )
            self._unlogged_steps.clear()
        for path in sorted(self.patch_source.refused_paths - self._reported_paths):
            self._reported_paths.add(path)
            self._write_row({"kind": "refused", "photograph": str(path)})

    def _write_row(self, row: metrics_log.LogRow) -> None:
        metrics_log.append_log_row(self.plan.output_folder / LOG_FILE_NAME, row)
        self.on_log_row(row)


def create_training_session(
    state: TrainingState,
    settings: TrainingSettings,
    photographs: PhotographCollection,
    plan: SessionPlan,
    *,
    device: torch.device,
    token: CancelToken,
    on_log_row: Callable[[metrics_log.LogRow], None],
    teacher: Teacher | None = None,
) -> TrainingSession:
    """Create a session with training patches and held-out crops of `photographs`.

    The other arguments are those of `TrainingSession`.
    """
    patch_source = PatchSource(photographs.training, settings.patch, settings.seed)
    held_out_crops = read_central_crops(photographs.held_out, HELD_OUT_CROP_SIDE)
    return TrainingSession(
        state, settings, patch_source, held_out_crops, plan, device, token, on_log_row, teacher
    )


class _IntervalTimer:
    """A timer that restarts each time its interval has elapsed.

    An interval of None never elapses.
    """

    def __init__(self, interval_s: float | None) -> None:
        self._interval_s = interval_s
        self._start_time = time.monotonic()

    def restart_if_elapsed(self) -> bool:
        now = time.monotonic()
        is_elapsed = self._interval_s is not None and now - self._start_time >= self._interval_s
        if is_elapsed:
            self._start_time = now
        return is_elapsed
