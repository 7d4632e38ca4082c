"""Checks of the numbers in a prior's header, which may come from anywhere."""

from __future__ import annotations

# Of anything in a config; more is no prior but a way to fill the memory.
_MAX_NUMBER = 4096


def require_bool(value: object) -> bool:
    """Return a switch. Raises TypeError for any other value."""
    if not isinstance(value, bool):
        raise TypeError("its switches are not all true or false")
    return value


def require_integers(values: object, minimum: int = 1) -> tuple[int, ...]:
    """Return a list of whole numbers as a tuple.

    Raises:
        TypeError: The value is no list of whole numbers.
        ValueError: A number is below the minimum or larger than any network needs.
    """
    if not isinstance(values, list) or not all(isinstance(v, int) for v in values):
        raise TypeError("its numbers are not all whole")
    if not all(minimum <= v <= _MAX_NUMBER for v in values):
        raise ValueError(f"its numbers are not all from {minimum} to {_MAX_NUMBER}")
    return tuple(values)
