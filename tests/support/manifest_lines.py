"""The new lines of a manifest's storage, in one list."""

from __future__ import annotations

from ddrm_core.batch.manifest.lines import ManifestLines


def read_new_lines(lines: ManifestLines) -> list[bytes] | None:
    """Return the lines that were added since the last call, None if earlier lines are gone."""
    files = lines.find_files()
    if files is None:
        return None
    return [line for file in files.values() for _, line in file.iter_new_lines()]
