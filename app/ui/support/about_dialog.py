"""The about dialog."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from app.i18n.translation import tr
from ddrm_core import PROGRAM_NAME, __version__


def show_about_dialog(parent: QWidget) -> None:
    """Open a dialog with name, version and license of the program."""
    title = f"{PROGRAM_NAME} {__version__}"
    description = tr(
        "Removes JPEG artifacts with a diffusion model, and proves that the result agrees "
        "with the file."
    )
    license_text = tr("Apache License 2.0. Nothing is sent anywhere.")
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(tr("About {name}").format(name=PROGRAM_NAME))
    box.setTextFormat(Qt.TextFormat.RichText)
    box.setText(f"<p><b>{title}</b></p><p>{escape(description)}</p><p>{escape(license_text)}</p>")
    box.open()
