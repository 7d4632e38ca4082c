"""Actions on regions."""

from __future__ import annotations

from app.i18n.translation import tr
from app.ui.widgets.action_factory import ActionFactory
from app.ui.widgets.theme import Icon


class RegionsActions:
    """The actions that add, show and export regions; `RegionsController` connects them."""

    def __init__(self, factory: ActionFactory) -> None:
        self.add_visible_region = factory.create(
            tr("Mark the &visible part"),
            tr("Mark what is seen now as a crop to compare; dragging with Ctrl marks any"),
            ["M"],
        )
        self.toggle_regions_page = factory.create(
            tr("C&rops"),
            tr("See the marked crops large, side by side in several pictures"),
            ["K", "Ctrl+K"],
            Icon.REGIONS,
            checkable=True,
        )
        self.export_contact_sheet = factory.create(
            tr("&Export contact sheet…"),
            tr("Write the marked crops of the chosen pictures to one PNG"),
            ["Ctrl+Shift+E"],
        )
