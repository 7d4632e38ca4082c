"""Outcomes of a batch and the files that the batch wrote."""

from __future__ import annotations

from pathlib import Path

from ddrm_core.batch.manifest.lines import MANIFEST_NAME, SEARCH_LOG_NAME
from ddrm_core.batch.outcome import FileOutcome


def states(outcomes: list[FileOutcome]) -> list[str]:
    """Return the states of file outcomes, such as done or skipped, in order."""
    return [outcome.state.value for outcome in outcomes]


def contents(folder: Path) -> dict[str, bytes]:
    """Return the bytes of each file below a folder by relative path.

    Manifest and search log are left out.
    """
    return {
        str(p.relative_to(folder)): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name not in (MANIFEST_NAME, SEARCH_LOG_NAME)
    }
