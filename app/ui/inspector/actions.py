"""Action of the inspector."""

from __future__ import annotations

from app.i18n.translation import tr
from app.ui.widgets.action_factory import ActionFactory


class InspectorActions:
    """The action that opens the inspector; `InspectorController` connects its signal."""

    def __init__(self, factory: ActionFactory) -> None:
        self.open_inspector = factory.create(
            tr("&Inspector…"),
            tr("See tables, sampling, metadata and histograms of the opened file"),
            ["Ctrl+I"],
        )
