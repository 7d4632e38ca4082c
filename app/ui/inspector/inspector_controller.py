"""What the user goes through to understand a file."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from app.ui.compare.compare_view import CompareView
from app.ui.document.file_panel import FilePanel
from app.ui.inspector.actions import InspectorActions
from app.ui.inspector.inspector_dialog import InspectorDialog
from app.ui.inspector.pixel_readout import ReadoutBar
from app.viewmodels.document.document import DocumentState, DocumentViewModel
from app.viewmodels.document.recompression import RecompressionViewModel
from app.viewmodels.inspector.inspector import InspectorState, InspectorViewModel
from app.viewmodels.inspector.pixel_readout import (
    ReadoutState,
    ReadoutViewModel,
    format_readout,
    format_short_readout,
)
from app.viewmodels.run.run import ResultReady, RunState, RunViewModel


class InspectorController(QObject):
    """Opens the inspector, and keeps it and the read-out at the file and its result.

    Attributes:
        dialog: The inspector.
    """

    def __init__(
        self,
        window: QWidget,
        actions: InspectorActions,
        inspector: InspectorViewModel,
        readout: ReadoutViewModel,
        document: DocumentViewModel,
        recompression: RecompressionViewModel,
        run: RunViewModel,
        *,
        compare_view: CompareView,
        file_panel: FilePanel,
        readout_bar: ReadoutBar,
    ) -> None:
        super().__init__(window)
        self._actions = actions
        self._inspector = inspector
        self._readout = readout
        self._document = document
        self._readout_bar = readout_bar
        self.dialog = InspectorDialog(window)
        self.dialog.band_selected.connect(inspector.select_band)
        self.dialog.visibility_changed.connect(self._on_visibility_changed)
        file_panel.inspect_requested.connect(self.show_dialog)
        actions.open_inspector.triggered.connect(self.show_dialog)
        actions.open_inspector.setEnabled(False)
        compare_view.hovered.connect(readout.set_pointer_position)
        inspector.state_changed.connect(self._on_inspector_changed)
        readout.state_changed.connect(self._on_readout_changed)
        document.state_changed.connect(self._on_document_changed)
        recompression.state_changed.connect(self.dialog.show_recompression)
        run.state_changed.connect(self._on_run_changed)

    @Slot()
    def show_dialog(self) -> None:
        """Open it, or bring it to the front."""
        if self._document.document is not None:
            self.dialog.show()
            self.dialog.activateWindow()

    @Slot(bool)
    def _on_visibility_changed(self, visible: bool) -> None:
        self._inspector.set_visible(visible=visible)

    @Slot(object)
    def _on_inspector_changed(self, state: InspectorState) -> None:
        self.dialog.show_state(state)
        self._readout.set_inspector_state(state)

    @Slot(object)
    def _on_readout_changed(self, state: ReadoutState) -> None:
        inspection = state.inspection
        if inspection is None:
            self._readout_bar.show_parts(())
        else:
            self._readout_bar.show_parts(
                format_readout(inspection), format_short_readout(inspection)
            )

    @Slot(object)
    def _on_document_changed(self, _state: DocumentState) -> None:
        document = self._document.document
        self._actions.open_inspector.setEnabled(document is not None)
        if document is not None:
            self._inspector.show_document(document)

    @Slot(object)
    def _on_run_changed(self, state: RunState) -> None:
        self._inspector.show_result(state.result if isinstance(state, ResultReady) else None)
