"""Asking for a name."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.i18n.translation import tr
from app.ui.widgets.form_controls import faint
from app.ui.widgets.theme import MARGIN, SPACING

_WIDTH = 340


class NameDialog(QDialog):
    """A line to type a name into; OK is on while nothing speaks against it.

    Below it is what does, or else what is to be known of that name.
    It waits for nothing: whoever opens it is called with the name, once it is agreed to.
    """

    def __init__(
        self,
        parent: QWidget,
        title: str,
        first: str,
        *,
        problem: Callable[[str], str],
        note: Callable[[str], str],
        agreed: Callable[[str], None],
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._problem = problem
        self._note = note
        self._agreed = agreed
        self.name = QLineEdit(first)
        self.name.setAccessibleName(tr("Name"))
        self.name.selectAll()
        self.name.textChanged.connect(self._on_typed)
        label = QLabel(tr("&Name"))
        label.setBuddy(self.name)
        self.words = faint()
        self.words.setWordWrap(True)
        # Room for two lines, so that nothing moves while a name is typed.
        self.words.setMinimumHeight(2 * self.words.fontMetrics().lineSpacing())
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(SPACING)
        for widget in (label, self.name, self.words, self.buttons):
            layout.addWidget(widget)
        self.setMinimumWidth(_WIDTH)
        self._on_typed(first)

    def accept(self) -> None:
        name = self.name.text().strip()
        super().accept()
        self._agreed(name)

    @Slot(str)
    def _on_typed(self, text: str) -> None:
        name = text.strip()
        problem = self._problem(name)
        self.words.setText(problem or self._note(name))
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(not problem)
