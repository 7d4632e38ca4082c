"""The two pages of the help menu."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from app import APP_NAME
from app.ui.actions import Actions
from ddrm_core import __version__


def show_keys(parent: QWidget, actions: Actions) -> None:
    """A table of what the keys do."""
    shown = (
        *(actions.open, actions.paste, actions.repeat),
        *(actions.restore, actions.stop, actions.save, actions.priors),
        *(action for action in actions.view.all if not action.shortcut().isEmpty()),
    )
    rows = [(a.text().rstrip("…"), a.shortcut().toString()) for a in shown]
    rows += [
        ("Move the picture", "arrows, or drag"),
        ("Zoom at the cursor", "wheel"),
        ("Whole picture or 100 %", "double click"),
        ("Show the original", "hold Tab or \\"),
        ("Leave the picture", "Shift+Tab"),
    ]
    cells = "".join(f"<tr><td>{name}&nbsp;&nbsp;</td><td>{keys}</td></tr>" for name, keys in rows)
    _show(parent, "Keyboard", f"<table cellspacing='4'>{cells}</table>")


def show_about(parent: QWidget) -> None:
    """Name, version, licence."""
    _show(
        parent,
        f"About {APP_NAME}",
        f"<p><b>{APP_NAME} {__version__}</b></p>"
        "<p>Removes JPEG artifacts with a diffusion prior, and proves that the result agrees "
        "with the file.</p><p>Apache License 2.0. Nothing is sent anywhere.</p>",
    )


def _show(parent: QWidget, title: str, text: str) -> None:
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(title)
    box.setTextFormat(Qt.TextFormat.RichText)
    box.setText(text)
    box.open()
