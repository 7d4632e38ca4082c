"""The layout of the window while a folder is shown and no file is open."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from app.ui.widgets.bottom_panel import BottomPanel
from app.viewmodels.batch.batch_state import BatchState
from app.viewmodels.state_view_model import StateViewModel

_LIST_SHARE = 0.58


class FolderLayout(QObject):
    """A switch between the welcome page and the picture of the folder.

    The picture takes the place of the page while the bottom panel is open, the batch has items and
    no file is open. The list below then gets more than half of the height.
    """

    def __init__(
        self,
        central_stack: QStackedWidget,
        splitter: QSplitter,
        welcome_page: QWidget,
        batch_preview: QWidget,
        batch: StateViewModel[BatchState],
        bottom_panel: BottomPanel,
    ) -> None:
        """Add the picture to the stack, and follow the batch.

        Args:
            central_stack: Stack of the welcome page and the panes.
            splitter: Splitter of the stack, above, and the bottom panel.
            welcome_page: Page that is shown without files.
            batch_preview: Picture of the folder.
            batch: View model of the batch.
            bottom_panel: Panel with the list of the batch.
        """
        super().__init__(central_stack)
        self._central_stack, self._splitter = central_stack, splitter
        self._welcome_page, self._batch_preview = welcome_page, batch_preview
        self._batch, self._bottom_panel = batch, bottom_panel
        self._former_sizes: list[int] | None = None
        central_stack.addWidget(batch_preview)
        central_stack.currentChanged.connect(self._update_sizes)
        batch.state_changed.connect(self._update_shown_widget)
        bottom_panel.page_shown.connect(self._update_shown_widget)
        bottom_panel.closed.connect(self._update_shown_widget)

    def restore_sizes(self) -> None:
        """Give the list the height that it had before."""
        if self._former_sizes is not None:
            self._splitter.setSizes(self._former_sizes)
            self._former_sizes = None

    @Slot()
    def _update_shown_widget(self) -> None:
        shown = self._central_stack.currentWidget()
        is_folder_shown = bool(self._batch.state.items) and not self._bottom_panel.isHidden()
        if shown is self._welcome_page and is_folder_shown:
            self._central_stack.setCurrentWidget(self._batch_preview)
        elif shown is self._batch_preview and not is_folder_shown:
            self._central_stack.setCurrentWidget(self._welcome_page)

    @Slot()
    def _update_sizes(self) -> None:
        if self._central_stack.currentWidget() is not self._batch_preview:
            self.restore_sizes()
        elif self._former_sizes is None:
            self._former_sizes = self._splitter.sizes()
            height = self._splitter.height()
            list_height = round(_LIST_SHARE * height)
            self._splitter.setSizes([height - list_height, list_height])
