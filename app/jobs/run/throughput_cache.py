"""Measured throughputs, on which estimates of the times of later runs are based."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from ddrm_core.cancel import CancelToken

# torch takes seconds to import, so the functions below import it when they run; see `PriorCache`.
if TYPE_CHECKING:
    from ddrm_core.performance.cost_estimate import Throughput
    from ddrm_core.problems.protocols import MeasuredImage
    from ddrm_core.restoration.run import Run

_ThroughputKey = tuple[str, str, str, str, bool]


class ThroughputCache:
    """A cache of measured throughputs by prior, device and settings. Thread-safe."""

    def __init__(self) -> None:
        self._entries: dict[_ThroughputKey, tuple[Throughput, bool]] = {}
        self._lock = Lock()

    def find_for_run(self, run: Run[MeasuredImage]) -> tuple[Throughput, bool] | None:
        """Return the recorded throughput of runs like `run`, None without one.

        The second value is True if the throughput was measured in a whole run, False if in one
        step.
        """
        with self._lock:
            return self._entries.get(_throughput_key(run))

    def record(
        self, run: Run[MeasuredImage], throughput: Throughput, *, is_from_earlier_run: bool
    ) -> None:
        """Store a throughput for runs like `run`, in place of an earlier one.

        Args:
            run: The run.
            throughput: Measured throughput.
            is_from_earlier_run: Whether the throughput was measured in a whole run.
        """
        with self._lock:
            self._entries[_throughput_key(run)] = (throughput, is_from_earlier_run)

    def find_or_measure(
        self, run: Run[MeasuredImage], token: CancelToken
    ) -> tuple[Throughput, bool]:
        """Return the throughput of runs like `run`; if none is recorded, execute and time a step.

        The second value is that of `find_for_run`. Raises the errors of `measure_throughput`.
        """
        from ddrm_core.performance.cost_estimate import measure_throughput

        entry = self.find_for_run(run)
        if entry is None:
            entry = (measure_throughput(run, token), False)
            self.record(run, entry[0], is_from_earlier_run=False)
        return entry


def _throughput_key(run: Run[MeasuredImage]) -> _ThroughputKey:
    """Return the properties of a run that determine its throughput.

    These are prior, device, precision, correction and whether dihedral transforms are used; other
    settings change the throughput by a few percent at most.
    """
    from ddrm_core.restoration.executor import uses_dihedral_views

    prior = run.prior
    return (
        prior.info.sha256,
        str(prior.device),
        str(prior.precision),
        run.settings.correction,
        uses_dihedral_views(run),
    )
