"""Effect of a finished restore job on a batch."""

from __future__ import annotations

from dataclasses import replace

from app.jobs.batch.batch_items import BatchItem, ItemStatus
from app.jobs.batch.batch_worker import (
    BatchPriorUnavailable,
    OutputFolderUnwritable,
    mark_item_failed,
)
from app.jobs.worker import JobOutcome
from app.viewmodels.batch import batch_transitions as transitions
from app.viewmodels.batch.batch_events import (
    BatchErrorOccurred,
    BatchEvent,
    BatchPausedByWriteError,
)
from app.viewmodels.batch.batch_state import BatchState
from ddrm_core.batch.prior_of_results import PriorFallbackRefused
from ddrm_core.errors import OperationCancelled, UnwritableOutput


def apply_restore_outcome(
    state: BatchState, outcome: JobOutcome
) -> tuple[BatchState, BatchEvent | None]:
    """Return the state after a job of the batch, and the event to report or None.

    Args:
        state: The state at the end of the job.
        outcome: Outcome with a finished `BatchItem`, a dictionary of targets by item identifier, or
            an error.
    """
    item = state.find_item(state.current_item.item_id) if state.current_item else None
    match outcome.result, outcome.error, item:
        case BatchItem() as finished_item, None, _:
            return transitions.finish_item(state, finished_item), None
        case dict() as targets, None, _:
            return transitions.set_targets(state, targets), None
        case _, OperationCancelled(), BatchItem():
            return _interrupt_item(state, item), None
        case _, BatchPriorUnavailable(reason=reason), BatchItem():
            return transitions.stop_batch(_interrupt_item(state, item)), BatchErrorOccurred(reason)
        case _, OutputFolderUnwritable(reason=reason), BatchItem():
            stopped_state = transitions.stop_batch(_interrupt_item(state, item))
            folder = reason.path.parent
            if state.replacement_plan is None:
                folder = state.output_location.folder or folder
            remaining = stopped_state.counts.remaining
            return stopped_state, BatchPausedByWriteError(folder, reason, remaining)
        case _, Exception() as error, BatchItem():
            return transitions.finish_item(state, mark_item_failed(item, error)), None
        case _, (PriorFallbackRefused() | UnwritableOutput()) as error, None:
            return transitions.refuse_start(state), BatchErrorOccurred(error)
        case _, Exception() as error, None if not isinstance(error, OperationCancelled):
            return transitions.stop_batch(state), BatchErrorOccurred(error)
        case _, OperationCancelled(), None:
            return state, None
        case _:
            raise TypeError(f"not an outcome of a batch: {outcome.result!r}")


def _interrupt_item(state: BatchState, item: BatchItem) -> BatchState:
    return transitions.finish_item(state, replace(item, status=ItemStatus.STOPPED))
