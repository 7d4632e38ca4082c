"""The table model of the batch."""

from __future__ import annotations

from collections.abc import Sequence
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
from PySide6.QtGui import QColor, QIcon

from app.jobs.batch.batch_items import BatchItem, ItemStatus
from app.ui.batch.batch_columns import (
    COLUMN_ORDERS,
    BatchColumn,
    column_alignment,
    column_title,
    column_tooltip,
)
from app.ui.widgets.theme import Icon, Theme
from app.viewmodels.batch.batch_state import BatchState
from app.viewmodels.batch.batch_text import (
    format_item_consistency,
    format_item_name,
    format_item_seconds,
    item_status_text,
    item_tooltip,
    restore_settings_text,
)
from app.viewmodels.batch.batch_thumbnails import ThumbnailsState
from app.viewmodels.batch.overview.batch_cost import NO_COST, BatchCostState
from app.viewmodels.batch.overview.batch_cost_text import item_time_text
from app.viewmodels.batch.overview.file_facts import FileFactsState
from app.viewmodels.batch.overview.file_facts_text import (
    attached_data_text,
    damage_text,
    earlier_compression_text,
    expected_error_text,
    file_size_text,
    image_size_text,
    quality_text,
    sampling_text,
)

PROGRESS_ROLE = Qt.ItemDataRole.UserRole
"""Role of the current file's progress, 0 to 1; None in other rows."""
THUMBNAILS_ROLE = Qt.ItemDataRole.UserRole + 1
"""Role of the thumbnails of a row, an `ItemThumbnails`; None while there are none."""
ITEMS_MIME_TYPE = "application/x-ddrm-restore-rows"
_MAX_REMOVED_RANGES = 64
# Qt asks for the flags of every cell when all rows are selected, 70,000 times for 10,000 rows.
_ITEM_FLAGS = (
    Qt.ItemFlag.ItemIsEnabled
    | Qt.ItemFlag.ItemIsSelectable
    | Qt.ItemFlag.ItemIsDragEnabled
    | Qt.ItemFlag.ItemNeverHasChildren
)
_NO_PARENT = QModelIndex()
_ModelIndex = QModelIndex | QPersistentModelIndex


_FACT_TEXTS = {
    BatchColumn.QUALITY: quality_text,
    BatchColumn.EXPECTED_ERROR: expected_error_text,
    BatchColumn.IMAGE_SIZE: image_size_text,
    BatchColumn.SAMPLING: sampling_text,
    BatchColumn.EARLIER_COMPRESSION: earlier_compression_text,
    BatchColumn.DAMAGE: damage_text,
    BatchColumn.ATTACHED_DATA: attached_data_text,
}
_STATUS_ICONS = {
    ItemStatus.WAITING: Icon.WAITING,
    ItemStatus.WORKING: Icon.RUNNING,
    ItemStatus.DONE: Icon.DONE,
    ItemStatus.SKIPPED: Icon.SKIPPED,
    ItemStatus.KEPT: Icon.SKIPPED,
    ItemStatus.FAILED: Icon.ERROR,
    ItemStatus.STOPPED: Icon.STOP,
    ItemStatus.OTHER: Icon.SKIPPED,
    ItemStatus.COPIED: Icon.SKIPPED,
    ItemStatus.NOT_REPLACED: Icon.SKIPPED,
}


