"""What the window shows while no file is open."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.i18n.translation import tr
from app.ui.widgets.form_controls import faint
from app.ui.widgets.theme import SPACING, Icon, Theme
from app.viewmodels.document.recent import RecentState

_MOST_SHOWN = 5
_LIST_WIDTH = 420
_PATH = Qt.ItemDataRole.UserRole


class EmptyPage(QWidget):
    """Invites to drop, paste or open a picture, or to open one of before again.

    Signals:
        open_wanted: The button was pressed.
        file_wanted: One of the files of before is wanted. arg1: its path.
    """

    open_wanted = Signal()
    file_wanted = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("empty")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._picture = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        title = QLabel(tr("Drop a JPEG here"), alignment=Qt.AlignmentFlag.AlignCenter)
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.6)
        title.setFont(font)
        words = QLabel(
            tr(
                "or a PNG, TIFF, WebP or BMP that once was one,\n"
                "or paste a file with Ctrl+V. Nothing is sent anywhere."
            ),
            alignment=Qt.AlignmentFlag.AlignCenter,
        )
        self.button = QPushButton(tr("Open…"))
        self.button.setAccessibleName(tr("Open"))
        self.button.setToolTip(tr("Open a JPEG, or a picture that once was one (Ctrl+O)"))
        self.button.clicked.connect(self.open_wanted)
        self._heading = faint(tr("Opened before"))
        self.recent = _Files()
        self.recent.chosen.connect(self._on_chosen)
        layout = QVBoxLayout(self)
        layout.setSpacing(SPACING)
        layout.addStretch(1)
        for widget in (self._picture, title, words):
            layout.addWidget(widget)
        layout.addSpacing(SPACING)
        layout.addWidget(self.button, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(2 * SPACING)
        for part in (self._heading, self.recent):
            layout.addWidget(part, alignment=Qt.AlignmentFlag.AlignHCenter)
            part.setFixedWidth(_LIST_WIDTH)
        layout.addStretch(1)
        theme.changed.connect(self._draw)
        self._draw()

    def show_recent(self, state: RecentState) -> None:
        """The latest of them, those that are there."""
        there = [path for path in state.files if path not in state.missing]
        self.recent.show_files(there[:_MOST_SHOWN])
        for part in (self._heading, self.recent):
            part.setVisible(bool(there))

    @Slot(QListWidgetItem)
    def _on_chosen(self, item: QListWidgetItem) -> None:
        self.file_wanted.emit(item.data(_PATH))

    @Slot()
    def _draw(self) -> None:
        self._picture.setPixmap(self._theme.icon(Icon.PICTURE).pixmap(64, 64))


class _Files(QListWidget):
    """Names and folders; a click or Return chooses one.

    Signals:
        chosen: arg1: the item.
    """

    chosen = Signal(QListWidgetItem)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("recent")
        self.setAccessibleName(tr("Files that were opened before"))
        self.setToolTip(tr("Click, or press Return, to open the file again"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemClicked.connect(self.chosen)

    def show_files(self, paths: list[Path]) -> None:
        self.clear()
        fits = self.fontMetrics()
        room = _LIST_WIDTH - 4 * SPACING
        for path in paths:
            folder = fits.elidedText(str(path.parent), Qt.TextElideMode.ElideMiddle, room)
            name = fits.elidedText(path.name, Qt.TextElideMode.ElideMiddle, room)
            item = QListWidgetItem(f"{name}\n{folder}", self)
            item.setData(_PATH, path)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, str(path))
            item.setToolTip(str(path))
        if paths:
            self.setCurrentRow(0)
            rows = len(paths) * self.sizeHintForRow(0)
            self.setFixedHeight(rows + 2 * self.frameWidth())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item is not None:
            self.chosen.emit(item)
        else:
            super().keyPressEvent(event)
