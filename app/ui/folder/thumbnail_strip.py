"""The thumbnail strip: thumbnails of the images in the folder of the open file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QImage, QPainter, QPalette, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.i18n.translation import tr
from app.imaging.scaling import fit_image
from app.ui.widgets.theme import Icon, Theme
from app.viewmodels.folder.folder_files import FolderFilesState, FolderFilesViewModel

# Logical pixels.
_ITEM_SIZE = QSize(104, 84)
_PADDING = 4
_MARK_SIZE = QSize(18, 18)
_ModelIndex = QModelIndex | QPersistentModelIndex


class _FolderFilesModel(QAbstractListModel):
    """A Qt model with a row per image of the folder, whose details are loaded when painted."""

    def __init__(self, folder_files: FolderFilesViewModel) -> None:
        super().__init__()
        self._folder_files = folder_files
        self._files: tuple[Path, ...] = ()
        self._rows: dict[Path, int] = {}
        folder_files.details_loaded.connect(self._on_details_loaded)
        folder_files.details_cleared.connect(self._on_details_cleared)

    def show_files(self, files: tuple[Path, ...]) -> None:
        if files is not self._files:
            self.beginResetModel()
            self._files = files
            self._rows = {path: row for row, path in enumerate(files)}
            self.endResetModel()

    def path_at(self, row: int) -> Path:
        return self._files[row]

    def rowCount(self, parent: _ModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._files)

    def data(self, index: _ModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        path = self._files[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return path.name
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._describe(path)
            case Qt.ItemDataRole.DecorationRole:
                details = self._folder_files.find_details(path)
                return None if details is None else details.thumbnail
            case Qt.ItemDataRole.CheckStateRole:
                is_restored = self._is_restored(path)
                return Qt.CheckState.Checked if is_restored else Qt.CheckState.Unchecked
        return None

    def _describe(self, path: Path) -> str:
        return (
            tr("{name}, restored").format(name=path.name) if self._is_restored(path) else path.name
        )

    def _is_restored(self, path: Path) -> bool:
        details = self._folder_files.find_details(path)
        return details is not None and details.is_restored

    @Slot(object)
    def _on_details_loaded(self, path: Path) -> None:
        row = self._rows.get(path)
        if row is not None:
            index = self.index(row)
            self.dataChanged.emit(index, index)

    @Slot()
    def _on_details_cleared(self) -> None:
        if self._files:
            self.dataChanged.emit(self.index(0), self.index(len(self._files) - 1))


class _ThumbnailDelegate(QStyledItemDelegate):
    """A delegate that paints a thumbnail, the name below, and a mark on restored files."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _ModelIndex) -> QSize:
        return _ITEM_SIZE

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _ModelIndex) -> None:
        rect: QRect = option.rect
        palette: QPalette = option.palette
        state: QStyle.StateFlag = option.state
        is_selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        if is_selected:
            painter.fillRect(rect, palette.color(QPalette.ColorRole.Highlight))
        name_height = painter.fontMetrics().height()
        image_rect = rect.adjusted(_PADDING, _PADDING, -_PADDING, -_PADDING - name_height)
        image = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(image, QImage):
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(fit_image(image, QRectF(image_rect), max_scale=1), image)
        else:
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1, Qt.PenStyle.DotLine))
            painter.drawRect(image_rect.adjusted(0, 0, -1, -1))
        if Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)) is Qt.CheckState.Checked:
            mark_rect = QRect(image_rect.topRight() - QPoint(_MARK_SIZE.width(), 0), _MARK_SIZE)
            painter.fillRect(mark_rect, palette.color(QPalette.ColorRole.Base))
            self._theme.create_icon(Icon.DONE).paint(painter, mark_rect)
        role = QPalette.ColorRole.HighlightedText if is_selected else QPalette.ColorRole.WindowText
        painter.setPen(palette.color(role))
        name_rect = QRect(
            rect.left() + _PADDING,
            rect.bottom() - name_height,
            rect.width() - 2 * _PADDING,
            name_height,
        )
        name = painter.fontMetrics().elidedText(
            index.data(), Qt.TextElideMode.ElideMiddle, name_rect.width()
        )
        painter.drawText(name_rect, Qt.AlignmentFlag.AlignCenter, name)
        painter.restore()


class ThumbnailStrip(QListView):
    """A row of thumbnails, in which the arrow keys and clicks open files.

    Signals:
        file_requested: A file is to be opened. arg1: its path.
    """

    file_requested = Signal(object)

    def __init__(self, folder_files: FolderFilesViewModel, theme: Theme) -> None:
        super().__init__()
        self._files_model = _FolderFilesModel(folder_files)
        self._is_rendering = False
        self._refused_path: Path | None = None
        self.setModel(self._files_model)
        self._delegate = _ThumbnailDelegate(theme)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(tr("Pictures of the folder"))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setUniformItemSizes(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        scroll_bar_height = self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(_ITEM_SIZE.height() + scroll_bar_height + 2 * self.frameWidth())
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        self.clicked.connect(self._on_clicked)

    def show_state(self, state: FolderFilesState) -> None:
        """Show the files of the folder, with the open file selected and in sight.

        The arrow keys go on from a refused file, which is not selected.
        """
        self._is_rendering = True
        self._files_model.show_files(state.files)
        self._refused_path = state.refused_path
        selection, flags = self.selectionModel(), QItemSelectionModel.SelectionFlag
        if state.position_index is not None:
            position = self._files_model.index(state.position_index)
            selection.setCurrentIndex(position, flags.NoUpdate)
            self.scrollTo(position)
        if state.opened_index is None:
            self.clearSelection()
        else:
            selection.select(self._files_model.index(state.opened_index), flags.ClearAndSelect)
        self._is_rendering = False

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        # A click on the refused file, which is the current one already, tries again.
        path = self._files_model.path_at(index.row())
        if path == self._refused_path:
            self.file_requested.emit(path)

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid() and not self._is_rendering:
            self.file_requested.emit(self._files_model.path_at(current.row()))
