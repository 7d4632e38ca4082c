"""Errors of the workers of a batch."""

from __future__ import annotations

from dataclasses import dataclass

from ddrm_core.errors import CoreError, FileError
from ddrm_core.messages import Message, Reason, tr_noop


class WorkerEnd(Reason):
    """The way in which a worker process ended."""

    SIGNAL = tr_noop("signal {number}")
    STATUS = tr_noop("exit status {number}")
    CLUSTER = tr_noop("Ray says: {reason}")


@dataclass(eq=False)
class WorkerCrashed(FileError):
    """The error that a file ended every worker process that tried to restore it.

    Attributes:
        count: Number of tries.
        end: Way in which the last process ended.
    """

    template = tr_noop("{path} ended its worker process {count} times ({end})")
    count: int
    end: Message


@dataclass(eq=False)
class WorkersUnavailable(CoreError):
    """The error that worker processes end before they can restore a file.

    Attributes:
        end: Way in which the last process ended.
    """

    template = tr_noop("The worker processes end at their start ({end})")
    end: Message


@dataclass(eq=False)
class PriorDiffers(FileError):
    """The error that the prior of a worker is not that of the batch.

    Attributes:
        name: Name of the prior.
    """

    template = tr_noop("{path} is not the prior {name} of this batch")
    name: str


def describe_exit(exit_code: int) -> Message:
    """Return how a process ended.

    Args:
        exit_code: Exit status, or the negative number of the signal that ended the process.
    """
    if exit_code < 0:
        return Message(WorkerEnd.SIGNAL, {"number": -exit_code})
    return Message(WorkerEnd.STATUS, {"number": exit_code})
