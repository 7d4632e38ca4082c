"""How far the work on a prior is."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout

from app.i18n.translation import tr
from app.ui.widgets.theme import MARGIN, SPACING, Icon, Theme
from app.viewmodels.priors.priors import Downloading, Resting, Work
from app.viewmodels.run.progress_text import work_words

# Qt counts with 31 bits, which bytes exceed.
_PARTS = 1000
_BAR_HEIGHT = 10


class WorkBar(QFrame):
    """A bar, words and, for a download, Cancel; hidden while nothing is being done.

    Signals:
        cancel_wanted: Cancel was pressed.
    """

    cancel_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("run")
        self.words = QLabel()
        self.bar = QProgressBar(textVisible=False)
        self.bar.setFixedHeight(_BAR_HEIGHT)
        self.bar.setAccessibleName(tr("Progress with the prior"))
        self.bar.setToolTip(tr("Share of the file that has arrived"))
        self.cancel = QPushButton(tr("&Cancel"))
        self.cancel.setAccessibleName(tr("Cancel the download"))
        self.cancel.setToolTip(
            tr("What has arrived is kept, and the next download goes on from there")
        )
        self.cancel.clicked.connect(self.cancel_wanted)
        theme.dress(self.cancel, Icon.STOP)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(self.words)
        column.addWidget(self.bar)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(MARGIN, SPACING, MARGIN, SPACING)
        layout.setSpacing(MARGIN)
        layout.addLayout(column, 1)
        layout.addWidget(self.cancel)

    def show_work(self, work: Work) -> None:
        """Render what is being done."""
        self.setVisible(not isinstance(work, Resting))
        self.words.setText(work_words(work))
        self.cancel.setVisible(isinstance(work, Downloading))
        # A bar without a range shows that something is going on, but not how far it is.
        self.bar.setRange(0, 0)
        if isinstance(work, Downloading):
            self.cancel.setEnabled(not work.cancelling)
            if work.done:
                self.bar.setRange(0, _PARTS)
                self.bar.setValue(_PARTS * work.done // work.total)
