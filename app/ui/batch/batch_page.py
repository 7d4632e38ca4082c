"""The page of a queue of files."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.i18n.translation import tr
from app.ui.batch.actions import QueueActions
from app.ui.batch.batch_table_view import QueueView
from app.ui.batch.output_options import QueueOptions
from app.ui.widgets.collapsible import Fold
from app.ui.widgets.form_controls import faint
from app.ui.widgets.mime_files import local_files
from app.ui.widgets.theme import SPACING, Icon, Theme
from app.viewmodels.batch.batch_state import QueueState
from app.viewmodels.batch.batch_text import place_words, progress_words

_BAR_WIDTH_PX = (72, 140)
# Below it, Pause and Stop are known by their icons.
_NARROW_PX = 760
# Below it, there is room for the list or for where results go, not for both.
_LOW_PX = 280
_BAR_STEPS = 1000  # of the whole queue, so that it moves within a file, too


class QueuePage(QWidget):
    """Buttons, where results go, the files, and how far they are.

    Signals:
        dropped: Files or folders were dropped. arg1: their paths.
    """

    dropped = Signal(object)

    def __init__(self, actions: QueueActions, theme: Theme) -> None:
        super().__init__()
        self._actions = actions
        self.setAcceptDrops(True)
        self.view = QueueView(theme)
        self.setFocusProxy(self.view)
        self.options = QueueOptions()
        self.fold = Fold(
            tr("Where results go"),
            self.options,
            tip=tr("Target folder, names, and what counts as a picture"),
        )
        self.empty = faint(tr("Drop pictures or folders here, or add them with the buttons above."))
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.bar = QProgressBar(textVisible=False)
        self.bar.setRange(0, _BAR_STEPS)
        self.bar.setMinimumWidth(_BAR_WIDTH_PX[0])
        self.bar.setMaximumWidth(_BAR_WIDTH_PX[1])
        self.bar.setAccessibleName(tr("Progress of the folder"))
        self.bar.setToolTip(tr("Files that are finished, of all"))
        self.words = _Line()
        self._place = ""
        self._files = QStackedWidget()
        self._told: list[QToolButton] = []
        self._lay_out(theme)
        self.fold.header.toggled.connect(self._share_room)

    def show_state(self, state: QueueState) -> None:
        """Render all of it."""
        self.view.show_state(state)
        self._files.setCurrentWidget(self.view if state.rows else self.empty)
        self.options.show_state(state)
        tally, share = state.tally, state.working.share if state.working else 0.0
        self.bar.setVisible(tally.total > 0)
        done = (tally.finished + share) / tally.total if tally.total else 0.0
        self.bar.setValue(round(_BAR_STEPS * done))
        self.words.say(progress_words(state))
        self._place = place_words(state)
        self._fit_title()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        style = Qt.ToolButtonStyle
        for button in self._told:
            narrow = self.width() < _NARROW_PX
            button.setToolButtonStyle(
                style.ToolButtonIconOnly if narrow else style.ToolButtonTextBesideIcon
            )
        self._fit_title()
        self._share_room()

    @Slot()
    def _share_room(self) -> None:
        unfolded = self.fold.header.isChecked()
        self._files.setVisible(not unfolded or self.height() >= _LOW_PX)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.dropped.emit(local_files(event.mimeData()))

    def _fit_title(self) -> None:
        """What is folded away, in a line that fits."""
        header, words = self.fold.header, self._place
        width = max(self.width() - 48, 200)
        elided = header.fontMetrics().elidedText(words, Qt.TextElideMode.ElideMiddle, width)
        header.setText(elided.replace("&", "&&"))
        header.setAccessibleName(words)

    def _lay_out(self, theme: Theme) -> None:
        actions = self._actions
        buttons = QHBoxLayout()
        buttons.setContentsMargins(SPACING, 4, SPACING, 0)
        buttons.setSpacing(4)
        for action in (actions.add_files, actions.add_folder, actions.remove):
            buttons.addWidget(_button(action))
        for action in (actions.up, actions.down):
            buttons.addWidget(_button(action))
        buttons.addSpacing(SPACING)
        for action in (actions.start, actions.pause, actions.stop):
            button = _button(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            buttons.addWidget(button)
            if action is not actions.start:
                self._told.append(button)
        buttons.addWidget(self.bar, 1)
        buttons.addWidget(self.words, 3)
        more = QToolButton()
        more.setAccessibleName(tr("More"))
        more.setToolTip(tr("What else can be done with these files"))
        more.setAutoRaise(True)
        more.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        theme.dress(more, Icon.MORE)
        menu = QMenu(more)
        for entry in actions.further():
            menu.addSeparator() if entry is None else menu.addAction(entry)
        more.setMenu(menu)
        self.more = more
        buttons.addWidget(more)
        self._files.addWidget(self.empty)
        self._files.addWidget(self.view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(buttons)
        layout.addWidget(self.fold)
        layout.addWidget(self._files, 1)
        layout.addStretch()


class _Line(QLabel):
    """Words that are cut where there is no room for them, and whole in the tip."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def say(self, words: str) -> None:
        self.setToolTip(words)
        self.setAccessibleName(words)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        right = Qt.TextElideMode.ElideRight
        self.setText(self.fontMetrics().elidedText(self.toolTip(), right, self.width()))


def _button(action: QAction) -> QToolButton:
    """Of an action."""
    button = QToolButton()
    button.setDefaultAction(action)
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setAccessibleName(action.text().rstrip("…"))
    return button
