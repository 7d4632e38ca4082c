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
        sharpness_changed: The result is wanted at another place from safest to sharpest.
            arg1: 0 to 1.
        priors_page_requested: The page of the priors is.
    """

    sharpness_changed = Signal(float)
    priors_page_requested = Signal()

    def __init__(
        self, parameters: ParametersViewModel, save_options: SaveOptionsViewModel, theme: Theme
    ) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setWidgetResizable(True)
        self.file_panel = FilePanel()
        self.parameter_panel = ParameterPanel(parameters, theme)
        self.parameter_panel.priors_page_requested.connect(self.priors_page_requested)
        self.result_panel = ResultPanel()
        self.result_panel.sharpness_slider.sharpness_changed.connect(self.sharpness_changed)
        self.save_options = SaveOptionsForm(save_options)
        self.save_options.section.header.clicked.connect(self._on_save_options_clicked)
        self.show_result(None)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(MARGIN)
        for section in (
            self.file_panel,
            self.parameter_panel,
            self.result_panel,
            self.save_options,
        ):
            layout.addWidget(section)
        layout.addStretch(1)
        self.setWidget(content)
        self.setFixedWidth(SIDE_PANEL_WIDTH)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_result(self, ready_state: ResultReady | None) -> None:
        """Show what a run gave, scrolling to it where it is new; None where there is nothing."""
        is_new = ready_state is not None and self.result_panel.isHidden()
        self.result_panel.show_result(ready_state)
        self.save_options.setVisible(ready_state is not None)
        if is_new:
            self._scroll_to(self.save_options, self.result_panel)

    @Slot()
    def _on_save_options_clicked(self) -> None:
        self._scroll_to(self.save_options)

    def _scroll_to(self, *widgets: QWidget) -> None:
        """The last of these counts most where not all have room."""

        def scroll() -> None:
            for widget in widgets:
                self.ensureWidgetVisible(widget)

        # Once the layout knows where they are.
        QTimer.singleShot(0, self, scroll)
