"""The side panel."""

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
    """The scrollable panel with the file, the parameters, the result and the options of saving.

    Signals:
        sharpness_changed: The sharpness slider was moved. arg1: 0 (safest) to 1 (sharpest).
        priors_page_requested: The button that opens the priors dialog was clicked.
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
        """Show a result and scroll to its panel if that was hidden; None hides the panel."""
        is_new = ready_state is not None and self.result_panel.isHidden()
        self.result_panel.show_result(ready_state)
        self.save_options.setVisible(ready_state is not None)
        if is_new:
            self._scroll_to(self.save_options, self.result_panel)

    @Slot()
    def _on_save_options_clicked(self) -> None:
        self._scroll_to(self.save_options)

    def _scroll_to(self, *widgets: QWidget) -> None:
        """Scroll to each of `widgets` in turn; if not all of them fit, the last is visible."""

        def scroll() -> None:
            for widget in widgets:
                self.ensureWidgetVisible(widget)

        # Deferred until the layout has positioned the widgets.
        QTimer.singleShot(0, self, scroll)
