"""Steps of some work, and what it gives in the end."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator
from typing import Generic, TypeVar

StepT_co = TypeVar("StepT_co", covariant=True)
ResultT_co = TypeVar("ResultT_co", covariant=True)
_ResultT = TypeVar("_ResultT")


class StepIterator(Iterator[StepT_co], Generic[StepT_co, ResultT_co]):
    """What a generator yields; what it returns is `result` once the iteration has ended.

    The generator starts with the first step, and is closed with `close` or the last reference.
    """

    def __init__(self, generator: Generator[StepT_co, None, ResultT_co]) -> None:
        self._results: list[ResultT_co] = []  # one at most
        self._steps = _append_result(generator, self._results)

    def __next__(self) -> StepT_co:
        return next(self._steps)

    @property
    def result(self) -> ResultT_co:
        """What the generator returned.

        Raises:
            RuntimeError: There are steps left, or the work failed or was closed before its end.
        """
        if not self._results:
            raise RuntimeError("the iteration has not reached its end: there is no result")
        return self._results[0]

    def drain(self) -> ResultT_co:
        """Go through all steps that are left, for the result alone."""
        deque(self, maxlen=0)  # keeps no step while the next is made, as a loop would
        return self.result

    def close(self) -> None:
        """Close the generator; a result that is there stays."""
        self._steps.close()


def _append_result(
    generator: Generator[StepT_co, None, _ResultT], results: list[_ResultT]
) -> Generator[StepT_co, None, None]:
    # No method: a cycle would keep the generator open beyond the last reference.
    results.append((yield from generator))
