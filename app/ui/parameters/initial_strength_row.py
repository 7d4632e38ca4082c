"""The row with the strength and the kept areas that the next result begins with."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.i18n.translation import tr
from app.jobs.run.result_strength import FULL_STRENGTH, ResultStrength
from app.ui.widgets.form_controls import create_push_button, create_secondary_label
from app.ui.widgets.theme import SPACING
from app.viewmodels.parameters.setting_labels import initial_strength_text


class InitialStrengthRow(QWidget):
    """Strength and kept areas of the next result, and a button to remove them.

    The row is hidden if the next result begins at full strength and without kept areas.

    Signals:
        remove_requested: The button was clicked.
    """

    remove_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.text_label = create_secondary_label()
        self.text_label.setWordWrap(True)
        self.remove_button = create_push_button(
            tr("Remove"), tr("Begin at full strength, without areas that stay as in the file")
        )
        self.remove_button.setAccessibleName(tr("Remove the strength of the next result"))
        self.remove_button.clicked.connect(self.remove_requested)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self.text_label, 1)
        layout.addWidget(self.remove_button, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_strength(self, strength: ResultStrength) -> None:
        """Show the strength and the number of kept areas."""
        template = tr("Next result: {strength}")
        self.text_label.setText(template.format(strength=initial_strength_text(strength)))
        self.setVisible(strength != FULL_STRENGTH)
