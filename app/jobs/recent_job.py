"""Looking after files that were opened before."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


def missing_of(paths: Iterable[Path]) -> frozenset[Path]:
    """Those that are no files, or cannot be reached."""
    return frozenset(path for path in paths if not _is_there(path))


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
