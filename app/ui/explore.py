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
from app.viewmodels.window import ViewModels


class Explore(QObject):
    """Builds the keepers of estimates, samples and runs."""

    def __init__(
        self,
        window: QWidget,
        actions: ExploreActions,
        models: ViewModels,
        *,
        run_bar: RunBar,
        drawer: Drawer,
    ) -> None:
        super().__init__(window)
        looking, explore = Looking(models.gallery, models.compare), models.explore
        self.timeline = TimelineKeeper(
            window, actions, explore.timeline, looking, strip=run_bar.timeline
        )
        self.samples = SamplesKeeper(window, actions, models.run, looking, drawer=drawer)
        self.runs = RunsKeeper(
            window, actions, explore.runs, models.parameters, looking, drawer=drawer
        )
