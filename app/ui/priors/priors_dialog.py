"""The dialog of priors."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.i18n.translation import tr
from app.ui.priors.prior_details import PriorDetails
from app.ui.priors.task_progress_bar import TaskProgressBar
from app.ui.widgets.dialogs import Dialogs, confirm, open_folder
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.message_bar import MessageBar
from app.ui.widgets.theme import MARGIN, SPACING, Theme
from app.viewmodels.priors.priors import (
    DownloadingPrior,
    NoPriorTask,
    PriorsState,
    PriorsViewModel,
    PriorTaskNotice,
)
from app.viewmodels.priors.priors_text import (
    BUNDLED_PRIOR_NAME,
    download_question,
    prior_list_text,
    remove_prior_question,
)

_DEFAULT_SIZE = QSize(780, 560)
_MIN_SIZE = QSize(560, 380)
_LIST_WIDTH = 220


class PriorsDialog(QDialog):
    """A modeless dialog with the list of priors and the details of the selected prior.

    The dialog can be closed while a prior task is running.

    Signals:
        use_requested: The use button was clicked. arg1: name of the prior.
    """

    use_requested = Signal(str)

    def __init__(
        self, parent: QWidget, priors: PriorsViewModel, theme: Theme, *, dialogs: Dialogs
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Models"))
        self._priors = priors
        self._dialogs = dialogs
        self._shown_notice: PriorTaskNotice | None = None
        self._pending_name: str | None = None
        self._used_name = BUNDLED_PRIOR_NAME
        self.message_bar = MessageBar(theme)
        self.prior_list = QListWidget()
        self.prior_list.setObjectName("priors")
        self.prior_list.setAccessibleName(tr("Models"))
        self.prior_list.setFixedWidth(_LIST_WIDTH)
        self.prior_list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.details = PriorDetails()
        self.task_bar = TaskProgressBar(theme)
        self.folder_label = ElidedLabel(Qt.TextElideMode.ElideMiddle)
        self.import_button = QPushButton(tr("&Import…"))
        self.import_button.setAccessibleName(tr("Import a model"))
        self.import_button.setToolTip(
            tr("Check a model's file and keep a copy: .safetensors, or .pt")
        )
        self.open_folder_button = QPushButton(tr("Open &folder"))
        self.open_folder_button.setAccessibleName(tr("Open the folder of the models"))
        self.open_folder_button.setToolTip(tr("Show where imported and downloaded priors are kept"))
        self._lay_out()
        self._connect_signals()
        self._render(priors.state)

    def sizeHint(self) -> QSize:
        return _DEFAULT_SIZE

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.prior_list.setFocus()
        self._priors.describe_priors()

    def select_prior(self, name: str) -> None:
        """Select a prior as soon as the catalog lists the prior."""
        self._pending_name = name
        self._render(self._priors.state)

    def show_used_prior(self, name: str) -> None:
        """Mark the prior with this name as the one that the next run will use."""
        self._used_name = name
        self._on_selection_changed()

    @Slot()
    def ask_import(self) -> None:
        """Ask for a prior file and import the file, if one is chosen."""
        path = self._dialogs.ask_prior_file(self)
        if path is not None:
            self._priors.import_file(path)

    @Slot()
    def ask_download(self) -> None:
        """Ask whether to download the selected prior, and download the prior on acceptance."""
        state = self._priors.state
        entry = state.find_entry(self._selected_name)
        if entry is None or entry.published is None or entry.path is not None:
            return
        question = download_question(
            entry, entry.published, folder=state.folder, free_bytes=state.free_bytes
        )
        confirm(
            self,
            question,
            accept_label=tr("Download"),
            on_accept=partial(self._priors.download, entry.name),
        )

    @property
    def _selected_name(self) -> str:
        item = self.prior_list.currentItem()
        return "" if item is None else str(item.data(Qt.ItemDataRole.UserRole))

    def _lay_out(self) -> None:
        self.setMinimumSize(_MIN_SIZE)
        middle_row = QHBoxLayout()
        middle_row.setContentsMargins(MARGIN, MARGIN, MARGIN, 0)
        middle_row.setSpacing(MARGIN)
        middle_row.addWidget(self.prior_list)
        middle_row.addWidget(self.details, 1)
        bottom = QFrame()
        bottom.setObjectName("run")
        bottom_row = QHBoxLayout(bottom)
        bottom_row.setContentsMargins(MARGIN, SPACING, MARGIN, SPACING)
        bottom_row.setSpacing(SPACING)
        bottom_row.addWidget(self.import_button)
        bottom_row.addWidget(self.open_folder_button)
        bottom_row.addWidget(self.folder_label, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.message_bar)
        layout.addLayout(middle_row, 1)
        layout.addSpacing(MARGIN)
        layout.addWidget(self.task_bar)
        layout.addWidget(bottom)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)

    def _connect_signals(self) -> None:
        details = self.details
        self.prior_list.currentRowChanged.connect(self._on_selection_changed)
        self.import_button.clicked.connect(self.ask_import)
        self.open_folder_button.clicked.connect(self._open_folder)
        self.task_bar.cancel_requested.connect(self._priors.cancel_download)
        details.use_button.clicked.connect(lambda _: self.use_requested.emit(self._selected_name))
        details.download_button.clicked.connect(self.ask_download)
        details.verify_button.clicked.connect(lambda _: self._priors.verify(self._selected_name))
        details.remove_button.clicked.connect(self._ask_remove)
        self._priors.state_changed.connect(self._render)

    @Slot()
    def _on_selection_changed(self) -> None:
        name = self._selected_name
        self.details.show_prior(name, self._priors.state, is_used=name == self._used_name)

    @Slot()
    def _ask_remove(self) -> None:
        name = self._selected_name
        confirm(
            self,
            remove_prior_question(name),
            accept_label=tr("Remove"),
            on_accept=partial(self._priors.remove, name),
        )

    @Slot()
    def _open_folder(self) -> None:
        folder = self._priors.state.folder
        if folder is not None:
            open_folder(self._dialogs, folder, self.message_bar)

    @Slot(object)
    def _render(self, state: PriorsState) -> None:
        self._render_list(state)
        self.task_bar.show_task(state.task)
        is_idle = isinstance(state.task, NoPriorTask)
        self.import_button.setEnabled(is_idle)
        self.open_folder_button.setEnabled(state.folder is not None)
        self.folder_label.show_text(str(state.folder or ""))
        folder_text = tr("Folder: not known yet")
        if state.folder is not None:
            folder_text = tr("Folder: {folder}").format(folder=state.folder)
        self.folder_label.setAccessibleName(folder_text)
        self._render_notice(state)

    def _render_list(self, state: PriorsState) -> None:
        downloading_name = state.task.name if isinstance(state.task, DownloadingPrior) else None
        names = [entry.name for entry in state.entries]
        row = next(
            (names.index(n) for n in (self._pending_name, self._selected_name) if n in names), 0
        )
        if self._pending_name in names:
            self._pending_name = None
        with QSignalBlocker(self.prior_list):
            while self.prior_list.count() > len(state.entries):
                self.prior_list.takeItem(self.prior_list.count() - 1)
            for index, entry in enumerate(state.entries):
                item = self.prior_list.item(index) or QListWidgetItem(self.prior_list)
                item.setText(prior_list_text(entry, is_downloading=entry.name == downloading_name))
                item.setData(Qt.ItemDataRole.UserRole, entry.name)
            self.prior_list.setCurrentRow(row)
        self._on_selection_changed()

    def _render_notice(self, state: PriorsState) -> None:
        if state.notice is self._shown_notice:
            return
        self._shown_notice = state.notice
        match state.notice:
            case None:
                self.message_bar.hide()
            case PriorTaskNotice(message=message, is_failure=True):
                self.message_bar.show_error(message)
            case PriorTaskNotice(message=message, imported_name=imported_name):
                self.message_bar.show_info(message)
                self._pending_name = imported_name or self._pending_name
