"""Messages that a worker process sends to the process of the batch."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ddrm_core.batch.outcome import FileOutcome
from ddrm_core.errors import CoreError


@dataclass(frozen=True, slots=True)
class CoreErrorFacts:
    """The facts of a CoreError, which pickle would lose if they were given by name.

    Attributes:
        error_class: Class of the error.
        arguments: Arguments that were given by position.
        facts: All attributes by name.
    """

    error_class: type[CoreError]
    arguments: tuple[object, ...]
    facts: Mapping[str, object]


PackedError = CoreErrorFacts | Exception
"""An error in a form that another process can receive."""


@dataclass(frozen=True, slots=True)
class WorkerReady:
    """The message that a worker has loaded its prior.

    Attributes:
        fallback_error: Error because of which the prior was loaded on the CPU instead of the
            device of `auto`; None without a fallback.
    """

    fallback_error: PackedError | None

    @classmethod
    def pack(cls, fallback_error: Exception | None) -> WorkerReady:
        """Return the message with an error, packed for another process."""
        return cls(None if fallback_error is None else pack_error(fallback_error))


@dataclass(frozen=True, slots=True)
class WorkerFailed:
    """The message that a worker cannot restore any file and ends.

    Attributes:
        error: Error that all workers would have.
    """

    error: PackedError


@dataclass(frozen=True, slots=True)
class FileProgressed:
    """The message that a step of the current file is done.

    Attributes:
        fraction: Share of the evaluations that are done, 0 to 1.
    """

    fraction: float


@dataclass(frozen=True, slots=True)
class ContentQuery:
    """The question whether the worker may restore a content, answered by a boolean.

    Attributes:
        sha256: SHA-256 of the current file's bytes, in hexadecimal.
    """

    sha256: str


@dataclass(frozen=True, slots=True)
class ResultQuery:
    """The question of `OtherBatchFiles.has_result`.

    Attributes:
        path: Path of a possible result.
    """

    path: Path


@dataclass(frozen=True, slots=True)
class PendingQuery:
    """The question of `OtherBatchFiles.find_pending`.

    Attributes:
        path: Path of a possible target.
    """

    path: Path


@dataclass(frozen=True, slots=True)
class FileDeferred:
    """The message that the current file waits for another file of the same content."""


@dataclass(frozen=True, slots=True)
class FileFinished:
    """The message that the current file is finished.

    Attributes:
        outcome: Outcome of the file, without its error.
        error: Error of the file, None without one.
    """

    outcome: FileOutcome
    error: PackedError | None

    @classmethod
    def pack(cls, outcome: FileOutcome) -> FileFinished:
        """Return the message with an outcome, whose error is packed for another process."""
        packed_error = None if outcome.error is None else pack_error(outcome.error)
        return cls(replace(outcome, error=None), packed_error)

    def unpack(self) -> FileOutcome:
        """Return the outcome with its error."""
        if self.error is None:
            return self.outcome
        return replace(self.outcome, error=unpack_error(self.error))


WorkerQuery = ContentQuery | ResultQuery | PendingQuery
"""A message that the process of the batch answers."""
WorkerMessage = (
    WorkerReady | WorkerFailed | FileProgressed | FileDeferred | FileFinished | WorkerQuery
)


def pack_error(error: Exception) -> PackedError:
    """Return an error in a form that another process can receive.

    An exception of a library may not be created again from its arguments. A RuntimeError with its
    text and its notes takes its place.
    """
    if isinstance(error, CoreError):
        return CoreErrorFacts(type(error), error.args, dict(vars(error)))
    try:
        copy.copy(error)
    # Foreign classes may raise any exception when they are created.
    except Exception:  # noqa: BLE001
        replacement = RuntimeError(f"{type(error).__name__}: {error}")
        for note in getattr(error, "__notes__", ()):
            replacement.add_note(note)
        return replacement
    return error


def unpack_error(packed: PackedError) -> Exception:
    """Return the error that `pack_error` has packed."""
    if not isinstance(packed, CoreErrorFacts):
        return packed
    error = packed.error_class.__new__(packed.error_class, *packed.arguments)
    vars(error).update(packed.facts)
    return error
