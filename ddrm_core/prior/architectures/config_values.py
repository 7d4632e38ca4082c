"""Checks of the numbers in a prior's header, which are untrusted input."""

from __future__ import annotations

# Largest number in a config; a larger one only serves to exhaust memory.
_MAX_NUMBER = 4096


def require_bool(value: object) -> bool:
    """Return `value` if it is a boolean, else raise TypeError."""
    if not isinstance(value, bool):
        raise TypeError("its switches are not all true or false")
    return value


def require_integers(values: object, minimum: int = 1) -> tuple[int, ...]:
    """Check that `values` is a list of integers in range and return it as a tuple.

    Raises:
        TypeError: If `values` is not a list of integers.
        ValueError: If a number is below `minimum` or above 4096.
    """
    if not isinstance(values, list) or not all(isinstance(v, int) for v in values):
        raise TypeError("its numbers are not all whole")
    if not all(minimum <= v <= _MAX_NUMBER for v in values):
        raise ValueError(f"its numbers are not all from {minimum} to {_MAX_NUMBER}")
    return tuple(values)
