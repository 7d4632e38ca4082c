"""The list of a queue's files."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from app.i18n.translation import tr
from app.jobs.batch.batch_items import Status
from app.ui.batch.batch_table_model import Column, QueueTable
from app.ui.batch.status_delegate import StateDelegate
from app.ui.widgets.theme import Theme
from app.viewmodels.batch.batch_state import QueueState

_ROW_HEIGHT_PX = 24
_BESIDE_STATE_PX = 42
"""An icon, and room around it and the words."""
_LEAST_WIDTHS_PX = {
    Column.FILE: 160,
    Column.STATE: 118,
    Column.CONSISTENCY: 84,
    Column.SECONDS: 62,
    Column.SETTINGS: 110,
}


class QueueView(QTableView):
    """Selecting, dragging and opening rows of a `QueueTable`.

    Signals:
        open_wanted: A file is to be opened with its result. arg1: its number.
        selected: Other rows are selected now.
    """

    open_wanted = Signal(int)
    selected = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.table = QueueTable(theme, self)
        self.setModel(self.table)
        self.setObjectName("queue")
        self.setAccessibleName(tr("Files of the queue"))
        self.setToolTip("")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDragDropOverwriteMode(False)
        self.setDropIndicatorShown(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        # The key leaves the list; its rows are walked with the arrows.
        self.setTabKeyNavigation(False)
        self.setItemDelegateForColumn(Column.STATE, StateDelegate(theme, self))
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(_ROW_HEIGHT_PX)
        columns = self.horizontalHeader()
        columns.setHighlightSections(False)
        columns.setStretchLastSection(True)
        metrics = self.fontMetrics()
        states = max(metrics.horizontalAdvance(tr(status.value)) for status in Status)
        for column, least in _LEAST_WIDTHS_PX.items():
            words = states + _BESIDE_STATE_PX if column is Column.STATE else 0
            width = max(least, words, columns.sectionSizeHint(column))
            self.setColumnWidth(column, width)
        self.setColumnHidden(Column.SETTINGS, True)
        self.activated.connect(self._on_activated)
        self.selectionModel().selectionChanged.connect(self._on_selected)
        self.table.modelReset.connect(self._on_selected)

    def show_state(self, state: QueueState) -> None:
        """Render the files."""
        self.table.show_state(state)
        own = any(row.own is not None for row in state.rows)
        if own == self.isColumnHidden(Column.SETTINGS):
            self.setColumnHidden(Column.SETTINGS, not own)

    def numbers(self) -> tuple[int, ...]:
        """Of the selected files, in the order of the list."""
        # By ranges: asking for each index takes a third of a second for 10,000 rows.
        selection = self.selectionModel().selection()
        ranges = (selection.at(number) for number in range(selection.count()))
        rows = {row for one in ranges for row in range(one.top(), one.bottom() + 1)}
        return tuple(self.table.number_at(row) for row in sorted(rows))

    def show_file(self, number: int) -> None:
        """Select a file alone, and make it visible."""
        index = self.table.index_of(number)
        if index.isValid():
            flag = QItemSelectionModel.SelectionFlag
            choice = flag.ClearAndSelect | flag.Rows
            self.selectionModel().setCurrentIndex(index, choice)
            self.scrollTo(index)

    @Slot()
    def _on_activated(self) -> None:
        index = self.currentIndex()
        if index.isValid():
            self.open_wanted.emit(self.table.number_at(index.row()))

    @Slot()
    def _on_selected(self) -> None:
        self.selected.emit()
