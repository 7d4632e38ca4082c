"""The user's consent to lose unsaved work."""

from __future__ import annotations

import time
from collections.abc import Callable

from app.viewmodels.results.unsaved_results import UnsavedResultsViewModel, UnsavedWork

SESSION_END_TIMEOUT_S = 60.0
"""Time for which a consent is valid after the desktop session has asked the window to close."""


class UnsavedWorkConsent:
    """The user's consent to discard unsaved work, which expires after a time.

    Attributes:
        is_asking: Whether the question about unsaved work is open.
        is_close_confirmed: Whether the user has agreed to close the window.
    """

    def __init__(
        self, unsaved_results: UnsavedResultsViewModel, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._unsaved_results = unsaved_results
        self._clock = clock
        self._discarded_work: UnsavedWork | None = None
        self._valid_until_s = 0.0
        self.is_asking = self.is_close_confirmed = False

    @property
    def covers_unsaved_work(self) -> bool:
        """Whether the consent is valid and is for exactly the work that is unsaved now."""
        return (
            self._discarded_work is not None
            and self._clock() <= self._valid_until_s
            and self._discarded_work == self._unsaved_results.find_unsaved_work()
        )

    def discard_at_session_end(self) -> None:
        """Record the user's consent to discard the work that is unsaved now.

        The user consents by ending the desktop session. The consent expires after
        `SESSION_END_TIMEOUT_S` seconds.
        """
        self._discarded_work = self._unsaved_results.find_unsaved_work()
        self._valid_until_s = self._clock() + SESSION_END_TIMEOUT_S
