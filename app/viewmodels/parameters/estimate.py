"""What the next run would take."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from app.i18n.formatting import count_words, decimal_words
from app.i18n.translation import tr
from app.jobs.parameters.estimate import Forecast, Paces, forecasting, learning
from app.jobs.run.prior_cache import Engine
from app.jobs.run.restore_request import RestoreRequest
from app.jobs.run.result import Restored
from app.jobs.worker import Outcome, Runner, once
from app.viewmodels.state_view_model import StateViewModel

if TYPE_CHECKING:  # imports torch, see `Engine`
    from ddrm_core.performance.estimate import Memory


@dataclass(frozen=True, slots=True)
class ForecastState:
    """What is known.

    Attributes:
        forecast: Of the choices in force; None where it is not known, or not known yet.
        under_way: Whether it is being found out.
        unloaded: Whether it is not known because the prior has not been used yet.
    """

    forecast: Forecast | None = None
    under_way: bool = False
    unloaded: bool = False


def forecast_words(state: ForecastState) -> str:
    """A line; empty where nothing can be said."""
    forecast = state.forecast
    if forecast is None:
        if state.under_way:
            return tr("Time and memory: being worked out…")
        return tr("Time and memory: known once this prior has been used") if state.unloaded else ""
    words = tr("About {time} and {memory} of memory").format(
        time=long_words(forecast.seconds), memory=memory_words(forecast.memory.needed)
    )
    if forecast.memory.suffices:
        return words
    return tr("{forecast}. That is more than is free: it will take less at a time.").format(
        forecast=words
    )


def forecast_tip(state: ForecastState) -> str:
    """How it was found."""
    forecast = state.forecast
    if forecast is None:
        return ""
    work = forecast.work
    lines = [
        tr("From how fast your last run with this prior and device was.")
        if forecast.from_run
        else tr("From a step that was timed on a small part of this picture."),
        tr("{evaluations} evaluations of the prior, in {parts} parts of the picture.").format(
            evaluations=count_words(work.evaluations), parts=count_words(work.parts)
        )
        if work.parts > 1
        else tr("{evaluations} evaluations of the prior.").format(
            evaluations=count_words(work.evaluations)
        ),
        _memory_words(forecast.memory),
    ]
    return "\n".join(lines)


def _memory_words(memory: Memory) -> str:
    if memory.free is None:
        return tr("Memory is what the run takes at its peak, besides what is in use now.")
    return tr(
        "Memory is what the run takes at its peak, besides what is in use now; {free} are free."
    ).format(free=memory_words(memory.free))


def long_words(seconds: float) -> str:
    """A duration that is not known exactly."""
    if seconds < 10:
        return tr("{seconds} s").format(seconds=max(round(seconds), 1))
    if seconds < 57.5:
        return tr("{seconds} s").format(seconds=round(seconds / 5) * 5)
    if seconds < 600:
        minutes, rest = divmod(round(seconds / 10) * 10, 60)
        if rest:
            return tr("{minutes} min {seconds} s").format(minutes=minutes, seconds=rest)
        return tr("{minutes} min").format(minutes=minutes)
    minutes = round(seconds / 60)
    if minutes < 60:
        return tr("{minutes} min").format(minutes=minutes)
    hours, minutes = divmod(round(minutes / 5) * 5, 60)
    if minutes:
        return tr("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    return tr("{hours} h").format(hours=hours)


def memory_words(count: int) -> str:
    """Bytes with as many digits as a forecast has: tenths of a gigabyte, tens of megabytes."""
    if count >= 995_000_000:
        return tr("{size} GB").format(size=decimal_words(count / 1e9, 1))
    return tr("{size} MB").format(size=max(round(count / 1e7), 1) * 10)


class ForecastViewModel(StateViewModel[ForecastState]):
    """The forecast as one value that changes."""

    def __init__(self, runner: Runner, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(ForecastState(), parent)
        self._runner = runner
        self._engine = engine
        self._paces = Paces()
        self._run_id = 0
        runner.ended.connect(self._on_ended)

    def find_out(self, request: RestoreRequest) -> None:
        """Forecast this run; what was asked before is given up."""
        self.cancel()
        self._set(replace(self._state, under_way=True))
        job = partial(forecasting, self._engine, self._paces, request)
        self._run_id = self._runner.start(job)

    def cancel(self) -> None:
        """Whatever is being timed stops at once: something else is to begin."""
        self._runner.withdraw(self._run_id)
        self._set(replace(self._state, under_way=False))

    def forget(self) -> None:
        """What was found is of another file or of other choices."""
        self.cancel()
        self._set(ForecastState())

    def learn(self, restored: Restored) -> None:
        """Take the pace of a run that has ended."""
        self._runner.start(once(partial(learning, self._paces, restored)))

    @Slot(int, object)
    def _on_ended(self, run_id: int, outcome: Outcome) -> None:
        if run_id == self._run_id:
            # Where it failed the run itself will say why.
            found = outcome.result if isinstance(outcome.result, Forecast) else None
            self._set(ForecastState(found, unloaded=found is None and outcome.error is None))
