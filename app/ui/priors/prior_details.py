"""What is known of one prior, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.i18n.error_messages import message_for
from app.i18n.translation import tr
from app.ui.widgets.fact_table import RowsView
from app.ui.widgets.form_controls import heading
from app.ui.widgets.theme import SPACING
from app.viewmodels.priors.priors import Downloading, PriorsState, Resting
from app.viewmodels.priors.priors_text import card_facts

_LABEL_WIDTH_PX = 120


class PriorDetails(QWidget):
    """Name, facts and four buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.name = heading("")
        self.problem = QLabel(wordWrap=True)
        self.problem.setObjectName("alarm")
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.rows = RowsView(tr("About this prior"))
        self.use = _button(tr("&Use"), tr("Restore with this prior from now on"))
        self.download = _button(
            tr("&Download…"), tr("Says what that means, and asks before anything is fetched")
        )
        self.verify = _button(
            tr("&Verify"), tr("Read all of its file again, and compare it with what was imported")
        )
        self.remove = _button(tr("&Remove…"), tr("Delete the imported file"))
        self._lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.rows.fit(event.size().width() - _LABEL_WIDTH_PX)

    def show_prior(self, name: str, state: PriorsState, *, used: bool) -> None:
        """Show one of the priors; what changes files works while nothing is being done."""
        card, work = state.card(name), state.work
        resting = isinstance(work, Resting)
        coming = isinstance(work, Downloading) and work.name == name
        self.setVisible(card is not None)
        if card is None:
            return
        self.name.setText(card.name)
        self.problem.setVisible(card.problem is not None)
        if card.problem is not None:
            self.problem.setText(message_for(card.problem).line())
        self.rows.show_rows(card_facts(card, coming=coming))
        here = card.path is not None
        self.use.setVisible(here)
        self.use.setEnabled(card.problem is None and not used)
        self.use.setText(tr("In use") if used else tr("&Use"))
        self.verify.setVisible(here)
        self.verify.setEnabled(resting)
        self.remove.setVisible(here and not card.bundled)
        self.remove.setEnabled(resting)
        self.download.setVisible(not here)
        self.download.setEnabled(resting)
        self.download.setText(tr("Continue &download…") if card.arrived else tr("&Download…"))

    def _lay_out(self) -> None:
        content = QWidget()
        words = QVBoxLayout(content)
        words.setContentsMargins(0, 0, SPACING, 0)
        words.setSpacing(SPACING)
        for widget in (self.name, self.problem, self.rows):
            words.addWidget(widget)
        words.addStretch(1)
        area = QScrollArea(widgetResizable=True)
        area.setObjectName("plain")
        area.setWidget(content)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACING)
        for button in (self.use, self.download, self.verify, self.remove):
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(area, 1)
        layout.addLayout(buttons)


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setAccessibleName(text.replace("&", "").rstrip("…"))
    return button
