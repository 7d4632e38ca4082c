"""Everything with which the user goes through what runs gave."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.ui.explore_actions import ExploreActions
from app.ui.run_bar import RunBar
from app.ui.timeline_keeper import TimelineKeeper
from app.viewmodels.compare import CompareViewModel
from app.viewmodels.explore import ExploreViewModels
from app.viewmodels.gallery import GalleryViewModel


class Explore(QObject):
    """Builds the keepers of estimates, samples and runs."""

    def __init__(
        self,
        window: QWidget,
        actions: ExploreActions,
        models: ExploreViewModels,
        gallery: GalleryViewModel,
        compare: CompareViewModel,
        *,
        run_bar: RunBar,
    ) -> None:
        super().__init__(window)
        self.timeline = TimelineKeeper(
            window, actions, models.timeline, gallery, compare, strip=run_bar.timeline
        )
