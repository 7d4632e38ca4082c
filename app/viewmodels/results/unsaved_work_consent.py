"""The user's consent to lose unsaved work."""

from __future__ import annotations

import time
from collections.abc import Callable

from app.viewmodels.results.unsaved_results import UnsavedResultsViewModel, UnsavedWork

SESSION_END_TIMEOUT_S = 60.0
"""Time within which the desktop closes the window after it has asked, or its session goes on."""


class UnsavedWorkConsent:
    """The answers of the user about unsaved work, as long as they hold.

    Attributes:
        is_asking: Whether the question is open.
        is_close_confirmed: Whether the window may close.
    """

    def __init__(
        self,
        unsaved_results: UnsavedResultsViewModel,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._unsaved_results = unsaved_results
        self._clock = clock
        self._discarded_work: UnsavedWork | None = None
        self._valid_until_s = 0.0
        self.is_asking = self.is_close_confirmed = False

    @property
    def covers_unsaved_work(self) -> bool:
        """Whether the user let exactly today's unsaved work go when the session was to end."""
        return (
            self._discarded_work is not None
            and self._clock() <= self._valid_until_s
            and self._discarded_work == self._unsaved_results.find_unsaved_work()
        )

    def discard_at_session_end(self) -> None:
        """Remember that the user lets the unsaved work go with the session of the desktop."""
        self._discarded_work = self._unsaved_results.find_unsaved_work()
        self._valid_until_s = self._clock() + SESSION_END_TIMEOUT_S
