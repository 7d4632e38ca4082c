"""What the program says of itself."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from app import APP_NAME
from app.i18n.translation import tr
from ddrm_core import __version__


def show_about(parent: QWidget) -> None:
    """Name, version, licence."""
    name = f"{APP_NAME} {__version__}"
    says = tr(
        "Removes JPEG artifacts with a diffusion prior, and proves that the result agrees "
        "with the file."
    )
    licence = tr("Apache License 2.0. Nothing is sent anywhere.")
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(tr("About {name}").format(name=APP_NAME))
    box.setTextFormat(Qt.TextFormat.RichText)
    box.setText(f"<p><b>{name}</b></p><p>{escape(says)}</p><p>{escape(licence)}</p>")
    box.open()
