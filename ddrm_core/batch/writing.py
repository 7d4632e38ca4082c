"""Results, written each with its entry in the journal."""

from __future__ import annotations

import errno
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from ddrm_core.batch.manifest import Entry, Journal
from ddrm_core.batch.placement import Placement
from ddrm_core.errors import UnwritableOutput
from ddrm_core.files.atomic_write import NO_ROOM, written_atomically

_WHOLE_DISK = NO_ROOM | {errno.EROFS}


@dataclass(frozen=True, slots=True)
class Made:
    """How a result came to be, as its entry has it.

    Attributes:
        content: SHA-256 of the source's bytes.
        choices: Hash of the settings and the prior.
        consistency: Share of levels in their bins, as saved, 0 to 1.
        evaluations: Number of evaluations of the prior.
        seconds: Wall time.
    """

    content: str
    choices: str
    consistency: float
    evaluations: int
    seconds: float


def write_result(data: bytes, placement: Placement, journal: Journal, made: Made) -> None:
    """Write a result whole or not at all, its entry before its name.

    Raises:
        OutputExists: A name that was free was taken meanwhile.
        UnwritableOutput: The system refused.
    """
    target = placement.target
    with written_atomically(target, replace=placement.replaces) as part:
        part.write_bytes(data)
        written = part.stat()
        journal.add(
            Entry(
                source_sha256=made.content,
                settings_sha256=made.choices,
                target=journal.inside(target),
                size=written.st_size,
                mtime_ns=written.st_mtime_ns,
                sha256=hashlib.sha256(data).hexdigest(),
                consistency=made.consistency,
                evaluations=made.evaluations,
                seconds=round(made.seconds, 3),
                finished=datetime.now(UTC).isoformat(timespec="seconds"),
            )
        )


def takes_no_result(error: Exception, journal: Journal) -> bool:
    """Return whether an error means that a folder takes no further result.

    A full or write-protected disk is such an error. Where another target is refused, that may be a
    matter of the target's own folder; where the journal is refused, too, no result would count.
    """
    if not isinstance(error, UnwritableOutput):
        return False
    if error.code in _WHOLE_DISK:
        return True
    try:
        journal.check()
    except UnwritableOutput:
        return True
    return False
