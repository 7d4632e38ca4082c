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
from app.viewmodels.compare.compare import CompareViewModel
from app.viewmodels.compare.gallery import GalleryViewModel
from app.viewmodels.document.document import DocumentViewModel
from app.viewmodels.document.recompression import RecompressionViewModel
from app.viewmodels.parameters.parameters import ParametersViewModel
from app.viewmodels.run.run import RunViewModel
from app.viewmodels.window.inspection_view_models import InspectionViewModels


class InspectionControllers(QObject):
    """Builds the keepers of crops, inspector, read-out and forecasts."""

    def __init__(
        self,
        window: QWidget,
        actions: WindowActions,
        view_models: InspectionViewModels,
        document: DocumentViewModel,
        recompression: RecompressionViewModel,
        run: RunViewModel,
        gallery: GalleryViewModel,
        compare: CompareViewModel,
        parameters: ParametersViewModel,
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
            gallery,
            document,
            run,
            compare,
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
            document,
            recompression,
            run,
            compare_view=compare_view,
            file_panel=side_panel.file_panel,
            readout_bar=readout_bar,
        )

        self._cost_estimate = CostEstimateController(
            window,
            view_models.cost_estimate,
            document,
            parameters,
            run,
            panel=side_panel.parameter_panel,
        )

    def close(self) -> None:
        """What is beside the window, and what has not begun yet."""
        self._cost_estimate.stop()
        self.inspector.dialog.close()
