"""How fast something arrives."""

from __future__ import annotations

from dataclasses import dataclass

_AVERAGING_PERIOD_S = 5.0


@dataclass(frozen=True, slots=True)
class TransferRate:
    """What arrived in the last five seconds.

    Attributes:
        readings: Seconds on some clock and bytes until then, in order.
    """

    readings: tuple[tuple[float, int], ...] = ()

    def with_reading(self, seconds: float, done_bytes: int) -> TransferRate:
        """With one more mark, and without those that are too old."""
        recent = tuple(m for m in self.readings if seconds - m[0] <= _AVERAGING_PERIOD_S)
        return TransferRate((*recent, (seconds, done_bytes)))

    @property
    def bytes_per_second(self) -> float | None:
        """None until that can be said."""
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
