"""The hints for the first pictures."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from app.i18n.translation import tr
from app.ui.widgets.form_controls import create_push_button
from app.ui.widgets.theme import MARGIN, SPACING

_NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


class HintBar(QFrame):
    """Three hints about the compare view, above it until the user dismisses them.

    Signals:
        dismissed: The button that dismisses the hints was clicked.
    """

    dismissed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("hints")
        hints = (
            tr("Drag the line to compare before and after."),
            tr("Ctrl+drag marks a crop."),
            tr("Hold H to see the original."),
        )
        # No hint is broken across two lines.
        unbroken_hints = [hint.replace(" ", _NO_BREAK_SPACE) for hint in hints]
        self.hints_label = QLabel("   ".join(unbroken_hints), wordWrap=True)
        self.dismiss_button = create_push_button(
            tr("Got it"), tr("Do not show these hints again; F1 lists all keys")
        )
        self.dismiss_button.clicked.connect(self.dismissed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(MARGIN, SPACING // 2, SPACING, SPACING // 2)
        layout.setSpacing(MARGIN)
        layout.addWidget(self.hints_label, 1)
        layout.addWidget(self.dismiss_button)
        self.hide()
