"""View model of the layer of the side panel."""

from __future__ import annotations

from app.config.settings import PanelLayer
from app.viewmodels.state_view_model import StateViewModel


class PanelLayerViewModel(StateViewModel[PanelLayer]):
    """View model of the layer of the side panel: the simple or the expert layer."""

    def __init__(self) -> None:
        super().__init__(PanelLayer.SIMPLE)

    def set_layer(self, layer: PanelLayer) -> None:
        self._set_state(layer)
