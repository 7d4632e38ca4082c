"""Transfer rate of a download."""

from __future__ import annotations

from dataclasses import dataclass

_AVERAGING_PERIOD_S = 5.0


@dataclass(frozen=True, slots=True)
class TransferRate:
    """Transfer rate of a download over the last five seconds.

    Attributes:
        readings: Pairs of a time in seconds and the number of bytes received until then, in order.
    """

    readings: tuple[tuple[float, int], ...] = ()

    def with_reading(self, seconds: float, done_bytes: int) -> TransferRate:
        """Return the rate with one more reading, without readings older than five seconds.

        Args:
            seconds: Time of the reading, in seconds.
            done_bytes: Number of bytes received until then.
        """
        recent = tuple(m for m in self.readings if seconds - m[0] <= _AVERAGING_PERIOD_S)
        return TransferRate((*recent, (seconds, done_bytes)))

    @property
    def bytes_per_second(self) -> float | None:
        """Mean bytes per second; None before bytes have arrived between two readings."""
        if len(self.readings) < 2:
            return None
        (first_seconds, first_bytes), (last_seconds, last_bytes) = (
            self.readings[0],
            self.readings[-1],
        )
        return (
            (last_bytes - first_bytes) / (last_seconds - first_seconds)
            if last_seconds > first_seconds and last_bytes > first_bytes
            else None
        )
