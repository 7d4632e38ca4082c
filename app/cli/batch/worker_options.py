"""Options that distribute a batch over several processes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from ddrm_core.allowed_values import AllowedValues
from ddrm_core.errors import InvalidSetting
from ddrm_core.messages import Message

_AUTO = "auto"
_MAX_WORKERS = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerOptions:
    """The options that distribute a batch over several processes.

    Attributes:
        workers: Value of the option `--workers`.
    """

    workers: Annotated[
        str,
        typer.Option(
            metavar="N|auto",
            help="Number of processes that restore files at the same time, each with its own"
            " prior and its share of the cores; auto: one per GPU, or half the cores if the memory"
            " suffices.",
        ),
    ] = "1"

    def __post_init__(self) -> None:
        """Raise InvalidSetting if the number of workers is out of range."""
        text = self.workers
        if text != _AUTO and not (
            text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= _MAX_WORKERS
        ):
            facts = {"low": 1, "high": _MAX_WORKERS, "word": _AUTO}
            raise InvalidSetting("workers", text, Message(AllowedValues.RANGE_OR_WORD, facts))

    @property
    def count(self) -> int | None:
        """Number of workers, None for the number that suits the machine."""
        return None if self.workers == _AUTO else int(self.workers)
