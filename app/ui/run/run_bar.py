"""How far the run is, below the pictures."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout

from app.i18n.formatting import whole_percent
from app.i18n.translation import tr
from app.ui.run.timeline_strip import TimelineStrip
from app.ui.widgets.theme import MARGIN, SPACING, Icon, Theme
from app.viewmodels.compare.compare import CompareState
from app.viewmodels.run.progress_text import progress_words
from app.viewmodels.run.run import Running, RunState

_BAR_WIDTH = 200
_LEAST_BAR_WIDTH = 40


class RunBar(QFrame):
    """The run's estimates; progress, time left and Stop, with the zoom at the right end.

    Signals:
        stop_wanted: Stop was pressed.
    """

    stop_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("run")
        self.words = QLabel()
        self.bar = QProgressBar(textVisible=False)
        # In a narrow window the words need the room more.
        self.bar.setMinimumWidth(_LEAST_BAR_WIDTH)
        self.bar.setMaximumWidth(_BAR_WIDTH)
        self.bar.setAccessibleName(tr("Progress of the run"))
        self.bar.setToolTip(tr("Evaluations of the prior, done and in all"))
        self.stop = QPushButton(tr("Stop"))
        self.stop.setAccessibleName(tr("Stop the run"))
        self.stop.setToolTip(tr("Stop the run; its latest estimate can be kept (Esc)"))
        self.stop.clicked.connect(self.stop_wanted)
        theme.dress(self.stop, Icon.STOP)
        self._zoom = QLabel()
        self._zoom.setToolTip(tr("Screen pixels per picture pixel"))
        self.timeline = TimelineStrip(theme)
        progress = QHBoxLayout()
        progress.setSpacing(MARGIN)
        for widget in (self.bar, self.stop):
            progress.addWidget(widget)
        progress.addWidget(self.words, 1)
        progress.addWidget(self._zoom)
        # Stop comes and goes, and nothing is to move for it.
        progress.addStrut(self.stop.sizeHint().height())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, SPACING // 2, MARGIN, SPACING // 2)
        layout.setSpacing(SPACING // 2)
        layout.addWidget(self.timeline)
        layout.addLayout(progress)

    def show_run(self, state: RunState, idle_words: str) -> None:
        """Render the run; `idle_words` where there is none."""
        running = isinstance(state, Running)
        self.bar.setVisible(running)
        self.stop.setVisible(running)
        self.words.setText(idle_words)
        if isinstance(state, Running):
            # A bar without a range shows that something is going on, but not how far it is.
            self.bar.setRange(0, state.total if state.estimate else 0)
            self.bar.setValue(state.done)
            self.stop.setEnabled(not state.cancelling)
            self.words.setText(progress_words(state))
        self.words.setToolTip(self.words.text())

    def show_view(self, state: CompareState) -> None:
        """Render the zoom."""
        shown = whole_percent(state.scale)
        fitted = tr("Fit, {scale}").format(scale=shown)
        self._zoom.setText(fitted if state.is_fitted else shown)
