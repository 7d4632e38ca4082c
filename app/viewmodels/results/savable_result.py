"""The result that the user can save."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.jobs.results.archived_result import ArchivedResult
from app.jobs.run.result import RunResult
from app.jobs.run.result_strength import FULL_STRENGTH, ResultStrength
from app.viewmodels.results.past_runs import RunHistoryState
from app.viewmodels.run.run import ResultReady, RunFailed, RunInProgress, RunState, RunStopped


@dataclass(frozen=True, slots=True, eq=False)
class SavableResult:
    """A result with everything that saving it needs.

    Attributes:
        result: The shown result, or an archived one.
        source_path: Path of the source.
        sharpness: Sharpness from the mean (0) to the sample (1).
        sample_number: Number of the sample, from 1.
        run_number: Number of the run, 0 if it has none.
        strength: Strength and kept areas.
    """

    result: RunResult | ArchivedResult
    source_path: Path
    sharpness: float
    sample_number: int
    run_number: int
    strength: ResultStrength = FULL_STRENGTH


def find_savable_result(
    run: RunState, history: RunHistoryState, shown_run_number: int | None = None
) -> SavableResult | None:
    """Return the shown result, or during another run the latest result of the open file.

    Args:
        run: State of the run.
        history: State of the run history.
        shown_run_number: Number of the run whose result is shown, None if it has none.
    """
    match run:
        case ResultReady(result=result):
            path = result.restoration.run.image.path
            return SavableResult(
                result,
                path,
                run.sharpness,
                run.sample_number,
                shown_run_number or 0,
                run.strength,
            )
        case RunInProgress() | RunStopped() | RunFailed():
            past_run = history.find_latest_of_open_file()
            if past_run is None:
                return None
            return SavableResult(
                past_run.archived_result,
                past_run.archived_result.run.image.path,
                past_run.sharpness,
                past_run.sample_number,
                past_run.number,
                past_run.strength,
            )
        case _:
            return None
