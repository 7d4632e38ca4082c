"""The rows of a queue for a view."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from itertools import groupby

from PySide6.QtCore import (
    QAbstractTableModel,
    QByteArray,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QIcon

from app.i18n.translation import tr
from app.jobs.batch.batch_items import Row, Status
from app.ui.widgets.theme import Icon, Theme
from app.viewmodels.batch.batch_state import QueueState
from app.viewmodels.batch.batch_text import (
    consistency_words,
    name_words,
    row_tip,
    seconds_words,
    settings_words,
    state_words,
)

SHARE_ROLE = Qt.ItemDataRole.UserRole
"""Of the work on the present file, 0 to 1; None in other rows."""
ROWS_MIME = "application/x-ddrm-restore-rows"
_MANY_RUNS = 64
_NOWHERE = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """What is said of each file."""

    FILE = 0
    STATE = 1
    CONSISTENCY = 2
    SECONDS = 3
    SETTINGS = 4
    MESSAGE = 5


_ICONS = {
    Status.WAITING: Icon.WAITING,
    Status.WORKING: Icon.RUNNING,
    Status.DONE: Icon.DONE,
    Status.SKIPPED: Icon.SKIPPED,
    Status.KEPT: Icon.SKIPPED,
    Status.FAILED: Icon.ERROR,
    Status.STOPPED: Icon.STOP,
}


def _alignment(column: Column) -> Qt.AlignmentFlag:
    """Numbers below each other, as they are read."""
    numbers = column in (Column.CONSISTENCY, Column.SECONDS)
    side = Qt.AlignmentFlag.AlignTrailing if numbers else Qt.AlignmentFlag.AlignLeading
    return side | Qt.AlignmentFlag.AlignVCenter


class QueueTable(QAbstractTableModel):
    """A row per file; follows the state with the least change of the view.

    Signals:
        move_wanted: Rows were dropped elsewhere. arg1: their numbers. arg2: number of the row
            that they are to be before, None for the end.
    """

    move_wanted = Signal(object, object)

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._state = QueueState()
        self._rows: list[Row] = []
        self._icons: dict[Status, QIcon] = {}
        theme.changed.connect(self._on_theme_changed)

    def show_state(self, state: QueueState) -> None:
        """Show this state instead of the last one."""
        before, self._state = self._state, state
        if before.rows is not state.rows:
            self._follow(state.rows)
        elif state.working != before.working and state.working is not None:
            self._tell_state_of(state.working.number)

    def number_at(self, row: int) -> int:
        """Name of the file in a row."""
        return self._rows[row].number

    def index_of(self, number: int) -> QModelIndex:
        """Where a file is; an invalid index where it is not."""
        row = next((at for at, r in enumerate(self._rows) if r.number == number), -1)
        return self.index(row, 0) if row >= 0 else QModelIndex()

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(Column(section))
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        titles = {
            Column.FILE: tr("File"),
            Column.STATE: tr("State"),
            Column.CONSISTENCY: tr("Consistency"),
            Column.SECONDS: tr("Seconds"),
            Column.SETTINGS: tr("Settings"),
            Column.MESSAGE: tr("Message"),
        }
        return titles[Column(section)]

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], Column(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(row, column)
            case Qt.ItemDataRole.DecorationRole if column is Column.STATE:
                return self._icon(row.status)
            case Qt.ItemDataRole.ToolTipRole:
                return row_tip(row, self._state.settings_of(row))
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{self.headerData(column, Qt.Orientation.Horizontal)}: " + self._text(
                    row, column
                )
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(column)
            case int() if role == SHARE_ROLE:
                return self._share(row)
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsDragEnabled
            | Qt.ItemFlag.ItemNeverHasChildren
        )

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [ROWS_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        numbers = sorted({index.row() for index in indexes})
        data = QMimeData()
        text = ",".join(str(self._rows[row].number) for row in numbers)
        data.setData(ROWS_MIME, QByteArray(text.encode()))
        return data

    def dropMimeData(
        self, data: QMimeData, _action: Qt.DropAction, row: int, _column: int, parent: _Index
    ) -> bool:
        """Ask for the move; the rows themselves follow the state."""
        if not data.hasFormat(ROWS_MIME):
            return False
        at = row if row >= 0 else parent.row() if parent.isValid() else len(self._rows)
        before = self._rows[at].number if at < len(self._rows) else None
        numbers = [int(n) for n in bytes(data.data(ROWS_MIME).data()).decode().split(",") if n]
        self.move_wanted.emit(numbers, before)
        return False  # else the view would remove what it takes for a copy

    def _text(self, row: Row, column: Column) -> str:
        match column:
            case Column.FILE:
                return name_words(row)
            case Column.STATE:
                return state_words(row, self._share(row))
            case Column.CONSISTENCY:
                return consistency_words(row)
            case Column.SECONDS:
                return seconds_words(row)
            case Column.SETTINGS:
                return "" if row.own is None else settings_words(row.own)
            case Column.MESSAGE:
                return " ".join(row.message.split("\n"))

    def _share(self, row: Row) -> float | None:
        working = self._state.working
        return working.share if working is not None and working.number == row.number else None

    def _icon(self, status: Status) -> QIcon:
        if status not in self._icons:
            self._icons[status] = self._theme.icon(_ICONS[status])
        return self._icons[status]

    def _follow(self, rows: Sequence[Row]) -> None:
        """Make the rows these, telling the view what has become of those before."""
        old = [row.number for row in self._rows]
        new = [row.number for row in rows]
        if new == old:
            self._replace(rows)
        elif new[: len(old)] == old:
            self.beginInsertRows(QModelIndex(), len(old), len(new) - 1)
            self._rows = list(rows)
            self.endInsertRows()
        elif not self._remove(old, new, rows):
            if sorted(new) == sorted(old):
                self._reorder(rows)
            else:
                self.beginResetModel()
                self._rows = list(rows)
                self.endResetModel()

    def _replace(self, rows: Sequence[Row]) -> None:
        """Same files in the same order."""
        changed = [at for at, (a, b) in enumerate(zip(self._rows, rows, strict=True)) if a is not b]
        self._rows = list(rows)
        if changed:
            last = len(Column) - 1
            self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], last))

    def _remove(self, old: Sequence[int], new: Sequence[int], rows: Sequence[Row]) -> bool:
        """Where files are only missing; False where it is more than that, or scattered."""
        kept = set(new)
        if [number for number in old if number in kept] != list(new):
            return False
        gone = [at for at, number in enumerate(old) if number not in kept]
        runs = [[at for _, at in run] for _, run in groupby(enumerate(gone), lambda p: p[1] - p[0])]
        if len(runs) > _MANY_RUNS:
            return False
        for run in reversed(runs):
            self.beginRemoveRows(QModelIndex(), run[0], run[-1])
            del self._rows[run[0] : run[-1] + 1]
            self.endRemoveRows()
        self._replace(rows)
        return True

    def _reorder(self, rows: Sequence[Row]) -> None:
        """Same files in another order; what is selected stays so."""
        self.layoutAboutToBeChanged.emit()
        places = {row.number: at for at, row in enumerate(rows)}
        before = self.persistentIndexList()
        after = [self.createIndex(places[self._rows[i.row()].number], i.column()) for i in before]
        self._rows = list(rows)
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _tell_state_of(self, number: int) -> None:
        index = self.index_of(number)
        if index.isValid():
            cell = index.siblingAtColumn(Column.STATE)
            self.dataChanged.emit(cell, cell)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._icons.clear()
        if self._rows:
            first, last = self.index(0, Column.STATE), self.index(len(self._rows) - 1, Column.STATE)
            self.dataChanged.emit(first, last)
