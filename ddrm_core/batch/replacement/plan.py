"""Plan of the paths of results that replace their sources."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ddrm_core.batch.output_paths import PlannedFile


def plan_replacements(sources: Sequence[Path], suffix: str | None) -> tuple[PlannedFile, ...]:
    """Plan the path of each result: the path of its source, or this path with another suffix.

    Args:
        sources: Paths of the images.
        suffix: Suffix of a lossless format, None for the names and the formats of the sources.
    """
    return tuple(PlannedFile(source, _choose_target(source, suffix)) for source in sources)


def _choose_target(source: Path, suffix: str | None) -> Path:
    if suffix is None or source.suffix.lower() == suffix.lower():
        return source
    return source.with_suffix(suffix)
