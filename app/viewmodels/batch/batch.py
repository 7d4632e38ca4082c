"""The queue of files as one value that changes."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer, Signal, Slot

from app.i18n.error_messages import message_for
from app.imaging.color_management import Display
from app.jobs.batch.batch_file import KeptQueue, QueueStore
from app.jobs.batch.batch_items import FileSettings, Place, QueueSettings, Row, Status
from app.jobs.batch.batch_worker import (
    FileProgress,
    FileRequest,
    FileWorker,
    NoPrior,
    NoRoom,
    ResultPicture,
    Search,
    result_picture,
    row_failed,
    saving_report,
    searching,
)
from app.jobs.batch.output_names import PlanRequest, example_for, planning
from app.jobs.batch.watch_folder import Arrivals, Watcher
from app.jobs.run.prior_cache import Engine
from app.jobs.worker import Outcome, Runner, once
from app.viewmodels.batch import batch_state as q
from app.viewmodels.batch.autosave import QueueRecord
from app.viewmodels.batch.batch_events import (
    AskRedo,
    Ended,
    FolderGone,
    Full,
    Recalled,
    Reported,
    Trouble,
)
from app.viewmodels.batch.kept_results import KeptResults, answered, asking, finding
from app.viewmodels.state_view_model import StateViewModel
from ddrm_core.batch.name_template import check_template
from ddrm_core.errors import Cancelled, InvalidSetting, UnwritableOutput

WATCH_INTERVAL_MS = 2000

_log = logging.getLogger(__name__)


class QueueViewModel(StateViewModel[q.QueueState]):
    """The queue. One file is restored at a time; the list is kept on disk.

    Signals:
        happened: Something that is said once. arg1: one of `batch_events.Event`.
    """

    happened = Signal(object)

    def __init__(
        self,
        runner: Runner,
        files_runner: Runner,
        engine: Engine,
        store: QueueStore,
        *,
        watch_interval_ms: int = WATCH_INTERVAL_MS,
    ) -> None:
        """Nothing is in it yet.

        Args:
            runner: For restoring and nothing else.
            files_runner: For looking through folders, and for keeping the list.
            engine: With the prior.
            store: Where the list is kept.
            watch_interval_ms: From one look into a watched folder to the next.
        """
        super().__init__(q.QueueState())
        self._runner, self._files = runner, files_runner
        self._store = store
        self._record = QueueRecord(files_runner, store, self)
        self._record.failed.connect(self._tell)
        self._worker = FileWorker(engine)
        self._work_id = self._example_id = self._report_id = self._recall_id = 0
        self._watch_id = self._fetch_id = 0
        self._search_ids: set[int] = set()
        self._example_of: object = None
        self._kept = KeptResults()
        self._watcher: Watcher | None = None
        self._looking = self._cannot_look = False
        self._timer = QTimer(self, interval=watch_interval_ms)
        self._timer.timeout.connect(self._look)
        runner.progressed.connect(self._on_progressed)
        runner.ended.connect(self._on_ended)
        files_runner.progressed.connect(self._on_found)
        files_runner.ended.connect(self._on_files_ended)

    def recall(self) -> None:
        """Take up what is left from the last time, in the background."""
        self._recall_id = self._files.start(once(self._store.load))

    def propose(self, settings: QueueSettings) -> None:
        """What the queue takes from the window when it is started."""
        self._become(replace(self._state, proposal=settings))

    def add(self, paths: Sequence[Path]) -> None:
        """Files, and the pictures in folders, which are looked through in the background."""
        state = self._state
        job = partial(
            searching,
            tuple(path.absolute() for path in paths),  # another start has another folder to be in
            recursive=state.recursive,
            every=state.every_format,
            results=state.place.folder,
        )
        self._search_ids.add(self._files.start(job))
        self._become(replace(state, searching=len(self._search_ids)))

    def remove(self, numbers: Collection[int]) -> None:
        self._become(q.removed(self._state, numbers))

    def move(self, numbers: Collection[int], by: int) -> None:
        """One place earlier (-1) or later (+1)."""
        self._become(q.moved(self._state, numbers, by))

    def move_before(self, numbers: Collection[int], before: int | None) -> None:
        """Before another file, or to the end."""
        self._become(q.moved_before(self._state, numbers, before))

    def use_settings(self, numbers: Collection[int], own: FileSettings | None) -> None:
        """Restore these files with settings of their own, or with the queue's."""
        self._become(q.with_settings(self._state, numbers, own))

    def retry_failed(self) -> None:
        self._become(q.retried(self._state))

    def clear_finished(self) -> None:
        self._become(q.cleared(self._state))

    def renew_settings(self) -> None:
        """Take the window's settings for what is left."""
        if not self._state.active:
            self._become(q.with_place(replace(self._state, settings=None), self._state.place))

    def set_place(self, place: Place) -> None:
        """Where results go from now on; while files are restored, that stays as it is."""
        if self._state.active:
            return
        state = q.with_place(self._state, place)
        try:
            check_template(place.template)
        except InvalidSetting as error:
            state = replace(state, problem=message_for(error), example="")
        else:
            state = replace(state, problem=None)
        self._become(state)

    def set_recursive(self, recursive: bool) -> None:
        self._become(replace(self._state, recursive=recursive))

    def set_every_format(self, every: bool) -> None:
        self._become(replace(self._state, every_format=every))

    def set_damaged(self, damaged: bool) -> None:
        self._become(replace(self._state, damaged=damaged))

    def prefer(self, folder: Path | None) -> None:
        """Where results are proposed to go from now on, None for beside what is added."""
        self._become(replace(self._state, preferred=folder))

    def start(self) -> None:
        """Go through what is left."""
        before = self._state
        self._become(q.begun(before))
        if self._state.active and not before.active:
            self._advance()

    def pause(self) -> None:
        """Rest after the present file."""
        self._become(q.pausing(self._state))

    def stop(self) -> None:
        """Rest at once; the present file begins again when it goes on."""
        self._become(q.stopping(self._state))
        if self._state.active:
            self._runner.cancel(self._work_id)

    def watch(self, folder: Path | None) -> None:
        """Add and restore what arrives in a folder from now on; None ends that."""
        self._timer.stop()
        self._files.withdraw(self._watch_id)
        self._looking = self._cannot_look = False
        self._watcher = None if folder is None else Watcher(folder)
        self._become(q.watching(self._state, folder))
        if folder is not None:
            self._timer.start()
            self._look()

    def save_report(self, path: Path) -> None:
        """Write what became of each file, as CSV or JSON by the name's suffix."""
        job = partial(saving_report, self._state.rows, path)
        self._report_id = self._files.start(once(job), lasting=True)

    def fetch_result(self, row: Row, display: Display) -> None:
        """Read a file's result, in the background; another one is not wanted any more."""
        self._files.withdraw(self._fetch_id)
        if row.target is not None:
            job = partial(result_picture, row.number, display, row.target)
            self._fetch_id = self._files.start(once(job))

    @Slot()
    def close(self) -> None:
        """Write what is not on disk yet; nothing runs any more."""
        self._timer.stop()
        try:
            self._record.close()
        except UnwritableOutput as error:
            # The window is gone, and the results' own journal knows what is done.
            _log.warning("the queue is not kept: %s", error.reason)

    @Slot(object)
    def _tell(self, error: Exception | None) -> None:
        if error is not None and not isinstance(error, Cancelled):
            self.happened.emit(Trouble(error))

    def _become(self, state: q.QueueState) -> None:
        """The next state, kept on disk."""
        self._set(state)
        self._record.follow(self._state)
        self._find_example()

    def _advance(self) -> None:
        """Begin the next file, or rest."""
        state = self._state
        row, settings = q.next_row(state), state.settings
        if row is None or settings is None:
            self._rest()
        elif row.target is None:
            request = PlanRequest(state.rows, state.place, settings)
            self._work_id = self._runner.start(once(partial(planning, request)))
        else:
            file = row.own or settings.file
            turn = FileRequest(
                row, state.place, file, settings.saving, state.damaged, state.rows, settings.file
            )
            self._become(q.taken_up(state, row.number))
            self._work_id = self._runner.start(partial(self._worker.restoring, turn))

    def _rest(self) -> None:
        ended = self._state.tally.left == 0 and self._state.watched is None
        self._become(q.rested(self._state))
        if ended:
            self.happened.emit(Ended(self._state.tally))
        self._ask()

    def _ask(self) -> None:
        """Ask once nothing is left, about all files that have results of other settings."""
        if self._kept.found and not self._kept.asked and not self._state.tally.left:
            self._kept = asking(self._kept)
            self.happened.emit(AskRedo(len(self._kept.asked)))

    def redo_kept(self) -> None:
        """Restore the files again that were asked about, and replace their results."""
        self._become(q.redone(self._state, self._kept))
        self._kept = answered(self._kept)
        self.start()

    def leave_kept(self) -> None:
        """Leave the results as they are that were asked about."""
        self._kept = answered(self._kept)
        self._ask()

    @Slot(int, object)
    def _on_progressed(self, run_id: int, progress: object) -> None:
        working = self._state.working
        if run_id == self._work_id and working and isinstance(progress, FileProgress):
            moved = replace(working, done=progress.done, total=progress.total)
            self._set(replace(self._state, working=moved))

    @Slot(int, object)
    def _on_found(self, run_id: int, found: object) -> None:
        if run_id in self._search_ids and isinstance(found, tuple):
            self._become(q.added(self._state, found))

    @Slot(int, object)
    def _on_ended(self, run_id: int, outcome: Outcome) -> None:
        if run_id != self._work_id:
            return
        state = self._state
        row = state.find(state.working.number) if state.working else None
        match outcome.result, outcome.error, row:
            case Row() as finished, None, _:
                self._kept = finding(self._kept, finished, state.settings)
                self._become(q.put_down(state, finished))
            case dict() as targets, None, _:
                self._become(q.planned(state, targets))
            case _, Cancelled(), Row():
                self._become(q.put_down(state, replace(row, status=Status.STOPPED)))
            case _, NoPrior(reason=reason), Row():
                stopped = q.put_down(state, replace(row, status=Status.STOPPED))
                self._become(q.stopping(stopped))
                self.happened.emit(Trouble(reason))
            case _, NoRoom(reason=reason), Row():
                stopped = q.put_down(state, replace(row, status=Status.STOPPED))
                self._become(q.stopping(stopped))
                folder = state.place.folder or reason.path.parent
                self.happened.emit(Full(folder, reason, stopped.tally.left))
            case _, Exception() as error, Row():
                self._become(q.put_down(state, row_failed(row, error)))
            case _, Exception() as error, None if not isinstance(error, Cancelled):
                self._become(q.stopping(state))
                self.happened.emit(Trouble(error))
        self._advance()

    @Slot(int, object)
    def _on_files_ended(self, run_id: int, outcome: Outcome) -> None:
        match outcome.result:
            case Search() as search if run_id in self._search_ids:
                self._search_ids.discard(run_id)
                state = replace(self._state, searching=len(self._search_ids))
                self._become(state)
                self.happened.emit(search)
            case _ if run_id == self._watch_id:
                self._on_looked(outcome)
            case KeptQueue() as kept if run_id == self._recall_id:
                self._on_recalled(kept)
            case Path() as path if run_id == self._report_id:
                self.happened.emit(Reported(path))
            case ResultPicture() as result if run_id == self._fetch_id:
                self.happened.emit(result)
            case str() as example if run_id == self._example_id:
                self._set(replace(self._state, example=example, problem=None))
            case _ if run_id == self._example_id and outcome.error is not None:
                problem = message_for(outcome.error)
                self._set(replace(self._state, example="", problem=problem))
            case _ if run_id in self._search_ids:
                self._search_ids.discard(run_id)
                self._set(replace(self._state, searching=len(self._search_ids)))
                self._tell(outcome.error)
            case _ if run_id in (self._report_id, self._recall_id, self._fetch_id):
                self._tell(outcome.error)

    def _on_recalled(self, kept: KeptQueue) -> None:
        state = q.recalled(self._state, kept)
        if state.tally.left == 0:
            return  # nothing to go on with
        self._become(state)
        self.happened.emit(Recalled(state.tally))

    @Slot()
    def _look(self) -> None:
        """Into the watched folder, where the last look is over."""
        state, watcher = self._state, self._watcher
        if watcher is not None and not self._looking:
            self._looking = True
            busy = state.find(state.working.number) if state.working else None
            job = partial(
                watcher.look,
                recursive=state.recursive,
                every=state.every_format,
                results=state.place.folder,
                busy=None if busy is None else busy.source,
            )
            self._watch_id = self._files.start(once(job))

    def _on_looked(self, outcome: Outcome) -> None:
        self._looking = False
        could_not, self._cannot_look = self._cannot_look, outcome.error is not None
        watched, result = self._state.watched, outcome.result
        if watched is None or not isinstance(result, Arrivals):
            if not could_not:  # the next look, in two seconds, is likely to say the same
                self._tell(outcome.error)
            return
        if result.gone and not watched.gone:
            self.happened.emit(FolderGone(watched.folder))
        state = replace(self._state, watched=replace(watched, gone=result.gone))
        self._become(q.arrived(state, result.found))
        if result.found and not self._state.paused:
            self.start()

    def _find_example(self) -> None:
        """Say where the first file's result goes, or why it cannot go there."""
        state = self._state
        row, settings = q.example_row(state), state.in_force
        if row is None or settings is None:
            self._example_of = None
            self._set(replace(state, example=""))
            return
        wanted = (row.source, row.base, row.own or settings.file, settings.saving, state.place)
        if wanted != self._example_of:
            self._example_of = wanted
            self._files.withdraw(self._example_id)
            file = row.own or settings.file
            job = partial(example_for, row, state.place, file, settings.saving)
            self._example_id = self._files.start(once(job))
