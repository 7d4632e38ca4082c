"""The page that the window shows while no file is open."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.config.resources import EXAMPLE_IMAGE_PATH
from app.i18n.translation import tr
from app.ui.document.hint_bar import HintBar
from app.ui.widgets.form_controls import create_push_button, create_secondary_label
from app.ui.widgets.theme import SPACING, Icon, Theme
from app.viewmodels.document.recent_files import RecentFilesState

_MAX_LISTED_FILES = 5
_LIST_WIDTH = 420
_SAMPLE_ICON_SIZE = QSize(42, 28)
_BUTTON_HEIGHT, _MIN_BUTTON_WIDTH = 40, 150
_PATH_ROLE = Qt.ItemDataRole.UserRole


class WelcomePage(QWidget):
    """An invitation to drop, paste or open an image, with a list of recent files.

    Signals:
        open_requested: The open button was clicked.
        sample_requested: The button for the sample picture was clicked.
        recent_file_requested: A recent file was activated. arg1: its path.

    Attributes:
        hint_bar: The hints that the window shows above the first pictures.
    """

    open_requested = Signal()
    sample_requested = Signal()
    recent_file_requested = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("empty")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self.hint_bar = HintBar()
        self._icon_label = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        title_label = QLabel(tr("Drop photos or a folder"), alignment=Qt.AlignmentFlag.AlignCenter)
        font = title_label.font()
        font.setPointSizeF(font.pointSizeF() * 1.6)
        title_label.setFont(font)
        hint_label = QLabel(
            tr(
                "JPEGs, or PNG, TIFF, WebP and BMP files that were JPEGs before,\n"
                "or paste with Ctrl+V. Nothing is sent anywhere."
            ),
            alignment=Qt.AlignmentFlag.AlignCenter,
        )
        self.open_button = create_push_button(
            tr("Open…"), tr("Open a JPEG, or a picture that once was one (Ctrl+O)")
        )
        self.open_button.setObjectName("prominent")
        self.open_button.clicked.connect(self.open_requested)
        self.sample_button = create_push_button(
            tr("Try the sample"), tr("Open the sample picture that comes with the program")
        )
        self.sample_button.setIcon(QIcon(str(EXAMPLE_IMAGE_PATH)))
        self.sample_button.setIconSize(_SAMPLE_ICON_SIZE)
        self.sample_button.clicked.connect(self.sample_requested)
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * SPACING)
        buttons.addStretch(1)
        for button in (self.open_button, self.sample_button):
            button.setFixedHeight(_BUTTON_HEIGHT)
            button.setMinimumWidth(_MIN_BUTTON_WIDTH)
            buttons.addWidget(button)
        buttons.addStretch(1)
        self._recent_heading = create_secondary_label(tr("Recent"))
        self.recent_file_list = _RecentFileList()
        self.recent_file_list.file_activated.connect(self._on_file_activated)
        layout = QVBoxLayout(self)
        layout.setSpacing(SPACING)
        layout.addStretch(1)
        for widget in (self._icon_label, title_label, hint_label):
            layout.addWidget(widget)
        layout.addSpacing(SPACING)
        layout.addLayout(buttons)
        layout.addSpacing(2 * SPACING)
        for recent_widget in (self._recent_heading, self.recent_file_list):
            layout.addWidget(recent_widget, alignment=Qt.AlignmentFlag.AlignHCenter)
            recent_widget.setFixedWidth(_LIST_WIDTH)
        layout.addStretch(1)
        theme.colors_changed.connect(self._update_icon)
        self._update_icon()

    def show_recent_files(self, state: RecentFilesState) -> None:
        """List the most recent files that still exist."""
        existing_files = [path for path in state.files if path not in state.missing_files]
        self.recent_file_list.show_files(existing_files[:_MAX_LISTED_FILES])
        for recent_widget in (self._recent_heading, self.recent_file_list):
            recent_widget.setVisible(bool(existing_files))

    @Slot(QListWidgetItem)
    def _on_file_activated(self, item: QListWidgetItem) -> None:
        self.recent_file_requested.emit(item.data(_PATH_ROLE))

    @Slot()
    def _update_icon(self) -> None:
        self._icon_label.setPixmap(self._theme.create_icon(Icon.OPEN_IMAGE).pixmap(64, 64))


class _RecentFileList(QListWidget):
    """A list of file names and folders; a click or Return activates a file.

    Signals:
        file_activated: A file was activated. arg1: its item.
    """

    file_activated = Signal(QListWidgetItem)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("recent")
        self.setAccessibleName(tr("Recent files"))
        self.setToolTip(tr("Click, or press Return, to open the file again"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.itemClicked.connect(self.file_activated)

    def show_files(self, paths: list[Path]) -> None:
        self.clear()
        for path in paths:
            item = QListWidgetItem(f"{path.name}\n{path.parent}", self)
            item.setData(_PATH_ROLE, path)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, str(path))
            item.setToolTip(str(path))
        if paths:
            self.setCurrentRow(0)
            self._fit_height()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit_height()  # the style sheet, which gives rows their height, applies by now

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._fit_height()

    def _fit_height(self) -> None:
        """Make the list as high as its rows."""
        self.setFixedHeight(self.count() * self.sizeHintForRow(0) + 2 * self.frameWidth())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item is not None:
            self.file_activated.emit(item)
        else:
            super().keyPressEvent(event)
