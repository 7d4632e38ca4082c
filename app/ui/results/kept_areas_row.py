"""The row with the areas of a result that stay as in the file."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.i18n.translation import tr
from app.ui.widgets.form_controls import create_push_button
from app.ui.widgets.theme import SPACING
from app.viewmodels.parameters.setting_labels import kept_areas_text


class KeptAreasRow(QWidget):
    """The number of kept areas, a button to draw another one, and one to remove them.

    Signals:
        drawing_toggled: The button for drawing was toggled. arg1: whether the next drag on the
            image draws a kept area.
        remove_requested: The button for removing the latest kept area was clicked.
    """

    drawing_toggled = Signal(bool)
    remove_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.draw_button = create_push_button(
            tr("Keep an area…"),
            tr("Drag over text, a face or a signature to leave it as in the file"),
        )
        self.draw_button.setCheckable(True)
        self.draw_button.toggled.connect(self.drawing_toggled)
        self.remove_button = create_push_button(
            tr("Remove last"), tr("Restore the area that was kept last, too")
        )
        self.remove_button.clicked.connect(self.remove_requested)
        self.count_label = QLabel()
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACING)
        buttons.addWidget(self.draw_button, 1)
        buttons.addWidget(self.remove_button, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING // 2)
        layout.addWidget(self.count_label)
        layout.addLayout(buttons)

    def show_count(self, count: int) -> None:
        """Show the number of kept areas."""
        self.count_label.setText(kept_areas_text(count))
        for widget in (self.count_label, self.remove_button):
            widget.setVisible(count > 0)
