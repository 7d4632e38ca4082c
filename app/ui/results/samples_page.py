"""The page of samples in the bottom panel."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, QSize, Signal, Slot
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListView,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.i18n.translation import tr
from app.jobs.run.result import RunResult
from app.ui.widgets.form_controls import create_push_button, create_secondary_label
from app.ui.widgets.theme import MARGIN, SPACING
from app.viewmodels.results.samples_text import (
    available_samples_text,
    selected_sample_number,
    selected_sample_text,
)
from app.viewmodels.run.run import ResultReady, RunState

_THUMBNAIL_SIZE = QSize(128, 96)
_INITIAL_SIZE = QSize(600, 210)
_MIN_HEIGHT = 130


class SamplesPage(QWidget):
    """A page with thumbnails of the mean and of every sample of a run.

    The caption of the thumbnail that is the current result is bold.

    Signals:
        view_requested: A thumbnail was selected to be viewed. arg1: sample number, 0 for the mean.
        use_requested: A thumbnail was chosen as the result. arg1: sample number, 0 for the mean.
    """

    view_requested = Signal(int)
    use_requested = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Versions"))
        self._state: ResultReady | None = None
        self._drawn_result: RunResult | None = None
        self.status_label = create_secondary_label()
        self.status_label.setWordWrap(True)
        self.use_button = create_push_button(
            tr("Use this version"),
            tr("Make the chosen picture the result, which Save writes and says of what it is"),
        )
        self.use_button.clicked.connect(self._on_use_activated)
        self.sample_list = QListWidget()
        self.sample_list.setViewMode(QListView.ViewMode.IconMode)
        self.sample_list.setFlow(QListView.Flow.LeftToRight)
        self.sample_list.setWrapping(False)
        self.sample_list.setMovement(QListView.Movement.Static)
        self.sample_list.setResizeMode(QListView.ResizeMode.Adjust)
        self.sample_list.setIconSize(_THUMBNAIL_SIZE)
        self.sample_list.setSpacing(SPACING // 2)
        self.sample_list.setMinimumHeight(_MIN_HEIGHT)
        self.sample_list.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.sample_list.setAccessibleName(tr("Mean and versions of the result"))
        self.sample_list.setToolTip(
            tr("Arrows or a click show a picture above, Enter makes it the result")
        )
        self.sample_list.currentRowChanged.connect(self._on_row_changed)
        self.sample_list.itemActivated.connect(self._on_use_activated)
        self.setFocusProxy(self.sample_list)
        top_row = QHBoxLayout()
        top_row.setSpacing(SPACING)
        top_row.addWidget(self.status_label, 1)
        top_row.addWidget(self.use_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, SPACING, MARGIN, SPACING)
        layout.setSpacing(SPACING)
        layout.addLayout(top_row)
        layout.addWidget(self.sample_list, 1)
        self.show_run(None)

    def sizeHint(self) -> QSize:
        return _INITIAL_SIZE

    def show_run(self, run_state: RunState | None) -> None:
        """Show thumbnails of the result of a run; without a result, the page is empty.

        If the page already shows this result, the selected thumbnail stays selected.
        """
        self._state = run_state if isinstance(run_state, ResultReady) else None
        result = None if self._state is None else self._state.result
        is_same_result = (
            result is not None
            and self._drawn_result is not None
            and result.restoration is self._drawn_result.restoration
        )
        self._drawn_result = result
        if not is_same_result:
            self._draw_thumbnails(result)
        self._mark_result()

    def _draw_thumbnails(self, result: RunResult | None) -> None:
        with QSignalBlocker(self.sample_list):
            self.sample_list.clear()
            for number, image in enumerate(() if result is None else result.thumbnails):
                label = tr("Mean") if number == 0 else tr("Version {number}").format(number=number)
                pixmap = QPixmap.fromImage(image)
                icon = QIcon(pixmap)
                # Qt tints the icon of the selected item, which would falsify its colors.
                icon.addPixmap(pixmap, QIcon.Mode.Selected)
                self.sample_list.addItem(QListWidgetItem(icon, label))
            if self._state is not None and self.sample_list.count():
                self.sample_list.setCurrentRow(selected_sample_number(self._state))

    def _mark_result(self) -> None:
        """Make the current result's caption bold, and update the status text and the button."""
        state, selected_number = self._state, None
        if state is not None and self.sample_list.count():
            selected_number = selected_sample_number(state)
        for row in range(self.sample_list.count()):
            item = self.sample_list.item(row)
            font = item.font()
            font.setBold(row == selected_number)
            item.setFont(font)
        self.status_label.setText(
            selected_sample_text(state)
            if selected_number is not None
            else available_samples_text(state)
        )
        self.use_button.setEnabled(
            selected_number is not None and self.sample_list.currentRow() != selected_number
        )

    @Slot(int)
    def _on_row_changed(self, row: int) -> None:
        self._mark_result()
        if row >= 0:
            self.view_requested.emit(row)

    @Slot()
    def _on_use_activated(self) -> None:
        if self.use_button.isEnabled():
            self.use_requested.emit(self.sample_list.currentRow())
