"""What the user goes through to choose a sample."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from app.i18n.translation import tr
from app.ui.compare.image_presenter import ImagePresenter
from app.ui.results.actions import ResultActions
from app.ui.results.samples_page import SamplesPage
from app.ui.widgets.bottom_panel import BottomPanel
from app.viewmodels.compare.gallery import MeanKey, ResultKey, SampleKey
from app.viewmodels.run.run import RunState, RunViewModel


class SamplesController(QObject):
    """Shows the sample that is chosen on the after side, and makes it the result."""

    def __init__(
        self,
        window: QWidget,
        actions: ResultActions,
        run: RunViewModel,
        presenter: ImagePresenter,
        *,
        bottom_panel: BottomPanel,
    ) -> None:
        super().__init__(window)
        self._run = run
        self._presenter = presenter
        self.page = SamplesPage()
        bottom_panel.add_page(
            self.page,
            "SamplesPage",
            tr("Samples"),
            tr("Every sample of the result, to choose from"),
        )
        actions.show_samples.triggered.connect(lambda _checked: bottom_panel.toggle_page(self.page))
        self.page.view_requested.connect(self._on_view_requested)
        self.page.use_requested.connect(self._on_use_requested)
        run.state_changed.connect(self._on_run_changed)

    @Slot(int)
    def _on_view_requested(self, sample_number: int) -> None:
        self._presenter.show(SampleKey(sample_number) if sample_number else MeanKey())

    @Slot(int)
    def _on_use_requested(self, sample_number: int) -> None:
        self._run.select_sample(sample_number or None)
        self._presenter.show(ResultKey())

    @Slot(object)
    def _on_run_changed(self, state: RunState) -> None:
        self.page.show_run(state)
