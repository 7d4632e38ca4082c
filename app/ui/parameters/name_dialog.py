"""A dialog that asks for a name."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.i18n.translation import tr
from app.ui.widgets.form_controls import create_secondary_label
from app.ui.widgets.theme import MARGIN, SPACING

_MINIMUM_WIDTH = 340


class NameDialog(QDialog):
    """A dialog with a name field; OK is enabled while the name has no error.

    The line below the field shows the error, or else a hint about the name.
    The dialog does not block: `on_accept` receives the name when the user accepts.
    """

    def __init__(
        self,
        parent: QWidget,
        title: str,
        initial_name: str,
        *,
        error_text: Callable[[str], str],
        hint_text: Callable[[str], str],
        on_accept: Callable[[str], None],
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._error_text = error_text
        self._hint_text = hint_text
        self._on_accept = on_accept
        self.name_field = QLineEdit(initial_name)
        self.name_field.setAccessibleName(tr("Name"))
        self.name_field.selectAll()
        self.name_field.textChanged.connect(self._on_text_changed)
        label = QLabel(tr("&Name"))
        label.setBuddy(self.name_field)
        self.feedback_label = create_secondary_label()
        self.feedback_label.setWordWrap(True)
        # Two lines high from the start, since otherwise the layout would jump during typing.
        self.feedback_label.setMinimumHeight(2 * self.feedback_label.fontMetrics().lineSpacing())
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(SPACING)
        for widget in (label, self.name_field, self.feedback_label, self.buttons):
            layout.addWidget(widget)
        self.setMinimumWidth(_MINIMUM_WIDTH)
        self._on_text_changed(initial_name)

    def accept(self) -> None:
        name = self.name_field.text().strip()
        super().accept()
        self._on_accept(name)

    @Slot(str)
    def _on_text_changed(self, text: str) -> None:
        name = text.strip()
        error_text = self._error_text(name)
        self.feedback_label.setText(error_text or self._hint_text(name))
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(not error_text)
