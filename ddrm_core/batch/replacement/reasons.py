"""Reasons why a source is not replaced by its result."""

from __future__ import annotations

from dataclasses import dataclass

from ddrm_core.errors import FileError
from ddrm_core.messages import Description, Reason, Text, tr_noop


class RetentionReason(Reason):
    """The reason why a source stays as it is, for the middle of a sentence."""

    LINK = tr_noop("it is a link")
    LINKED_FOLDER = tr_noop("a link leads to its folder")
    SEVERAL_NAMES = tr_noop("the file has {count} names (hard links)")
    RECORD = tr_noop("it is a result of this program")
    BACKUP = tr_noop("it is the original of a picture that was replaced")
    LOSS = tr_noop("the result would not keep everything in it")
    NOT_FAITHFUL = tr_noop("the result does not agree with it: {reason}")
    DAMAGED = tr_noop("it is damaged: {damage}")
    DEPTH = tr_noop("it has more bits per channel than its result would have")
    NAME_TAKEN = tr_noop("there is a file {name} already")
    FORMAT = tr_noop("no result can be written as {format}; choose another format")
    ATTRIBUTES = tr_noop("the result cannot get its {attribute}")


@dataclass(eq=False)
class SourceRetained(Exception):
    """The exception that a source is not replaced; no CoreError, since nothing failed.

    Attributes:
        reason: Reason, for the middle of a sentence.
        notes: Notes about what the result lacks.
    """

    reason: Description
    notes: tuple[Description, ...] = ()


@dataclass(eq=False)
class ResultNotVerified(FileError):
    """The error that a result that was read back is not the image that was written.

    Attributes:
        reason: Difference that was found.
    """

    template = tr_noop("The result of {path} cannot be verified: {reason}")
    reason: Text


class VerificationFailure(Reason):
    """The reason why a result that was read back is not the image that was written."""

    BYTES = tr_noop("it has other bytes than were written")
    RECORD = tr_noop("it has no run record")
    SIZE = tr_noop("it has another size")
    PIXELS = tr_noop("it has other pixels than were written")
