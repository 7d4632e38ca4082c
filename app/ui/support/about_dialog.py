"""The about dialog."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from app.config.resources import THIRD_PARTY_PATH
from app.i18n.translation import tr
from app.support.third_party import read_third_party_notices
from ddrm_core import PROGRAM_NAME, __version__


def show_about_dialog(parent: QWidget) -> None:
    """Open a dialog with name, version and license of the program and of its parts."""
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
    notices = read_third_party_notices(THIRD_PARTY_PATH)
    if notices:
        box.setInformativeText(tr("The details list the works of others and their licenses."))
        box.setDetailedText(notices)
    box.open()
