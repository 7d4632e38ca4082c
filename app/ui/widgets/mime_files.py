"""Local files in dropped or pasted data."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl


def local_file_paths(data: QMimeData) -> tuple[Path, ...]:
    """Return the local files that `data` names, by URLs or as one path in its text."""
    if data.hasUrls():
        return tuple(Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())
    text = data.text().strip().strip("\"'")
    if "\n" in text or not text:
        return ()
    if text.startswith("file:"):
        return (Path(QUrl(text).toLocalFile()),)
    path = Path(text).expanduser()
    return (path,) if path.is_absolute() else ()
