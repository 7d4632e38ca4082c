"""Interruption of code at its calls of the operating system, as by a kill."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

# All calls through which the code under test changes files; reading goes through `io.open`.
CALLS = (
    *("chmod", "chown", "fsync", "link", "mkdir", "open", "removexattr", "rename", "replace"),
    *("setxattr", "unlink", "utime", "write"),
)


class Killed(BaseException):
    """The interruption; no code catches it, except to clean up, which then fails as well."""


@dataclass
class SystemCalls:
    """Wrapped calls of the operating system, which are counted and may be refused.

    Nothing is synchronized with a disk, since the tests need no disk to be fast.

    Attributes:
        limit: Number of calls that are executed, None for all. All later calls raise Killed, also
            those that would clean up.
        made: Name and first arguments of each executed call.
        refused: Error that a call with a name raises instead of being executed.
    """

    limit: int | None = None
    made: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    refused: dict[str, Callable[..., OSError | None]] = field(default_factory=dict)

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Replace the functions of `os` until `monkeypatch` undoes it."""
        for name in CALLS:
            if hasattr(os, name):
                monkeypatch.setattr(os, name, self._wrap(name, getattr(os, name)))

    def _wrap(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*arguments: Any, **options: Any) -> Any:
            if self.limit is not None and len(self.made) >= self.limit:
                raise Killed(name)
            if name == "fsync":
                arguments = (os.fstat(arguments[0]).st_ino,)
            self.made.append((name, arguments))
            error = self.refused.get(name, lambda *_: None)(*arguments)
            if error is not None:
                raise error
            return None if name == "fsync" else call(*arguments, **options)

        return wrapped
