"""Limits on the cores and the priority with which jobs compute."""

from __future__ import annotations

from app.config.settings import ComputeSettings
from app.desktop.thread_priority import lower_computing_priority


class ComputeLimits:
    """The limits on cores and priority, which jobs apply to their thread. Thread-safe.

    Attributes:
        settings: Settings with the limits; replaced as a whole.
    """

    def __init__(self) -> None:
        self.settings = ComputeSettings()
        self._unlimited_thread_count: int | None = None

    def apply(self) -> None:
        """Apply the limits to the calling thread and the threads of torch.

        torch keeps its number of threads per calling thread, so every job calls this method. It
        imports torch.
        """
        import torch

        settings = self.settings
        if settings.max_cores is not None and self._unlimited_thread_count is None:
            self._unlimited_thread_count = torch.get_num_threads()
        if self._unlimited_thread_count is not None:
            count = self._unlimited_thread_count
            if settings.max_cores is not None:
                count = min(settings.max_cores, count)
            torch.set_num_threads(count)
        if settings.is_low_priority:
            lower_computing_priority()
