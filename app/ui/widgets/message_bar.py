"""One message above the pictures."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout

from app.i18n.error_messages import UserMessage
from app.i18n.translation import tr
from app.ui.widgets.form_controls import heading
from app.ui.widgets.theme import ICON_SIZE, MARGIN, SPACING, Icon, Theme


class MessageBar(QFrame):
    """Says what happened and what can be done; hidden while there is nothing to say.

    Attributes:
        action: A button that does something about it, hidden where nothing can be done.
        other_action: One for something else.

    Signals:
        bug_shown: What is said now is a fault of the program.
    """

    bug_shown = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("message")
        self._theme = theme
        self._icon = Icon.NOTE
        self._picture = QLabel()
        self.title = heading("")
        self.advice = QLabel()
        for label in (self.title, self.advice):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._acts: list[Callable[[], None]] = []
        self.action, self.other_action = QPushButton(), QPushButton()
        for index, button in enumerate(self._buttons):
            button.clicked.connect(lambda _checked, at=index: self._act(at))
        close = QToolButton()
        close.setAutoRaise(True)
        close.setToolTip(tr("Close this message"))
        close.setAccessibleName(tr("Close message"))
        close.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        close.clicked.connect(self.hide)
        theme.dress(close, Icon.CLOSE)
        theme.changed.connect(self._draw_icon)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.advice)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(MARGIN, SPACING, SPACING, SPACING)
        layout.setSpacing(MARGIN)
        layout.addWidget(self._picture)
        layout.addLayout(words, 1)
        for button in self._buttons:
            layout.addWidget(button)
        layout.addWidget(close)
        self.hide()

    def show_failure(self, message: UserMessage) -> None:
        self._show(message, Icon.ERROR)
        if message.is_bug:
            self.bug_shown.emit()

    def show_note(self, message: UserMessage) -> None:
        self._show(message, Icon.NOTE)

    def add_action(self, text: str, act: Callable[[], None]) -> None:
        """A button beside the message, which does something about it and closes the bar.

        There is room for two.
        """
        button = self._buttons[len(self._acts)]
        self._acts.append(act)
        button.setText(text)
        button.setAccessibleName(text)
        button.setToolTip(self.advice.text())
        button.show()

    @property
    def _buttons(self) -> tuple[QPushButton, QPushButton]:
        return self.action, self.other_action

    def _show(self, message: UserMessage, icon: Icon) -> None:
        self._icon = icon
        self._acts.clear()
        for button in self._buttons:
            button.hide()
        self.title.setText(message.title)
        self.advice.setText(message.advice)
        self.setAccessibleName(message.as_line())
        self._draw_icon()
        self.show()

    @Slot()
    def _draw_icon(self) -> None:
        self._picture.setPixmap(self._theme.icon(self._icon).pixmap(ICON_SIZE * 1.2))

    def _act(self, index: int) -> None:
        act = self._acts[index]
        self.hide()
        act()