class BatchTableModel(QAbstractTableModel):
    """A table model with one row per file that reports minimal changes to its views.

    Signals:
        move_requested: Rows were dropped. arg1: ids of their items. arg2: id of the item to insert
            before, or None for the end.
        sort_requested: The list is to be sorted. arg1: the `ItemOrder`. arg2: whether the largest
            values are first.
    """

    move_requested = Signal(object, object)
    sort_requested = Signal(object, bool)

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._state = BatchState()
        self._thumbnails = ThumbnailsState()
        self._facts, self._cost = FileFactsState(), NO_COST
        self._items: list[BatchItem] = []
        # Rows by id of their item; None until a row is looked up after rows have moved.
        self._rows_by_id: dict[int, int] | None = None
        self._icon_cache: dict[Icon, QIcon] = {}
        theme.colors_changed.connect(self._on_theme_changed)

    def show_state(self, state: BatchState) -> None:
        """Replace the displayed batch by `state` and emit signals for the rows that changed."""
        previous, self._state = self._state, state
        if previous.items is not state.items:
            self._update_items(state.items)
        elif state.current_item != previous.current_item and state.current_item is not None:
            self._emit_status_changed(state.current_item.item_id)

    def show_thumbnails(self, thumbnails: ThumbnailsState) -> None:
        """Replace the thumbnails, and emit signals for the rows whose thumbnails changed."""
        before, after = self._thumbnails.by_item, thumbnails.by_item
        self._thumbnails = thumbnails
        changed_ids = {
            item_id
            for item_id in before.keys() | after.keys()
            if before.get(item_id) is not after.get(item_id)
        }
        for item_id in changed_ids:
            index = self.index_of_item(item_id)
            if index.isValid():
                cell = index.siblingAtColumn(BatchColumn.THUMBNAILS)
                self.dataChanged.emit(cell, cell)

    def show_facts(self, facts: FileFactsState) -> None:
        """Replace the facts about the files."""
        self._facts = facts
        self._emit_columns_changed(BatchColumn.QUALITY, BatchColumn.ATTACHED_DATA)

    def show_cost(self, cost: BatchCostState) -> None:
        """Replace the expected times of the files."""
        self._cost = cost
        self._emit_columns_changed(BatchColumn.EXPECTED_TIME, BatchColumn.EXPECTED_TIME)

    def item_id_at(self, row: int) -> int:
        """Return the id of the item in a row."""
        return self._items[row].item_id

    def index_of_item(self, item_id: int) -> QModelIndex:
        """Return the index of an item's first cell; invalid if the item is not in the table."""
        if self._rows_by_id is None:
            self._rows_by_id = {item.item_id: row for row, item in enumerate(self._items)}
        row = self._rows_by_id.get(item_id)
        return QModelIndex() if row is None else self.index(row, 0)

    def rowCount(self, parent: _ModelIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._items)

    def columnCount(self, parent: _ModelIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(BatchColumn)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return column_alignment(BatchColumn(section))
        if role == Qt.ItemDataRole.ToolTipRole:
            return column_tooltip(BatchColumn(section)) or None
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return column_title(BatchColumn(section))

    def data(self, index: _ModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        item, column = self._items[index.row()], BatchColumn(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._cell_text(item, column)
            case Qt.ItemDataRole.DecorationRole if column is BatchColumn.STATE:
                return self._status_icon(item)
            case Qt.ItemDataRole.ToolTipRole:
                return item_tooltip(item, self._state.restore_settings_of(item))
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{self.headerData(column, Qt.Orientation.Horizontal)}: " + self._cell_text(
                    item, column
                )
            case Qt.ItemDataRole.TextAlignmentRole:
                return column_alignment(column)
            case Qt.ItemDataRole.ForegroundRole if column is BatchColumn.STATE:
                return self._status_color(item)
            case int() if role == PROGRESS_ROLE:
                return self._fraction_done(item)
            case int() if role == THUMBNAILS_ROLE and column is BatchColumn.THUMBNAILS:
                return self._thumbnails.by_item.get(item.item_id)
        return None

    def flags(self, index: _ModelIndex) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        return _ITEM_FLAGS

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Emit `sort_requested`; the rows move later, when `show_state` receives the new order."""
        if column in COLUMN_ORDERS:
            is_descending = order is Qt.SortOrder.DescendingOrder
            self.sort_requested.emit(COLUMN_ORDERS[BatchColumn(column)], is_descending)

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [ITEMS_MIME_TYPE]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        selected_rows = sorted({index.row() for index in indexes})
        data = QMimeData()
        text = ",".join(str(self._items[row].item_id) for row in selected_rows)
        data.setData(ITEMS_MIME_TYPE, QByteArray(text.encode()))
        return data

    def dropMimeData(
        self, data: QMimeData, _action: Qt.DropAction, row: int, _column: int, parent: _ModelIndex
    ) -> bool:
        """Emit `move_requested` for rows that the user dropped, and return False.

        The rows move later, when `show_state` receives the new order. For True, the view would
        remove the dragged rows.
        """
        if not data.hasFormat(ITEMS_MIME_TYPE):
            return False
        target_row = row if row >= 0 else parent.row() if parent.isValid() else len(self._items)
        before_id = self._items[target_row].item_id if target_row < len(self._items) else None
        item_ids = [
            int(n) for n in bytes(data.data(ITEMS_MIME_TYPE).data()).decode().split(",") if n
        ]
        self.move_requested.emit(item_ids, before_id)
        return False  # for True, the view would remove the dragged rows

    def _cell_text(self, item: BatchItem, column: BatchColumn) -> str:
        match column:
            case BatchColumn.THUMBNAILS:
                return ""
            case BatchColumn.FILE:
                return format_item_name(item)
            case BatchColumn.STATE:
                return item_status_text(item, self._fraction_done(item))
            case BatchColumn.CONSISTENCY:
                return format_item_consistency(item)
            case BatchColumn.SECONDS:
                return format_item_seconds(item)
            case BatchColumn.SETTINGS:
                return "" if item.own_settings is None else restore_settings_text(item.own_settings)
            case BatchColumn.MESSAGE:
                return " ".join(item.message.split("\n"))
            case BatchColumn.EXPECTED_TIME:
                return item_time_text(self._cost, item)
            case BatchColumn.FILE_SIZE:
                return file_size_text(item, self._facts.by_source.get(item.source))
            case _:
                facts = self._facts.by_source.get(item.source)
                return "" if facts is None else _FACT_TEXTS[column](facts.image)

    def _fraction_done(self, item: BatchItem) -> float | None:
        current_item = self._state.current_item
        return (
            current_item.fraction_done
            if current_item is not None and current_item.item_id == item.item_id
            else None
        )

    def _status_color(self, item: BatchItem) -> QColor | None:
        """Return the color of an unwanted status, None for the color of other texts."""
        is_unwanted = item.status is ItemStatus.FAILED or item.is_partial
        return QColor(self._theme.colors.error) if is_unwanted else None

    def _status_icon(self, item: BatchItem) -> QIcon:
        icon = Icon.PARTLY_DONE if item.is_partial else _STATUS_ICONS[item.status]
        if icon not in self._icon_cache:
            self._icon_cache[icon] = self._theme.create_icon(icon)
        return self._icon_cache[icon]

    def _update_items(self, items: Sequence[BatchItem]) -> None:
        """Replace the items and emit the most specific signals that describe the change.

        The view keeps its selection if items were only changed, appended, removed or reordered; any
        other change resets the model.
        """
        old_ids = [item.item_id for item in self._items]
        new_ids = [item.item_id for item in items]
        if new_ids == old_ids:
            self._replace_items(items)
        elif new_ids[: len(old_ids)] == old_ids:
            self.beginInsertRows(QModelIndex(), len(old_ids), len(new_ids) - 1)
            self._items, self._rows_by_id = list(items), None
            self.endInsertRows()
        elif not self._try_remove_items(old_ids, new_ids, items):
            if sorted(new_ids) == sorted(old_ids):
                self._reorder_items(items)
            else:
                self.beginResetModel()
                self._items, self._rows_by_id = list(items), None
                self.endResetModel()

    def _replace_items(self, items: Sequence[BatchItem]) -> None:
        """Replace the items by others with the same ids in the same order; report changed rows."""
        changed_rows = [
            row for row, (a, b) in enumerate(zip(self._items, items, strict=True)) if a is not b
        ]
        self._items = list(items)
        if changed_rows:
            last_column = len(BatchColumn) - 1
            self.dataChanged.emit(
                self.index(changed_rows[0], 0), self.index(changed_rows[-1], last_column)
            )

    def _try_remove_items(
        self, old_ids: Sequence[int], new_ids: Sequence[int], items: Sequence[BatchItem]
    ) -> bool:
        """Remove the rows of items that are not in `items`; return whether this was possible.

        Return False, without a change, if `new_ids` is not `old_ids` with some ids left out, or if
        the rows to remove form too many separate ranges.
        """
        remaining_ids = set(new_ids)
        if [item_id for item_id in old_ids if item_id in remaining_ids] != list(new_ids):
            return False
        removed_rows = [row for row, item_id in enumerate(old_ids) if item_id not in remaining_ids]
        ranges = [
            [row for _, row in row_range]
            for _, row_range in groupby(enumerate(removed_rows), lambda pair: pair[1] - pair[0])
        ]
        if len(ranges) > _MAX_REMOVED_RANGES:
            return False
        for row_range in reversed(ranges):
            self.beginRemoveRows(QModelIndex(), row_range[0], row_range[-1])
            del self._items[row_range[0] : row_range[-1] + 1]
            self._rows_by_id = None
            self.endRemoveRows()
        self._replace_items(items)
        return True

    def _reorder_items(self, items: Sequence[BatchItem]) -> None:
        """Replace the items by the same items in another order; selected items stay selected."""
        self.layoutAboutToBeChanged.emit()
        row_of_id = {item.item_id: row for row, item in enumerate(items)}
        old_indexes = self.persistentIndexList()
        new_indexes = [
            self.createIndex(row_of_id[self._items[index.row()].item_id], index.column())
            for index in old_indexes
        ]
        self._items, self._rows_by_id = list(items), None
        self.changePersistentIndexList(old_indexes, new_indexes)
        self.layoutChanged.emit()

    def _emit_columns_changed(self, first: BatchColumn, last: BatchColumn) -> None:
        if self._items:
            self.dataChanged.emit(self.index(0, first), self.index(len(self._items) - 1, last))

    def _emit_status_changed(self, item_id: int) -> None:
        index = self.index_of_item(item_id)
        if index.isValid():
            cell = index.siblingAtColumn(BatchColumn.STATE)
            self.dataChanged.emit(cell, cell)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._icon_cache.clear()
        self._emit_columns_changed(BatchColumn.STATE, BatchColumn.STATE)
