"""Everything with which the user goes through what runs gave."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.ui.drawer import Drawer
from app.ui.explore_actions import ExploreActions
from app.ui.looking import Looking
from app.ui.run_bar import RunBar
from app.ui.runs_keeper import RunsKeeper
from app.ui.samples_keeper import SamplesKeeper
from app.ui.timeline_keeper import TimelineKeeper
from app.viewmodels.compare import CompareViewModel
from app.viewmodels.explore import ExploreViewModels
from app.viewmodels.gallery import GalleryViewModel
from app.viewmodels.parameters import ParametersViewModel
from app.viewmodels.run import RunViewModel


class Explore(QObject):
    """Builds the keepers of estimates, samples and runs."""

    def __init__(
        self,
        window: QWidget,
        actions: ExploreActions,
        models: ExploreViewModels,
        run: RunViewModel,
        parameters: ParametersViewModel,
        gallery: GalleryViewModel,
        compare: CompareViewModel,
        *,
        run_bar: RunBar,
        drawer: Drawer,
    ) -> None:
        super().__init__(window)
        looking = Looking(gallery, compare)
        self.timeline = TimelineKeeper(
            window, actions, models.timeline, looking, strip=run_bar.timeline
        )
        self.samples = SamplesKeeper(window, actions, run, looking, drawer=drawer)
        self.runs = RunsKeeper(window, actions, models.runs, parameters, looking, drawer=drawer)
