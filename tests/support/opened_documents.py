"""Opening of files in the view models of a window."""

from __future__ import annotations

from app.viewmodels.document.document import DocumentOpened, OpenRequest


def opened(qtbot, models, path):
    """Open a file, and wait until it is open."""
    models.document.open(OpenRequest(path))
    qtbot.waitUntil(lambda: isinstance(models.document.state, DocumentOpened))
    assert models.document.document.source.path == path
