"""Cancel token: a flag that one thread sets and another thread checks."""

from threading import Event

from ddrm_core.errors import OperationCancelled


class CancelToken:
    """A token by which one thread asks another to stop a run or job.

    A cancelled token cannot be reset, so each run needs a new token.
    """

    def __init__(self) -> None:
        self._event = Event()

    def cancel(self) -> None:
        """Request the end of the run or job, from any thread."""
        self._event.set()

    def raise_if_cancelled(self) -> None:
        """Raise OperationCancelled if `cancel` has been called from any thread."""
        if self._event.is_set():
            raise OperationCancelled
