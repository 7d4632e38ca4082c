"""How much a command prints: everything, errors only, or events for other programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

JSON_LINES_VERSION = 1
"""Value of the field `version` of each event, raised when a field changes its meaning."""


@dataclass(frozen=True, slots=True)
class OutputMode:
    """How much the running command prints.

    Attributes:
        is_quiet: Whether nothing but errors is printed to standard error.
        has_events: Whether standard output has one JSON object per event and nothing else.
    """

    is_quiet: bool = False
    has_events: bool = False

    @property
    def has_summary(self) -> bool:
        """Whether results and counts are printed to standard output as text."""
        return not self.is_quiet and not self.has_events


_USUAL_MODE = OutputMode()
_current_mode: ContextVar[OutputMode] = ContextVar("output_mode", default=_USUAL_MODE)


def current_output_mode() -> OutputMode:
    """Return the output mode of the running command, the usual one outside of a command."""
    return _current_mode.get()


@contextmanager
def use_output_mode(mode: OutputMode) -> Iterator[None]:
    """Print in another output mode inside the `with` block."""
    token = _current_mode.set(mode)
    try:
        yield
    finally:
        _current_mode.reset(token)


def write_event(event: str, fields: Mapping[str, object]) -> None:
    """Print one event as a line of JSON to standard output, if the output mode has events.

    The line is ASCII and is flushed, so that another program reads it at once.

    Args:
        event: Name of the event, see docs/user/json_lines.md.
        fields: Its values, which JSON can represent.
    """
    if current_output_mode().has_events:
        line = json.dumps({"version": JSON_LINES_VERSION, "event": event, **fields})
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
