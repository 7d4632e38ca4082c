"""The verdict on a result, with its reasons and the way to the uncertain areas."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.i18n.translation import tr
from app.i18n.verdict_text import VerdictText
from app.ui.widgets.form_controls import create_push_button, create_secondary_label
from app.ui.widgets.theme import SPACING


class VerdictView(QWidget):
    """The title and the reasons of a verdict, with buttons to look closer and to adjust the result.

    Signals:
        uncertain_areas_requested: The button for the uncertain areas was clicked.
        adjustments_requested: The button for the adjustments was clicked.
    """

    uncertain_areas_requested = Signal()
    adjustments_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.title_label = QLabel()
        self.title_label.setWordWrap(True)
        self.explanation_label = create_secondary_label()
        self.explanation_label.setWordWrap(True)
        self.uncertain_areas_button = create_push_button(
            tr("Uncertain areas"),
            tr("Show where the versions differ: bright where detail was invented"),
        )
        self.uncertain_areas_button.clicked.connect(self.uncertain_areas_requested)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING // 2)
        self.adjust_button = create_push_button(
            tr("Adjust…"), tr("Change sharpness and strength, or keep areas as in the file")
        )
        self.adjust_button.clicked.connect(self.adjustments_requested)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACING)
        buttons.addWidget(self.uncertain_areas_button, 1)
        buttons.addWidget(self.adjust_button, 1)
        layout.addWidget(self.title_label)
        layout.addWidget(self.explanation_label)
        layout.addLayout(buttons)

    def show_verdict(self, verdict: VerdictText, *, has_spread: bool) -> None:
        """Show a verdict.

        Args:
            verdict: Texts of the verdict.
            has_spread: Whether the result has a spread, which the uncertain areas show.
        """
        self.title_label.setObjectName("agrees" if verdict.is_faithful else "heading")
        # Qt applies the style sheet of a new object name only when the widget is polished.
        self.title_label.style().polish(self.title_label)
        self.title_label.setText(verdict.marked_title)
        self.title_label.setAccessibleName(f"{verdict.title}. {verdict.explanation}".rstrip(". "))
        self.title_label.setToolTip(
            tr(
                "Faithful means: compressed like your file, the result gives exactly the values "
                "that your file holds. Only rounding to whole pixel values may change some."
            )
        )
        self.explanation_label.setText(verdict.explanation)
        self.explanation_label.setVisible(bool(verdict.explanation))
        self.uncertain_areas_button.setVisible(has_spread)
