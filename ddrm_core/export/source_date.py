"""The modification time of results, by which photo libraries sort."""

from __future__ import annotations

import os
from pathlib import Path

from ddrm_core.messages import Description, Reason, tr_noop


class DateNote(Reason):
    """A note that a result does not have the modification time of its source."""

    NOT_KEPT = tr_noop("The result has today's date: the date of the source could not be kept.")


def apply_source_date(path: Path, source: Path) -> tuple[Description, ...]:
    """Give a file the modification time of its source; return a note if that is impossible.

    The source may be gone meanwhile, and a file system may not hold every date.
    """
    try:
        os.utime(path, ns=(path.stat().st_atime_ns, source.stat().st_mtime_ns))
    except (OSError, OverflowError):
        return (DateNote.NOT_KEPT,)
    return ()
