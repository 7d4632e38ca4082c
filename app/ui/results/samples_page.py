"""The samples of the result, below the pictures."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.i18n.translation import tr
from app.jobs.run.result import Restored
from app.ui.widgets.form_controls import faint
from app.ui.widgets.theme import MARGIN, SPACING
from app.viewmodels.results.samples_text import kept_words, picked_of, used_words
from app.viewmodels.run.run import Done, RunState

_THUMBNAIL = QSize(128, 96)
_FIRST_SIZE = QSize(600, 210)
_LEAST_HEIGHT = 130


class SamplesPage(QWidget):
    """Small pictures of the mean and of every sample; one is looked at, and one is the result.

    Signals:
        look_wanted: One is to be seen large. arg1: its number, 0 for the mean.
        use_wanted: One is to be the result. arg1: its number, 0 for the mean.
    """

    look_wanted = Signal(int)
    use_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Samples"))
        self._done: Done | None = None
        self._drawn: Restored | None = None
        self.words = faint()
        self.words.setWordWrap(True)
        self.use = QPushButton(tr("Use this sample"))
        self.use.setAccessibleName(tr("Use this sample"))
        self.use.setToolTip(
            tr("Make the chosen picture the result, which Save writes and says of what it is")
        )
        self.use.clicked.connect(self._on_use)
        self.list = QListWidget()
        self.list.setViewMode(QListView.ViewMode.IconMode)
        self.list.setFlow(QListView.Flow.LeftToRight)
        self.list.setWrapping(False)
        self.list.setMovement(QListView.Movement.Static)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setIconSize(_THUMBNAIL)
        self.list.setSpacing(SPACING // 2)
        self.list.setMinimumHeight(_LEAST_HEIGHT)
        self.list.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setAccessibleName(tr("Mean and samples of the result"))
        self.list.setToolTip(
            tr("Arrows or a click show a picture above, Enter makes it the result")
        )
        self.list.currentRowChanged.connect(self._on_chosen)
        self.list.itemActivated.connect(self._on_use)
        self.setFocusProxy(self.list)
        top = QHBoxLayout()
        top.setSpacing(SPACING)
        top.addWidget(self.words, 1)
        top.addWidget(self.use)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, SPACING, MARGIN, SPACING)
        layout.setSpacing(SPACING)
        layout.addLayout(top)
        layout.addWidget(self.list, 1)
        self.show_run(None)

    def sizeHint(self) -> QSize:
        return _FIRST_SIZE

    def show_run(self, run: RunState | None) -> None:
        """Render the samples of its result; what was chosen of the same result stays chosen."""
        self._done = run if isinstance(run, Done) else None
        restored = None if self._done is None else self._done.restored
        same = (
            restored is not None
            and self._drawn is not None
            and restored.restoration is self._drawn.restoration
        )
        self._drawn = restored
        if not same:
            self._draw(restored)
        self._mark()

    def _draw(self, restored: Restored | None) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for number, image in enumerate(() if restored is None else restored.thumbnails):
            label = tr("Mean") if number == 0 else tr("Sample {number}").format(number=number)
            pixmap = QPixmap.fromImage(image)
            icon = QIcon(pixmap)
            # What is chosen would be tinted, and its colours could not be judged.
            icon.addPixmap(pixmap, QIcon.Mode.Selected)
            self.list.addItem(QListWidgetItem(icon, label))
        if self._done is not None and self.list.count():
            self.list.setCurrentRow(picked_of(self._done))
        self.list.blockSignals(False)

    def _mark(self) -> None:
        """Say which is the result."""
        done, picked = self._done, None
        if done is not None and self.list.count():
            picked = picked_of(done)
        for row in range(self.list.count()):
            item = self.list.item(row)
            font = item.font()
            font.setBold(row == picked)
            item.setFont(font)
        self.words.setText(used_words(done) if picked is not None else kept_words(done))
        self.use.setEnabled(picked is not None and self.list.currentRow() != picked)

    @Slot(int)
    def _on_chosen(self, row: int) -> None:
        self._mark()
        if row >= 0:
            self.look_wanted.emit(row)

    @Slot()
    def _on_use(self) -> None:
        if self.use.isEnabled():
            self.use_wanted.emit(self.list.currentRow())
