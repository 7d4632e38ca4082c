"""The page of the run history in the bottom panel."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal, SignalInstance, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.i18n.error_messages import message_from_error
from app.i18n.translation import tr
from app.ui.results.earlier_results_bar import EarlierResultsBar
from app.ui.widgets.form_controls import create_push_button, create_secondary_label
from app.ui.widgets.theme import MARGIN, SPACING
from app.viewmodels.results.history_text import past_run_cells
from app.viewmodels.results.past_runs import PastRun, RunHistoryState

_INITIAL_SIZE = QSize(600, 170)
_MIN_HEIGHT = 60
_RUN_NUMBER_ROLE = Qt.ItemDataRole.UserRole


class RunHistoryPage(QWidget):
    """A table of past runs with buttons for the selected one.

    Signals:
        compare_requested: The selected run's result is to be compared. arg1: number of the run.
        activate_requested: The selected run is to be activated. arg1: number of the run.
        use_settings_requested: The selected run's settings are to be used. arg1: number of the run.
        remove_requested: The selected run is to be removed. arg1: number of the run.
    """

    compare_requested = Signal(int)
    activate_requested = Signal(int)
    use_settings_requested = Signal(int)
    remove_requested = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._state = RunHistoryState()
        self.setAccessibleName(tr("Runs"))
        self.hint_label = create_secondary_label()
        self.hint_label.setWordWrap(True)
        self.earlier_results_bar = EarlierResultsBar()
        self.run_list = QTreeWidget()
        self.run_list.setRootIsDecorated(False)
        self.run_list.setAllColumnsShowFocus(True)
        self.run_list.setUniformRowHeights(True)
        self.run_list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.run_list.setAccessibleName(tr("Runs of this session"))
        self.run_list.setMinimumHeight(_MIN_HEIGHT)
        self.run_list.setHeaderLabels(
            [
                tr("Run"),
                tr("Time"),
                tr("Settings"),
                tr("Area"),
                tr("Saved as"),
                tr("Duration"),
                tr("Consistency"),
                tr("Seed"),
                tr("Model"),
                tr("File"),
            ]
        )
        self.run_list.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.run_list.currentItemChanged.connect(self._update_buttons)
        self.run_list.itemActivated.connect(self._on_item_activated)
        self.compare_button = self._create_button(
            tr("Compare"),
            tr("See this run's result on the before side, beside the present one"),
            self.compare_requested,
        )
        self.activate_button = self._create_button(
            tr("Show this result"),
            tr("Make this run's result the present one, with its file and settings (Enter)"),
            self.activate_requested,
        )
        self.use_settings_button = self._create_button(
            tr("Use its settings"),
            tr("Set all that this run used, for the next one"),
            self.use_settings_requested,
        )
        self.remove_button = self._create_button(
            tr("Remove"), tr("Forget this run and its result"), self.remove_requested
        )
        self.setFocusProxy(self.run_list)
        self._lay_out()
        self.show_history(RunHistoryState())

    def sizeHint(self) -> QSize:
        return _INITIAL_SIZE

    @property
    def selected_run(self) -> PastRun | None:
        """The run in the selected row."""
        item = self.run_list.currentItem()
        return None if item is None else self._state.find_run(item.data(0, _RUN_NUMBER_ROLE))

    def show_history(self, state: RunHistoryState) -> None:
        """List the runs of `state`; the selected run stays selected."""
        selected_run, now = self.selected_run, datetime.now()
        self._state = state
        with QSignalBlocker(self.run_list):
            self.run_list.clear()
            for past_run in state.runs:
                item = QTreeWidgetItem(list(past_run_cells(past_run, now)))
                item.setData(0, _RUN_NUMBER_ROLE, past_run.number)
                if past_run.number == state.current_number:
                    font = item.font(0)
                    font.setBold(True)
                    for column in range(self.run_list.columnCount()):
                        item.setFont(column, font)
                self.run_list.addTopLevelItem(item)
                if selected_run is not None and past_run.number == selected_run.number:
                    self.run_list.setCurrentItem(item)
            first = self.run_list.topLevelItem(0)
            if first is not None and not self.run_list.selectedItems():
                self.run_list.setCurrentItem(first)
        self.hint_label.setText(_run_history_hint(state))
        self.hint_label.setVisible(bool(self.hint_label.text()))
        self._update_buttons()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACING)
        buttons.addWidget(self.hint_label, 1)
        buttons.addStretch(0)
        for button in (
            self.compare_button,
            self.activate_button,
            self.use_settings_button,
            self.remove_button,
        ):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, SPACING, MARGIN, SPACING)
        layout.setSpacing(SPACING)
        layout.addWidget(self.earlier_results_bar)
        layout.addLayout(buttons)
        layout.addWidget(self.run_list, 1)

    def _create_button(self, text: str, tooltip: str, requested: SignalInstance) -> QPushButton:
        button = create_push_button(text, tooltip)

        def emit_run_number() -> None:
            if self.selected_run is not None:
                requested.emit(self.selected_run.number)

        button.clicked.connect(emit_run_number)
        return button

    @Slot()
    def _update_buttons(self) -> None:
        selected_run = self.selected_run
        is_other_run = (
            selected_run is not None and selected_run.number != self._state.current_number
        )
        self.compare_button.setEnabled(
            selected_run is not None and is_other_run and selected_run.is_of_open_file
        )
        self.activate_button.setEnabled(is_other_run and not self._state.is_run_active)
        self.use_settings_button.setEnabled(selected_run is not None)
        self.remove_button.setEnabled(selected_run is not None)

    @Slot()
    def _on_item_activated(self) -> None:
        if self.activate_button.isEnabled():
            self.activate_button.click()


def _run_history_hint(state: RunHistoryState) -> str:
    if state.archiving_error is not None:
        return message_from_error(state.archiving_error).as_line()
    if state.is_over_budget:
        return tr("There is no room left for more: save the latest result, or remove others.")
    if not state.runs:
        return tr("Results of this session appear here.")
    return ""
