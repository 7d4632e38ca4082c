"""View model of the search for a previous compression of the opened file."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QTimer, Slot

from app.jobs.worker import JobOutcome, JobRunner
from app.viewmodels.state_view_model import JobFailed, JobViewModel
from ddrm_core.cancel import CancelToken
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.recompression import PreviousCompression, detect_from_coefficients
from ddrm_core.restoration.assumption import assumption_from_previous

# The search takes more than a second for a large image. It starts behind the first patch of a
# quick preview, which the user waits for.
_DELAY_MS = 400


@dataclass(frozen=True, slots=True)
class RecompressionUnchecked:
    """State before the search for a previous compression has ended."""


@dataclass(frozen=True, slots=True)
class RecompressionChecked:
    """State after the search for a previous compression of the opened JPEG.

    Attributes:
        previous_compression: A previous compression that was stronger than the file's; None if
            there is no sign of one.
    """

    previous_compression: PreviousCompression | None


RecompressionState = RecompressionUnchecked | RecompressionChecked | JobFailed


def state_after_recompression_check(outcome: JobOutcome) -> RecompressionState:
    """Return the state after the search for a previous compression has ended."""
    match outcome:
        case JobOutcome(error=None, result=PreviousCompression() | None as previous_compression):
            return RecompressionChecked(previous_compression)
        case JobOutcome(error=Exception() as error):
            return JobFailed(error)
        case _:
            raise TypeError(f"not a finding: {outcome.result!r}")


def can_assume_compression(image: JpegImage, previous_compression: PreviousCompression) -> bool:
    """Return whether a run on `image` can assume the previous compression.

    A run on a damaged JPEG can do so only if the grid offset is 0.
    """
    is_damaged = image.damage is not None
    return assumption_from_previous(previous_compression, is_damaged=is_damaged) is not None


def _check_recompression_job(
    image: JpegImage, token: CancelToken
) -> Generator[None, None, PreviousCompression | None]:
    yield from ()
    return detect_from_coefficients(image, token)


class RecompressionViewModel(JobViewModel[RecompressionState]):
    """View model of the search for a previous compression of the opened JPEG."""

    def __init__(self, runner: JobRunner) -> None:
        super().__init__(RecompressionUnchecked(), runner)
        self._image: JpegImage | None = None
        self._delay_timer = QTimer(self)
        self._delay_timer.setSingleShot(True)
        self._delay_timer.setInterval(_DELAY_MS)
        self._delay_timer.timeout.connect(self._start)

    def check(self, image: JpegImage) -> None:
        """Search for a previous compression of `image` after a delay; discard another search."""
        self.reset()
        self._image = image
        self._delay_timer.start()

    def reset(self) -> None:
        """Discard the search for a previous compression or its outcome."""
        self._delay_timer.stop()
        self._image = None
        self._runner.discard(self._job_id)
        self._set_state(RecompressionUnchecked())

    @Slot()
    def _start(self) -> None:
        if self._image is not None:
            self._job_id = self._runner.start(partial(_check_recompression_job, self._image))
            self._image = None

    def _on_job_ended(self, outcome: JobOutcome) -> None:
        self._set_state(state_after_recompression_check(outcome))
