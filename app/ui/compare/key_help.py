"""Shortcuts of the compare view, for the list of all shortcuts."""

from __future__ import annotations

from app.i18n.translation import tr
from app.ui.widgets.shortcut_rows import ShortcutGroup, ShortcutRow


def compare_view_shortcuts() -> ShortcutGroup:
    """Return the view's keyboard and mouse shortcuts in the current language."""
    rows = (
        ShortcutRow(tr("Move the picture"), tr("drag, two fingers, or arrows")),
        ShortcutRow(tr("Zoom at the cursor"), tr("wheel, or pinch")),
        ShortcutRow(tr("Whole picture or 100 %"), tr("double click")),
        ShortcutRow(tr("Move the line between before and after"), tr("drag it")),
        ShortcutRow(tr("See the original for as long as it is held"), tr("H or \\")),
        ShortcutRow(tr("A loupe for as long as it is held, moved by mouse or arrows"), tr("L")),
        ShortcutRow(tr("Move the picture wherever the drag begins"), tr("Space and drag")),
        ShortcutRow(tr("Mark a crop"), tr("Ctrl and drag")),
        ShortcutRow(tr("Another picture in a pane"), tr("click on its label")),
        ShortcutRow(tr("Menu of the picture"), tr("right click")),
        ShortcutRow(tr("To the next control, and back"), tr("Tab, Shift+Tab")),
    )
    return ShortcutGroup(tr("On the pictures"), rows)
