"""How fast something arrives."""

from __future__ import annotations

from dataclasses import dataclass

_WINDOW_S = 5.0


@dataclass(frozen=True, slots=True)
class Pace:
    """What arrived in the last five seconds.

    Attributes:
        marks: Seconds on some clock and bytes until then, in order.
    """

    marks: tuple[tuple[float, int], ...] = ()

    def after(self, seconds: float, done: int) -> Pace:
        """With one more mark, and without those that are too old."""
        recent = tuple(m for m in self.marks if seconds - m[0] <= _WINDOW_S)
        return Pace((*recent, (seconds, done)))

    @property
    def bytes_per_second(self) -> float | None:
        """None until that can be said."""
        if len(self.marks) < 2:
            return None
        (first, before), (last, done) = self.marks[0], self.marks[-1]
        return (done - before) / (last - first) if last > first and done > before else None
