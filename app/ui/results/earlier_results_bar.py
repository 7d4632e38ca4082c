"""The bar about results of earlier sessions, above the runs of this session."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.i18n.translation import tr
from app.ui.widgets.form_controls import (
    create_check_box,
    create_push_button,
    create_secondary_label,
)
from app.ui.widgets.theme import SPACING
from app.viewmodels.results.stored_results import StoredResultsState
from app.viewmodels.results.stored_results_text import earlier_results_text


class EarlierResultsBar(QWidget):
    """A bar that offers to show or to delete the results of earlier sessions.

    The bar is hidden while there are none.

    Signals:
        show_requested: The results are to be shown.
        clear_requested: The results are to be deleted.
        keep_changed: Results are to be kept after closing, or not. arg1: whether they are.
    """

    show_requested = Signal()
    clear_requested = Signal()
    keep_changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.label = create_secondary_label()
        self.label.setWordWrap(True)
        self.show_button = create_push_button(
            tr("Show earlier results"), tr("Add the results of earlier sessions to this list")
        )
        self.clear_button = create_push_button(
            tr("Clear now"), tr("Delete the kept results of earlier sessions for good")
        )
        self.discard_box = create_check_box(
            tr("Do not keep after closing"),
            tr("Results that are not saved are deleted when the window is closed"),
        )
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACING)
        for widget in (self.show_button, self.clear_button, self.discard_box):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self.label)
        layout.addLayout(buttons)
        self.show_button.clicked.connect(lambda _checked: self.show_requested.emit())
        self.clear_button.clicked.connect(lambda _checked: self.clear_requested.emit())
        self.discard_box.clicked.connect(lambda checked: self.keep_changed.emit(not checked))
        self.show_state(StoredResultsState())

    def show_state(self, state: StoredResultsState) -> None:
        """Show how many results of earlier sessions there are, and enable what can be done."""
        self.label.setText(earlier_results_text(state.earlier))
        self.show_button.setEnabled(bool(state.earlier.file_names) and not state.is_busy)
        self.clear_button.setEnabled(not state.is_busy)
        self.discard_box.setChecked(not state.keeps_results)
        self.setVisible(state.has_earlier)
