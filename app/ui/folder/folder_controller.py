"""The controller of walking through the folder of the open file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, Slot

from app.ui.batch.actions import BatchActions
from app.ui.folder.thumbnail_strip import ThumbnailStrip
from app.ui.widgets.dialogs import open_folder
from app.ui.window_context import Controller, WindowContext
from app.viewmodels.batch.batch_events import BatchEvent, BatchFinished
from app.viewmodels.document.document import OpenRequest


class FolderController(Controller):
    """The controller that connects the thumbnail strip with the folder of the open file.

    Attributes:
        strip: The thumbnail strip.

    Signals:
        open_requested: A file is to be opened. arg1: OpenRequest.
    """

    open_requested = Signal(object)

    def __init__(self, context: WindowContext, actions: BatchActions) -> None:
        super().__init__(context)
        view_models = context.view_models
        self._actions = actions
        self._folder_files = view_models.folder_files
        self._document = view_models.document
        self._bottom_panel = context.bottom_panel
        self.strip = ThumbnailStrip(self._folder_files, context.theme)
        actions.show_thumbnail_strip.setChecked(True)
        actions.show_thumbnail_strip.toggled.connect(self._render)
        actions.show_open_file.triggered.connect(self._show_in_folder)
        self.strip.file_requested.connect(self._open_path)
        self._bottom_panel.page_shown.connect(self._render)
        self._bottom_panel.closed.connect(self._render)
        self._folder_files.state_changed.connect(self._render)
        view_models.batch.event_occurred.connect(self._on_batch_event)
        self._document.state_changed.connect(self._render)
        for view_model in (view_models.saving, view_models.unsaved_results):
            view_model.result_saved.connect(self._folder_files.refresh)
        self._render()

    def open_neighbor(self, offset: int) -> None:
        """Open the previous (-1) or next (+1) file of the folder, if there is one."""
        path = self._folder_files.state.find_neighbor(offset)
        if path is not None:
            self._open_path(path)

    @Slot(object)
    def _open_path(self, path: Path) -> None:
        self.open_requested.emit(OpenRequest(path))
        # The user may have decided against leaving the open file.
        self._render()

    @Slot(object)
    def _on_batch_event(self, event: BatchEvent) -> None:
        if isinstance(event, BatchFinished):
            self._folder_files.refresh()

    @Slot()
    def _show_in_folder(self) -> None:
        document = self._document.document
        if document is not None:
            open_folder(self._dialogs, document.source.path.parent, self._message_bar)

    @Slot()
    def _render(self) -> None:
        state, document = self._folder_files.state, self._document.document
        self._actions.show_open_file.setEnabled(document is not None and not document.is_pasted)
        self.strip.show_state(state)
        # Both below the image would leave it too little space.
        is_hidden = not self._bottom_panel.isHidden() or self._window.isFullScreen()
        is_wanted = self._actions.show_thumbnail_strip.isChecked() and len(state.files) > 1
        self.strip.setVisible(is_wanted and not is_hidden)
