"""What the user goes through to choose a sample."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from app.i18n.translation import tr
from app.ui.compare.image_presenter import ImagePresenter
from app.ui.results.actions import ResultActions
from app.ui.results.samples_page import SamplesPage
from app.ui.widgets.bottom_panel import Drawer
from app.viewmodels.compare.gallery import MeanKey, ResultKey, SampleKey
from app.viewmodels.run.run import RunState, RunViewModel


class SamplesKeeper(QObject):
    """Shows the sample that is chosen on the after side, and makes it the result."""

    def __init__(
        self,
        window: QWidget,
        actions: ResultActions,
        run: RunViewModel,
        looking: ImagePresenter,
        *,
        drawer: Drawer,
    ) -> None:
        super().__init__(window)
        self._run = run
        self._looking = looking
        self.page = SamplesPage()
        drawer.add_page(
            self.page,
            "SamplesPage",
            tr("Samples"),
            tr("Every sample of the result, to choose from"),
        )
        actions.samples.triggered.connect(lambda _checked: drawer.toggle_page(self.page))
        self.page.look_wanted.connect(self._on_look)
        self.page.use_wanted.connect(self._on_use)
        run.state_changed.connect(self._on_run_changed)

    @Slot(int)
    def _on_look(self, number: int) -> None:
        self._looking.show(SampleKey(number) if number else MeanKey())

    @Slot(int)
    def _on_use(self, number: int) -> None:
        self._run.pick(number or None)
        self._looking.show(ResultKey())

    @Slot(object)
    def _on_run_changed(self, state: RunState) -> None:
        self.page.show_run(state)
