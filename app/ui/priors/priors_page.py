"""The page of the priors."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.i18n.translation import tr
from app.ui.priors.prior_details import PriorDetails
from app.ui.priors.task_progress_bar import WorkBar
from app.ui.widgets.dialogs import FileDialogs, confirm, open_folder
from app.ui.widgets.message_bar import MessageBar
from app.ui.widgets.theme import MARGIN, SPACING, Theme
from app.viewmodels.priors.priors import Downloading, PriorsState, PriorsViewModel, Resting, Told
from app.viewmodels.priors.priors_text import (
    BUNDLED_NAME,
    download_question,
    list_words,
    remove_question,
)

_FIRST_SIZE = QSize(780, 560)
_LEAST_SIZE = QSize(560, 380)
_LIST_WIDTH = 220
_BESIDE_FOLDER = 240


class PriorsPage(QDialog):
    """All priors, what is known of the selected one, and what can be done.

    It can stay open beside the window, and be closed while something is being done.

    Signals:
        use_wanted: A prior is to be restored with. arg1: its name.
    """

    use_wanted = Signal(str)

    def __init__(
        self, parent: QWidget, priors: PriorsViewModel, theme: Theme, *, dialogs: FileDialogs
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Priors"))
        self._priors = priors
        self._dialogs = dialogs
        self._told: Told | None = None
        self._wanted: str | None = None
        self._used = BUNDLED_NAME
        self.message = MessageBar(theme)
        self.list = QListWidget()
        self.list.setObjectName("priors")
        self.list.setAccessibleName(tr("Priors"))
        self.list.setFixedWidth(_LIST_WIDTH)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.details = PriorDetails()
        self.work = WorkBar(theme)
        self.folder = QLabel()
        self.import_ = QPushButton(tr("&Import…"))
        self.import_.setAccessibleName(tr("Import a prior"))
        self.import_.setToolTip(tr("Check a prior's file and keep a copy: .safetensors, or .pt"))
        self.show_folder = QPushButton(tr("Open &folder"))
        self.show_folder.setAccessibleName(tr("Open the folder of the priors"))
        self.show_folder.setToolTip(tr("Show where imported and downloaded priors are kept"))
        self._lay_out()
        self._connect()
        self._render(priors.state)

    def sizeHint(self) -> QSize:
        return _FIRST_SIZE

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.list.setFocus()
        self._priors.look()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_folder()

    def select(self, name: str) -> None:
        """Show what is known of a prior, once that is known."""
        self._wanted = name
        self._render(self._priors.state)

    def show_used(self, name: str) -> None:
        """Say which prior is restored with."""
        self._used = name
        self._on_selected()

    @Slot()
    def ask_import(self) -> None:
        """Nothing happens where the user takes no file."""
        path = self._dialogs.ask_prior(self)
        if path is not None:
            self._priors.import_file(path)

    @Slot()
    def ask_download(self) -> None:
        """Say what the selected prior's download means, and do it where that is agreed to."""
        state = self._priors.state
        card = state.card(self._selected)
        if card is None or card.published is None or card.path is not None:
            return
        question = download_question(card, card.published, folder=state.folder, free=state.free)
        confirm(self, question, yes=tr("Download"), act=partial(self._priors.download, card.name))

    @property
    def _selected(self) -> str:
        item = self.list.currentItem()
        return "" if item is None else str(item.data(Qt.ItemDataRole.UserRole))

    def _lay_out(self) -> None:
        self.setMinimumSize(_LEAST_SIZE)
        middle = QHBoxLayout()
        middle.setContentsMargins(MARGIN, MARGIN, MARGIN, 0)
        middle.setSpacing(MARGIN)
        middle.addWidget(self.list)
        middle.addWidget(self.details, 1)
        bottom = QFrame()
        bottom.setObjectName("run")
        row = QHBoxLayout(bottom)
        row.setContentsMargins(MARGIN, SPACING, MARGIN, SPACING)
        row.setSpacing(SPACING)
        row.addWidget(self.import_)
        row.addWidget(self.show_folder)
        row.addWidget(self.folder, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.message)
        layout.addLayout(middle, 1)
        layout.addSpacing(MARGIN)
        layout.addWidget(self.work)
        layout.addWidget(bottom)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)

    def _connect(self) -> None:
        details = self.details
        self.list.currentRowChanged.connect(self._on_selected)
        self.import_.clicked.connect(self.ask_import)
        self.show_folder.clicked.connect(self._on_show_folder)
        self.work.cancel_wanted.connect(self._priors.cancel)
        details.use.clicked.connect(lambda _: self.use_wanted.emit(self._selected))
        details.download.clicked.connect(self.ask_download)
        details.verify.clicked.connect(lambda _: self._priors.verify(self._selected))
        details.remove.clicked.connect(self._on_remove)
        self._priors.state_changed.connect(self._render)

    @Slot()
    def _on_selected(self) -> None:
        name = self._selected
        self.details.show_prior(name, self._priors.state, used=name == self._used)

    @Slot()
    def _on_remove(self) -> None:
        name = self._selected
        confirm(
            self, remove_question(name), yes=tr("Remove"), act=partial(self._priors.remove, name)
        )

    @Slot()
    def _on_show_folder(self) -> None:
        folder = self._priors.state.folder
        if folder is not None:
            open_folder(self._dialogs, folder, self.message)

    @Slot(object)
    def _render(self, state: PriorsState) -> None:
        self._render_list(state)
        self.work.show_work(state.work)
        resting = isinstance(state.work, Resting)
        self.import_.setEnabled(resting)
        self.show_folder.setEnabled(state.folder is not None)
        self.folder.setToolTip(str(state.folder or ""))
        name = tr("Folder: not known yet")
        if state.folder is not None:
            name = tr("Folder: {folder}").format(folder=state.folder)
        self.folder.setAccessibleName(name)
        self._fit_folder()
        self._render_told(state)

    def _fit_folder(self) -> None:
        path, metrics = self.folder.toolTip(), self.folder.fontMetrics()
        width = self.width() - _BESIDE_FOLDER
        self.folder.setText(metrics.elidedText(path, Qt.TextElideMode.ElideMiddle, width))

    def _render_list(self, state: PriorsState) -> None:
        coming = state.work.name if isinstance(state.work, Downloading) else None
        names = [card.name for card in state.cards]
        row = next((names.index(n) for n in (self._wanted, self._selected) if n in names), 0)
        if self._wanted in names:
            self._wanted = None
        self.list.blockSignals(True)
        while self.list.count() > len(state.cards):
            self.list.takeItem(self.list.count() - 1)
        for index, card in enumerate(state.cards):
            item = self.list.item(index) or QListWidgetItem(self.list)
            item.setText(list_words(card, coming=card.name == coming))
            item.setData(Qt.ItemDataRole.UserRole, card.name)
        self.list.setCurrentRow(row)
        self.list.blockSignals(False)
        self._on_selected()

    def _render_told(self, state: PriorsState) -> None:
        if state.told is self._told:
            return
        self._told = state.told
        match state.told:
            case None:
                self.message.hide()
            case Told(message=message, failed=True):
                self.message.show_failure(message)
            case Told(message=message, came=came):
                self.message.show_note(message)
                self._wanted = came or self._wanted
