"""One message above the pictures."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout

from app.errors import Message
from app.ui.controls import heading
from app.ui.theme import ICON_SIZE, MARGIN, SPACING, Icon, Theme


class MessageBar(QFrame):
    """Says what happened and what can be done; hidden while there is nothing to say."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("message")
        self._theme = theme
        self._act: Callable[[], None] | None = None
        self._icon = Icon.NOTE
        self._picture = QLabel()
        self.title = heading("")
        self.advice = QLabel()
        for label in (self.title, self.advice):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.action = QPushButton()
        self.action.clicked.connect(self._on_action)
        close = QToolButton()
        close.setAutoRaise(True)
        close.setToolTip("Close this message")
        close.setAccessibleName("Close message")
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
        layout.addWidget(self.action)
        layout.addWidget(close)
        self.hide()

    def show_failure(self, message: Message) -> None:
        self._show(message, Icon.ERROR)

    def show_note(self, message: Message) -> None:
        self._show(message, Icon.NOTE)

    def add_action(self, text: str, act: Callable[[], None]) -> None:
        """A button beside the message, which does something about it and closes the bar."""
        self._act = act
        self.action.setText(text)
        self.action.setAccessibleName(text)
        self.action.setToolTip(self.advice.text())
        self.action.show()

    def _show(self, message: Message, icon: Icon) -> None:
        self._act, self._icon = None, icon
        self.action.hide()
        self.title.setText(message.title)
        self.advice.setText(message.advice)
        self.setAccessibleName(message.line())
        self._draw_icon()
        self.show()

    @Slot()
    def _draw_icon(self) -> None:
        self._picture.setPixmap(self._theme.icon(self._icon).pixmap(ICON_SIZE * 1.2))

    @Slot()
    def _on_action(self) -> None:
        act = self._act
        self.hide()
        if act is not None:
            act()
