"""Errors of streamed plans."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ddrm_core.errors import FileError
from ddrm_core.messages import tr_noop


@dataclass(eq=False)
class SharedTarget(FileError):
    """The error that the results of two files of a streamed plan would have the same path.

    Attributes:
        other: Path of the other file.
    """

    template = tr_noop("{path} and {other} would have the same result")
    other: Path
