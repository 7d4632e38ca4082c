"""What can be done to understand a file."""

from __future__ import annotations

from app.i18n.translation import tr
from app.ui.widgets.action_factory import ActionFactory


class InspectorActions:
    """Opens the inspector."""

    def __init__(self, factory: ActionFactory) -> None:
        self.open_inspector = factory.create(
            tr("&Inspector…"),
            tr("See tables, sampling, metadata and histograms of the opened file"),
            ["Ctrl+I"],
        )
