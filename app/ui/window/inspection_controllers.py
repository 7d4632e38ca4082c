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
from app.ui.window.actions import Actions
from app.ui.window.side_panel import SidePanel
from app.viewmodels.compare.compare import CompareViewModel
from app.viewmodels.compare.gallery import GalleryViewModel
from app.viewmodels.document.document import DocumentViewModel
from app.viewmodels.document.recompression import RecompressionViewModel
from app.viewmodels.parameters.parameters import ParametersViewModel
from app.viewmodels.run.run import RunViewModel
from app.viewmodels.window.inspection_view_models import UnderstandViewModels


class Understand(QObject):
    """Builds the keepers of crops, inspector, read-out and forecasts."""

    def __init__(
        self,
        window: QWidget,
        actions: Actions,
        models: UnderstandViewModels,
        document: DocumentViewModel,
        history: RecompressionViewModel,
        run: RunViewModel,
        gallery: GalleryViewModel,
        compare: CompareViewModel,
        parameters: ParametersViewModel,
        *,
        canvas: CompareView,
        panel: SidePanel,
        readout: ReadoutBar,
        drawer: BottomPanel,
        message: MessageBar,
        dialogs: Dialogs,
    ) -> None:
        super().__init__(window)
        self.crops = RegionsController(
            window,
            actions.crops,
            models.crops,
            models.sheet,
            gallery,
            document,
            run,
            compare,
            compare_view=canvas,
            bottom_panel=drawer,
            message_bar=message,
            dialogs=dialogs,
        )
        self.inspector = InspectorController(
            window,
            actions.inspector,
            models.inspector,
            models.readout,
            document,
            history,
            run,
            compare_view=canvas,
            file_panel=panel.file,
            readout_bar=readout,
        )

        self._forecast = CostEstimateController(
            window, models.forecast, document, parameters, run, panel=panel.parameters
        )

    def close(self) -> None:
        """What is beside the window, and what has not begun yet."""
        self._forecast.stop()
        self.inspector.dialog.close()
