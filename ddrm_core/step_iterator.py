"""Iterator over the steps of a computation, with its result at the end."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator
from typing import Generic, TypeVar

StepT_co = TypeVar("StepT_co", covariant=True)
ResultT_co = TypeVar("ResultT_co", covariant=True)
_ResultT = TypeVar("_ResultT")


class StepIterator(Iterator[StepT_co], Generic[StepT_co, ResultT_co]):
    """An iterator over a generator's values that also stores the generator's return value.

    The generator starts with the first step. The generator is closed by `close`, or when the last
    reference to the iterator is dropped.
    """

    def __init__(self, generator: Generator[StepT_co, None, ResultT_co]) -> None:
        self._results: list[ResultT_co] = []  # empty until the generator returns
        self._steps = _append_result(generator, self._results)

    def __next__(self) -> StepT_co:
        return next(self._steps)

    @property
    def result(self) -> ResultT_co:
        """Return value of the finished generator.

        Raises:
            RuntimeError: If the generator has not returned yet, has failed or was closed early.
        """
        if not self._results:
            raise RuntimeError("the iteration has not reached its end: there is no result")
        return self._results[0]

    def drain(self) -> ResultT_co:
        """Run the generator to its end, dropping the steps, and return its return value."""
        deque(self, maxlen=0)  # a loop would keep a step in memory while the next one is computed
        return self.result

    def close(self) -> None:
        """Close the generator; the return value of a finished generator stays available."""
        self._steps.close()


def _append_result(
    generator: Generator[StepT_co, None, _ResultT], results: list[_ResultT]
) -> Generator[StepT_co, None, None]:
    # A method would create a reference cycle, which keeps the generator open.
    results.append((yield from generator))
