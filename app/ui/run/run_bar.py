"""The bar with the progress of the run, below the panes."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout

from app.i18n.formatting import format_whole_percent
from app.i18n.translation import tr
from app.ui.run.timeline_strip import TimelineStrip
from app.ui.widgets.theme import MARGIN, SPACING, Icon, Theme
from app.viewmodels.compare.compare import CompareState
from app.viewmodels.run.progress_text import run_progress_text
from app.viewmodels.run.run import RunInProgress, RunState

_PROGRESS_BAR_HEIGHT = 8
_PERCENT = 100


class RunBar(QFrame):
    """A bar with the timeline, the progress of the run, a Stop button and the zoom.

    The progress bar has a row of its own, as wide as the panes, which is more than half of the
    window.

    Signals:
        stop_requested: The Stop button was clicked.
    """

    stop_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("run")
        self.status_label = QLabel()
        self.progress_bar = QProgressBar(textVisible=False)
        self.progress_bar.setFixedHeight(_PROGRESS_BAR_HEIGHT)
        # The panes keep their size when a run begins and ends.
        size_policy = self.progress_bar.sizePolicy()
        size_policy.setRetainSizeWhenHidden(True)
        self.progress_bar.setSizePolicy(size_policy)
        self.progress_bar.setAccessibleName(tr("Progress of the run"))
        self.progress_bar.setToolTip(tr("How much of the run is done"))
        self.stop_button = QPushButton(tr("Stop"))
        self.stop_button.setAccessibleName(tr("Stop the run"))
        self.stop_button.setToolTip(tr("Stop the run; its latest step can be used (Esc)"))
        self.stop_button.clicked.connect(self.stop_requested)
        theme.set_icon(self.stop_button, Icon.STOP)
        self._zoom_label = QLabel()
        self._zoom_label.setToolTip(tr("Screen pixels per picture pixel"))
        self.timeline_strip = TimelineStrip(theme)
        progress_row = QHBoxLayout()
        progress_row.setSpacing(MARGIN)
        progress_row.addWidget(self.stop_button)
        progress_row.addWidget(self.status_label, 1)
        progress_row.addWidget(self._zoom_label)
        # Reserves the height of the Stop button, so that the layout does not jump.
        progress_row.addStrut(self.stop_button.sizeHint().height())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, SPACING // 2, MARGIN, SPACING // 2)
        layout.setSpacing(SPACING // 2)
        layout.addWidget(self.timeline_strip)
        layout.addWidget(self.progress_bar)
        layout.addLayout(progress_row)

    def show_run(self, state: RunState, idle_text: str) -> None:
        """Show progress and status of the run, or `idle_text` if no run is in progress."""
        is_running = isinstance(state, RunInProgress)
        self.progress_bar.setVisible(is_running)
        self.stop_button.setVisible(is_running)
        self.status_label.setText(idle_text)
        if isinstance(state, RunInProgress):
            # A bar with range 0 to 0 shows activity without progress.
            self.progress_bar.setRange(0, state.total_evaluations if state.estimate else 0)
            self.progress_bar.setValue(state.evaluations_done)
            self.stop_button.setEnabled(not state.is_cancelling)
            self.status_label.setText(run_progress_text(state))
        self.status_label.setToolTip(self.status_label.text())

    def show_preview(self, fraction_done: float, text: str) -> None:
        """Show the progress of a preview that the user asked for, which the Stop button ends.

        Args:
            fraction_done: Share of the work that is done, 0 to 1.
            text: Line about the preview.
        """
        for widget in (self.progress_bar, self.stop_button):
            widget.setVisible(True)
        self.stop_button.setEnabled(True)
        self.progress_bar.setRange(0, _PERCENT if fraction_done else 0)
        self.progress_bar.setValue(round(_PERCENT * fraction_done))
        self.status_label.setText(text)
        self.status_label.setToolTip(text)

    def show_zoom(self, state: CompareState) -> None:
        """Show the zoom in percent, and whether the image is fitted to its pane."""
        zoom_text = format_whole_percent(state.scale)
        fitted_text = tr("Fit, {scale}").format(scale=zoom_text)
        self._zoom_label.setText(fitted_text if state.is_fitted else zoom_text)
