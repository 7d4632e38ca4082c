"""The number of files of a streamed plan, counted while the first files are restored."""

from __future__ import annotations

import threading

from ddrm_core.batch.streaming.streamed_plan import StreamedPlan
from ddrm_core.cancel import CancelToken

_MAX_WAIT_S = 5.0


class FileCounter:
    """A thread that counts the files of a streamed plan without holding their names."""

    def __init__(self, plan: StreamedPlan) -> None:
        """Start to count the files of a plan."""
        self._plan, self._token = plan, CancelToken()
        self._count: int | None = None
        self._thread = threading.Thread(target=self._count_files, daemon=True)
        self._thread.start()

    @property
    def count(self) -> int | None:
        """Number of files, None until all are counted, and if they cannot be counted."""
        return self._count

    def close(self) -> None:
        """Stop counting; a folder of a network that does not answer is left to the thread."""
        self._token.cancel()
        self._thread.join(_MAX_WAIT_S)

    def _count_files(self) -> None:
        try:
            self._count = self._plan.count_files(self._token)
        # The thread boundary: the batch lists the same folders and reports what cannot be read.
        except Exception:  # noqa: BLE001
            return
