"""The runs of the session, below the pictures."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance, Slot
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

from app.i18n.translation import tr
from app.ui.widgets.form_controls import faint
from app.ui.widgets.theme import MARGIN, SPACING
from app.viewmodels.results.history_text import run_cells
from app.viewmodels.results.past_runs import PastRun, RunsState

_FIRST_SIZE = QSize(600, 170)
_LEAST_HEIGHT = 60
_NUMBER = Qt.ItemDataRole.UserRole


class RunsPage(QWidget):
    """A row for each run, and what can be done with the chosen one.

    Signals:
        compare_wanted: It is to be seen beside the present result. arg1: its number.
        return_wanted: It is to be the present result. arg1: its number.
        use_wanted: The next run is to use its settings. arg1: its number.
        remove_wanted: It can be forgotten. arg1: its number.
    """

    compare_wanted = Signal(int)
    return_wanted = Signal(int)
    use_wanted = Signal(int)
    remove_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._state = RunsState()
        self.setAccessibleName(tr("Runs"))
        self.hint = faint()
        self.hint.setWordWrap(True)
        self.list = QTreeWidget()
        self.list.setRootIsDecorated(False)
        self.list.setAllColumnsShowFocus(True)
        self.list.setUniformRowHeights(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setAccessibleName(tr("Runs of this session"))
        self.list.setMinimumHeight(_LEAST_HEIGHT)
        self.list.setHeaderLabels(
            [
                tr("Run"),
                tr("Ended"),
                tr("Settings"),
                tr("Extent"),
                tr("Saved as"),
                tr("Took"),
                tr("Consistency"),
                tr("Seed"),
                tr("Prior"),
                tr("File"),
            ]
        )
        self.list.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.list.currentItemChanged.connect(self._enable)
        self.list.itemActivated.connect(self._on_activated)
        self.compare = self._button(
            tr("Compare"),
            tr("See this run's result on the before side, beside the present one"),
            self.compare_wanted,
        )
        self.back = self._button(
            tr("Return to it"),
            tr("Make this run's result the present one, with its file and settings (Enter)"),
            self.return_wanted,
        )
        self.use = self._button(
            tr("Use its settings"),
            tr("Set all that this run used, for the next one"),
            self.use_wanted,
        )
        self.remove = self._button(
            tr("Remove"), tr("Forget this run and its result"), self.remove_wanted
        )
        self.setFocusProxy(self.list)
        self._lay_out()
        self.show_runs(RunsState())

    def sizeHint(self) -> QSize:
        return _FIRST_SIZE

    @property
    def chosen(self) -> PastRun | None:
        """The run whose row is chosen."""
        item = self.list.currentItem()
        return None if item is None else self._state.find(item.data(0, _NUMBER))

    def show_runs(self, state: RunsState) -> None:
        """Render them; the same run stays chosen."""
        chosen = self.chosen
        self._state = state
        self.list.blockSignals(True)
        self.list.clear()
        for past in state.runs:
            item = QTreeWidgetItem(list(run_cells(past)))
            item.setData(0, _NUMBER, past.number)
            if past.number == state.current:
                font = item.font(0)
                font.setBold(True)
                for column in range(self.list.columnCount()):
                    item.setFont(column, font)
            self.list.addTopLevelItem(item)
            if chosen is not None and past.number == chosen.number:
                self.list.setCurrentItem(item)
        first = self.list.topLevelItem(0)
        if first is not None and not self.list.selectedItems():
            self.list.setCurrentItem(first)
        self.list.blockSignals(False)
        self.hint.setText(_hint(state))
        self.hint.setVisible(bool(self.hint.text()))
        self._enable()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACING)
        buttons.addWidget(self.hint, 1)
        buttons.addStretch(0)
        for button in (self.compare, self.back, self.use, self.remove):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, SPACING, MARGIN, SPACING)
        layout.setSpacing(SPACING)
        layout.addLayout(buttons)
        layout.addWidget(self.list, 1)

    def _button(self, text: str, tip: str, wanted: SignalInstance) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(text)
        button.setToolTip(tip)

        def emit() -> None:
            if self.chosen is not None:
                wanted.emit(self.chosen.number)

        button.clicked.connect(emit)
        return button

    @Slot()
    def _enable(self) -> None:
        chosen = self.chosen
        other = chosen is not None and chosen.number != self._state.current
        self.compare.setEnabled(chosen is not None and other and chosen.here)
        self.back.setEnabled(other and not self._state.running)
        self.use.setEnabled(chosen is not None)
        self.remove.setEnabled(chosen is not None)

    @Slot()
    def _on_activated(self) -> None:
        if self.back.isEnabled():
            self.back.click()


def _hint(state: RunsState) -> str:
    if state.unkept:
        return tr("There is no room left for more: save the latest result, or remove others.")
    if not state.runs:
        return tr("What runs give is kept here until the program is closed.")
    return ""
