"""View model of the facts about the files of a batch."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path

from PySide6.QtCore import Slot

from app.jobs.batch.file_facts import FileFacts, read_facts_job
from app.jobs.worker import JobOutcome, JobRunner
from app.viewmodels.batch.batch_state import BatchState
from app.viewmodels.state_view_model import JobViewModel, StateViewModel

# Short jobs, because the runner has others to run in between.
_FILES_PER_JOB = 500
_SEARCHED_FILES_PER_JOB = 4


@dataclass(frozen=True, slots=True, eq=False)
class FileFactsState:
    """The facts about the files of a batch, as far as they have been read.

    Attributes:
        by_source: Facts by path of the file.
        is_reading: Whether the facts of further files are being read.
    """

    by_source: Mapping[Path, FileFacts] = field(default_factory=dict)
    is_reading: bool = False


class FileFactsViewModel(JobViewModel[FileFactsState]):
    """View model that reads the facts about files on a worker thread while the batch is idle.

    Files are first read without a search for earlier compressions, hundreds in a second. The
    search, if it is switched on, follows; it begins with the files that are visible.
    """

    def __init__(self, runner: JobRunner, batch: StateViewModel[BatchState]) -> None:
        super().__init__(FileFactsState(), runner)
        self._batch = batch
        self._sources: dict[Path, None] = {}
        self._items: object = None
        # Damaged files are searched once, too, although nothing may have been found out.
        self._searched: set[Path] = set()
        self._job_searches: tuple[Path, ...] = ()  # files that the job in progress searches
        self._visible_ids: frozenset[int] = frozenset()
        self._is_searching = False
        runner.progressed.connect(self._on_progressed)
        batch.state_changed.connect(self._on_batch_changed)

    def stop(self) -> None:
        """Cancel the job in progress; the next change of the batch continues."""
        self._runner.discard(self._job_id)
        self._job_id = 0

    def set_searching(self, is_searching: bool) -> None:
        """Switch the search for earlier compressions on or off."""
        self._is_searching = is_searching
        self._start_next()

    def show_items(self, item_ids: Collection[int]) -> None:
        """Search the files of the items that are visible now before all others."""
        self._visible_ids = frozenset(item_ids)

    @Slot(object)
    def _on_batch_changed(self, state: BatchState) -> None:
        if state.items is not self._items:
            earlier_sources, self._items = self._sources, state.items
            self._sources = dict.fromkeys(item.source for item in state.items)
            # A file that is read now may be added again after a change.
            if earlier_sources.keys() - self._sources.keys():
                self.stop()
            by_source = self._state.by_source
            if any(source not in self._sources for source in by_source):
                kept = {path: facts for path, facts in by_source.items() if path in self._sources}
                self._set_state(replace(self._state, by_source=kept))
            self._searched.intersection_update(self._sources)
        if state.is_active:
            self.stop()
            self._set_reading(is_reading=False)
        else:
            self._start_next()

    def _start_next(self) -> None:
        """Start the next job, unless one is in progress or nothing is left to read."""
        if self._job_id or self._batch.state.is_active:
            return
        by_source = self._state.by_source
        unread = tuple(
            islice((path for path in self._sources if path not in by_source), _FILES_PER_JOB)
        )
        sources = unread or tuple(islice(self._iter_unsearched(), _SEARCHED_FILES_PER_JOB))
        self._set_reading(is_reading=bool(sources))
        if sources:
            job = partial(read_facts_job, sources, searches_compression=not unread)
            self._job_id = self._runner.start(job)
            self._job_searches = () if unread else sources

    def _iter_unsearched(self) -> Iterator[Path]:
        """Yield the files to search for earlier compressions, those of visible items first."""
        if not self._is_searching:
            return
        visible_ids = self._visible_ids
        if visible_ids:
            for item in self._batch.state.items:
                if item.item_id in visible_ids and self._needs_search(item.source):
                    yield item.source
        yield from filter(self._needs_search, self._sources)

    def _needs_search(self, path: Path) -> bool:
        """Return whether a search may find signs of an earlier compression in a file."""
        return path not in self._searched and self._state.by_source[path].image.is_image

    def _set_reading(self, *, is_reading: bool) -> None:
        if is_reading != self._state.is_reading:
            self._set_state(replace(self._state, is_reading=is_reading))

    @Slot(int, object)
    def _on_progressed(self, job_id: int, progress: object) -> None:
        if job_id != self._job_id or not isinstance(progress, tuple):
            return
        read = {facts.image.path: facts for facts in progress if facts.image.path in self._sources}
        if read:
            self._set_state(replace(self._state, by_source={**self._state.by_source, **read}))

    def _on_job_ended(self, outcome: JobOutcome) -> None:
        self._job_id = 0
        if outcome.error is None:
            self._searched.update(self._sources.keys() & self._job_searches)
            self._start_next()
