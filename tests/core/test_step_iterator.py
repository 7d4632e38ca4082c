"""An iterator of steps, with a result at its end."""

from __future__ import annotations

import weakref

import pytest

from ddrm_core.step_iterator import StepIterator


class Result:
    """An empty object for tests with weak references, which a number does not support."""


def counted(log, count=3, error=None):
    try:
        for number in range(count):
            log.append(number)
            yield number
        if error is not None:
            raise error
        return "done"
    except GeneratorExit:
        log.append("closed")
        raise


def test_the_steps_come_one_by_one_and_then_the_result():
    log = []
    steps = StepIterator(counted(log))
    assert log == []
    assert next(steps) == 0
    assert log == [0]
    assert list(steps) == [1, 2]
    assert steps.result == "done"


def test_the_result_stays_whatever_follows():
    steps = StepIterator(counted([]))
    list(steps)
    assert next(steps, None) is None
    steps.close()
    assert steps.result == "done"


@pytest.mark.parametrize("taken", [0, 1, 3])
def test_there_is_no_result_before_the_end(taken):
    steps = StepIterator(counted([]))
    for _ in range(taken):
        next(steps)
    with pytest.raises(RuntimeError, match="not reached its end"):
        _ = steps.result


def test_none_is_a_result_too():
    assert StepIterator(i for i in range(2)).drain() is None


def test_an_error_passes_and_leaves_no_result():
    error = ValueError("no")
    steps = StepIterator(counted([], error=error))
    with pytest.raises(ValueError, match="no") as failure:
        list(steps)
    assert failure.value is error
    assert next(steps, None) is None
    with pytest.raises(RuntimeError):
        _ = steps.result


def test_closing_closes_the_generator():
    log = []
    steps = StepIterator(counted(log))
    next(steps)
    steps.close()
    assert log == [0, "closed"]
    assert list(steps) == []
    with pytest.raises(RuntimeError):
        _ = steps.result


def test_the_last_reference_closes_it_too():
    log = []
    steps = StepIterator(counted(log))
    next(steps)
    del steps
    assert log == [0, "closed"]


def test_a_generator_that_yields_from_it_closes_it():
    def outer(steps):
        yield from steps
        return steps.result

    log = []
    through = outer(StepIterator(counted(log)))
    next(through)
    through.close()
    assert log == [0, "closed"]
    assert StepIterator(outer(StepIterator(counted([])))).drain() == "done"


def test_draining_goes_on_from_where_it_is_and_keeps_no_step():
    alive = []

    def work():
        for _ in range(3):
            step = Result()
            alive.append(weakref.ref(step))
            yield step
            del step
            assert [made() for made in alive] == [None] * len(alive)
        return len(alive)

    steps = StepIterator(work())
    next(steps)
    assert steps.drain() == 3
