"""A flag one thread raises and another polls."""

from threading import Event

from ddrm_core.errors import OperationCancelled


class CancelToken:
    """One-shot request to stop. Safe to share between threads; a new run takes a new token."""

    def __init__(self) -> None:
        self._event = Event()

    def cancel(self) -> None:
        self._event.set()

    def raise_if_cancelled(self) -> None:
        """Do nothing, or raise Cancelled once `cancel` has been called from any thread."""
        if self._event.is_set():
            raise OperationCancelled
