"""The progress of a prior task."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout

from app.i18n.translation import tr
from app.ui.widgets.theme import MARGIN, SPACING, Icon, Theme
from app.viewmodels.priors.priors import DownloadingPrior, NoPriorTask, PriorTask
from app.viewmodels.run.progress_text import prior_task_text

# QProgressBar counts in 31 bits, which the bytes of a prior can exceed.
_PROGRESS_STEPS = 1000
_BAR_HEIGHT = 10


class TaskProgressBar(QFrame):
    """A bar with the status and progress of a prior task; hidden while no task is running.

    A download has a Cancel button.

    Signals:
        cancel_requested: The Cancel button was clicked.
    """

    cancel_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("run")
        self.status_label = QLabel()
        self.progress_bar = QProgressBar(textVisible=False)
        self.progress_bar.setFixedHeight(_BAR_HEIGHT)
        self.progress_bar.setAccessibleName(tr("Progress with the model"))
        self.progress_bar.setToolTip(tr("Share of the file that has arrived"))
        self.cancel_button = QPushButton(tr("&Cancel"))
        self.cancel_button.setAccessibleName(tr("Cancel the download"))
        self.cancel_button.setToolTip(
            tr("What has arrived is kept, and the next download goes on from there")
        )
        self.cancel_button.clicked.connect(self.cancel_requested)
        theme.set_icon(self.cancel_button, Icon.STOP)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(self.status_label)
        column.addWidget(self.progress_bar)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(MARGIN, SPACING, MARGIN, SPACING)
        layout.setSpacing(MARGIN)
        layout.addLayout(column, 1)
        layout.addWidget(self.cancel_button)

    def show_task(self, task: PriorTask) -> None:
        """Show a task's status and progress."""
        self.setVisible(not isinstance(task, NoPriorTask))
        self.status_label.setText(prior_task_text(task))
        self.cancel_button.setVisible(isinstance(task, DownloadingPrior))
        # A bar with range 0 to 0 shows activity without progress.
        self.progress_bar.setRange(0, 0)
        if isinstance(task, DownloadingPrior):
            self.cancel_button.setEnabled(not task.is_cancelling)
            if task.done_bytes:
                self.progress_bar.setRange(0, _PROGRESS_STEPS)
                self.progress_bar.setValue(_PROGRESS_STEPS * task.done_bytes // task.total_bytes)
