"""Local files in dropped or pasted data."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl


def local_file_paths(data: QMimeData) -> tuple[Path, ...]:
    """Return the paths of the local files in dropped or pasted data.

    The data holds URLs of the files, or a text that is one absolute path or file URL. Other data
    gives an empty tuple.
    """
    if data.hasUrls():
        return tuple(Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())
    text = data.text().strip().strip("\"'")
    if "\n" in text or not text:
        return ()
    if text.startswith("file:"):
        return (Path(QUrl(text).toLocalFile()),)
    path = Path(text).expanduser()
    return (path,) if path.is_absolute() else ()
