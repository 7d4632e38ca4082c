"""What keys and mouse do on the pictures, for the sheet of all keys."""

from __future__ import annotations

from app.i18n.translation import tr
from app.ui.widgets.shortcut_rows import KeyGroup, KeyRow


def compare_view_shortcuts() -> KeyGroup:
    """In the words of the language that is spoken now."""
    rows = (
        KeyRow(tr("Move the picture"), tr("drag, or arrows")),
        KeyRow(tr("Zoom at the cursor"), tr("wheel")),
        KeyRow(tr("Whole picture or 100 %"), tr("double click")),
        KeyRow(tr("Move the line between before and after"), tr("drag it")),
        KeyRow(tr("See the original for as long as it is held"), tr("Tab or \\")),
        KeyRow(tr("A loupe for as long as it is held, moved by mouse or arrows"), tr("L")),
        KeyRow(tr("Move the picture wherever the drag begins"), tr("Space and drag")),
        KeyRow(tr("Mark a region"), tr("Ctrl and drag")),
        KeyRow(tr("Another picture in a pane"), tr("click on its label")),
        KeyRow(tr("Leave the pictures"), tr("Shift+Tab")),
    )
    return KeyGroup(tr("On the pictures"), rows)
