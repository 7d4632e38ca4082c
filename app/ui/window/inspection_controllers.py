"""Everything with which the user looks closely."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.ui.compare.compare_view import CompareView
from app.ui.inspector.inspector_controller import InspectorController
from app.ui.inspector.pixel_readout import ReadoutBar
from app.ui.parameters.cost_estimate_controller import CostEstimateController
from app.ui.regions.regions_controller import RegionsController
from app.ui.widgets.bottom_panel import BottomPanel
from app.ui.widgets.dialogs import Dialogs
from app.ui.widgets.message_bar import MessageBar
from app.ui.window.actions import WindowActions
from app.ui.window.side_panel import SidePanel
from app.viewmodels.window.window_view_models import WindowViewModels


class InspectionControllers(QObject):
    """Builds the keepers of crops, inspector, read-out and forecasts."""

    def __init__(
        self,
        window: QWidget,
        actions: WindowActions,
        view_models: WindowViewModels,
        *,
        compare_view: CompareView,
        side_panel: SidePanel,
        readout_bar: ReadoutBar,
        bottom_panel: BottomPanel,
        message_bar: MessageBar,
        dialogs: Dialogs,
    ) -> None:
        super().__init__(window)
        self.regions = RegionsController(
            window,
            actions.regions,
            view_models.regions,
            view_models.contact_sheet,
            view_models.gallery,
            view_models.document,
            view_models.run,
            view_models.compare,
            compare_view=compare_view,
            bottom_panel=bottom_panel,
            message_bar=message_bar,
            dialogs=dialogs,
        )
        self.inspector = InspectorController(
            window,
            actions.inspector,
            view_models.inspector,
            view_models.pixel_readout,
            view_models.document,
            view_models.recompression,
            view_models.run,
            compare_view=compare_view,
            file_panel=side_panel.file_panel,
            readout_bar=readout_bar,
        )

        self._cost_estimate = CostEstimateController(
            window,
            view_models.cost_estimate,
            view_models.document,
            view_models.parameters,
            view_models.run,
            panel=side_panel.parameter_panel,
        )

    def close(self) -> None:
        """What is beside the window, and what has not begun yet."""
        self._cost_estimate.stop()
        self.inspector.dialog.close()
