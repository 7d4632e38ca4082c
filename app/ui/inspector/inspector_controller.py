"""What the user goes through to understand a file."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from app.ui.compare.compare_view import CompareView
from app.ui.document.file_panel import FilePanel
from app.ui.inspector.actions import InspectorActions
from app.ui.inspector.inspector_page import InspectorPage
from app.ui.inspector.pixel_readout import ReadoutBar
from app.viewmodels.document.document import DocumentState, DocumentViewModel
from app.viewmodels.document.recompression import RecompressionViewModel
from app.viewmodels.inspector.inspector import InspectorState, InspectorViewModel
from app.viewmodels.inspector.pixel_readout import (
    ReadoutState,
    ReadoutViewModel,
    readout_short,
    readout_words,
)
from app.viewmodels.run.run import Done, RunState, RunViewModel


class InspectorKeeper(QObject):
    """Opens the inspector, and keeps it and the read-out at the file and its result.

    Attributes:
        page: The inspector.
    """

    def __init__(
        self,
        window: QWidget,
        actions: InspectorActions,
        inspector: InspectorViewModel,
        readout: ReadoutViewModel,
        document: DocumentViewModel,
        history: RecompressionViewModel,
        run: RunViewModel,
        *,
        canvas: CompareView,
        panel: FilePanel,
        bar: ReadoutBar,
    ) -> None:
        super().__init__(window)
        self._actions = actions
        self._inspector = inspector
        self._readout = readout
        self._document = document
        self._bar = bar
        self.page = InspectorPage(window)
        self.page.band_chosen.connect(inspector.choose)
        self.page.seen.connect(self._on_seen)
        panel.inspect_requested.connect(self.show_page)
        actions.inspect.triggered.connect(self.show_page)
        actions.inspect.setEnabled(False)
        canvas.hovered.connect(readout.point_at)
        inspector.state_changed.connect(self._on_inspected)
        readout.state_changed.connect(self._on_readout)
        document.state_changed.connect(self._on_document_changed)
        history.state_changed.connect(self.page.show_history)
        run.state_changed.connect(self._on_run_changed)

    @Slot()
    def show_page(self) -> None:
        """Open it, or bring it to the front."""
        if self._document.document is not None:
            self.page.show()
            self.page.activateWindow()

    @Slot(bool)
    def _on_seen(self, seen: bool) -> None:
        self._inspector.look(wanted=seen)

    @Slot(object)
    def _on_inspected(self, state: InspectorState) -> None:
        self.page.show_state(state)
        self._readout.inspect(state)

    @Slot(object)
    def _on_readout(self, state: ReadoutState) -> None:
        found = state.found
        if found is None:
            self._bar.show_parts(())
        else:
            self._bar.show_parts(readout_words(found), readout_short(found))

    @Slot(object)
    def _on_document_changed(self, _state: DocumentState) -> None:
        document = self._document.document
        self._actions.inspect.setEnabled(document is not None)
        if document is not None:
            self._inspector.show_document(document)

    @Slot(object)
    def _on_run_changed(self, state: RunState) -> None:
        self._inspector.show_result(state.restored if isinstance(state, Done) else None)
