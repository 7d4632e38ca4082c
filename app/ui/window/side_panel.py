"""The panel at the left."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from app.ui.document.file_panel import FilePanel
from app.ui.export.save_options_form import SaveOptionsForm
from app.ui.parameters.parameter_panel import ParameterPanel
from app.ui.results.result_panel import ResultPanel
from app.ui.widgets.theme import MARGIN, SIDE_PANEL_WIDTH, Theme
from app.viewmodels.export.save_options import SaveOptionsViewModel
from app.viewmodels.parameters.parameters import ParametersViewModel
from app.viewmodels.run.run import ResultReady


class SidePanel(QScrollArea):
    """File, parameters, result and its saving below each other; scrolls in a low window.

    Signals:
        sharpness_wanted: The result is wanted at another place from safest to sharpest.
            arg1: 0 to 1.
        priors_wanted: The page of the priors is.
    """

    sharpness_wanted = Signal(float)
    priors_wanted = Signal()

    def __init__(
        self, parameters: ParametersViewModel, options: SaveOptionsViewModel, theme: Theme
    ) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setWidgetResizable(True)
        self.file = FilePanel()
        self.parameters = ParameterPanel(parameters, theme)
        self.parameters.priors_page_requested.connect(self.priors_wanted)
        self.result = ResultPanel()
        self.result.sharpness_slider.sharpness_changed.connect(self.sharpness_wanted)
        self.saving = SaveOptionsForm(options)
        self.saving.section.header.clicked.connect(self._on_fold_clicked)
        self.show_result(None)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(MARGIN)
        for part in (self.file, self.parameters, self.result, self.saving):
            layout.addWidget(part)
        layout.addStretch(1)
        self.setWidget(content)
        self.setFixedWidth(SIDE_PANEL_WIDTH)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_result(self, done: ResultReady | None) -> None:
        """Show what a run gave, scrolling to it where it is new; None where there is nothing."""
        new = done is not None and self.result.isHidden()
        self.result.show_result(done)
        self.saving.setVisible(done is not None)
        if new:
            self._scroll_to(self.saving, self.result)

    @Slot()
    def _on_fold_clicked(self) -> None:
        self._scroll_to(self.saving)

    def _scroll_to(self, *parts: QWidget) -> None:
        """The last of these counts most where not all have room."""

        def scroll() -> None:
            for part in parts:
                self.ensureWidgetVisible(part)

        # Once the layout knows where they are.
        QTimer.singleShot(0, self, scroll)
