"""The controller of the inspector and the pixel readout."""

from __future__ import annotations

from PySide6.QtCore import Slot

from app.ui.compare.compare_view import CompareView
from app.ui.document.file_panel import FilePanel
from app.ui.inspector.actions import InspectorActions
from app.ui.inspector.inspector_dialog import InspectorDialog
from app.ui.inspector.pixel_readout import ReadoutBar
from app.ui.window_context import Controller, WindowContext
from app.viewmodels.inspector.pixel_readout import (
    ReadoutState,
    format_readout,
    format_short_readout,
)


class InspectorController(Controller):
    """The controller that connects inspector and readout with the compare view and the file.

    Attributes:
        dialog: The inspector's dialog.
    """

    def __init__(
        self,
        context: WindowContext,
        actions: InspectorActions,
        compare_view: CompareView,
        file_panel: FilePanel,
        readout_bar: ReadoutBar,
    ) -> None:
        super().__init__(context)
        view_models = context.view_models
        self._actions = actions
        self._document = view_models.document
        self._readout_bar = readout_bar
        self.dialog = InspectorDialog(context.window)
        self.dialog.band_selected.connect(view_models.inspector.select_band)
        self.dialog.visibility_changed.connect(view_models.inspector.set_visible)
        file_panel.inspect_requested.connect(self.show_dialog)
        actions.open_inspector.triggered.connect(self.show_dialog)
        actions.open_inspector.setEnabled(False)
        compare_view.hovered.connect(view_models.pixel_readout.set_pointer_position)
        view_models.inspector.state_changed.connect(self.dialog.show_state)
        view_models.pixel_readout.state_changed.connect(self._on_readout_changed)
        view_models.document.state_changed.connect(self._on_document_changed)
        view_models.recompression.state_changed.connect(self.dialog.show_recompression)

    @Slot()
    def show_dialog(self) -> None:
        """Open the inspector, or bring its dialog to the front."""
        if self._document.document is not None:
            self.dialog.show()
            self.dialog.activateWindow()

    @Slot(object)
    def _on_readout_changed(self, state: ReadoutState) -> None:
        inspection = state.inspection
        if inspection is None:
            self._readout_bar.show_parts(())
        else:
            self._readout_bar.show_parts(
                format_readout(inspection), format_short_readout(inspection)
            )

    @Slot()
    def _on_document_changed(self) -> None:
        self._actions.open_inspector.setEnabled(self._document.document is not None)
