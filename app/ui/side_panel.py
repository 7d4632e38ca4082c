"""The panel at the left."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from app.jobs.restore_job import Restored
from app.ui.file_panel import FilePanel
from app.ui.parameter_panel import ParameterPanel
from app.ui.result_panel import ResultPanel
from app.ui.theme import MARGIN, PANEL_WIDTH, Theme
from app.viewmodels.parameters import ParametersViewModel


class SidePanel(QScrollArea):
    """File, parameters and result below each other; scrolls where the window is low."""

    def __init__(self, parameters: ParametersViewModel, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setWidgetResizable(True)
        self.file = FilePanel()
        self.parameters = ParameterPanel(parameters, theme)
        self.result = ResultPanel()
        self.result.show_result(None)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(MARGIN)
        for part in (self.file, self.parameters, self.result):
            layout.addWidget(part)
        layout.addStretch(1)
        self.setWidget(content)
        self.setFixedWidth(PANEL_WIDTH)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_result(self, restored: Restored | None) -> None:
        """Show what a run gave, scrolling to it where it is new; None where there is nothing."""
        new = restored is not None and not self.result.isVisible()
        self.result.show_result(restored)
        if new:
            # Once the layout knows where it is.
            QTimer.singleShot(0, self, lambda: self.ensureWidgetVisible(self.result))
