"""The message bar above the panes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout

from app.i18n.error_messages import UserMessage
from app.i18n.translation import tr
from app.ui.widgets.form_controls import create_heading_label
from app.ui.widgets.theme import ICON_SIZE, MARGIN, SPACING, Icon, Theme


class MessageBar(QFrame):
    """A bar with a title, advice and up to two buttons; hidden while no message is shown.

    Attributes:
        action_button: Button for the first action on the message, hidden if no action is possible.
        second_action_button: Button for a second action, hidden if no second action is possible.

    Signals:
        bug_message_shown: The message now shown reports a bug in the program.
    """

    bug_message_shown = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("message")
        self._theme = theme
        self._icon = Icon.INFO
        self._icon_label = QLabel()
        self.title_label = create_heading_label("")
        self.advice_label = QLabel()
        for label in (self.title_label, self.advice_label):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._button_callbacks: list[Callable[[], None]] = []
        self.action_button, self.second_action_button = QPushButton(), QPushButton()
        for index, button in enumerate(self._buttons):
            button.clicked.connect(lambda _checked, at=index: self._on_button_clicked(at))
        close = QToolButton()
        close.setAutoRaise(True)
        close.setToolTip(tr("Close this message"))
        close.setAccessibleName(tr("Close message"))
        close.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        close.clicked.connect(self.hide)
        theme.set_icon(close, Icon.CLOSE)
        theme.colors_changed.connect(self._update_icon)
        text_layout = QVBoxLayout()
        text_layout.setSpacing(2)
        text_layout.addWidget(self.title_label)
        text_layout.addWidget(self.advice_label)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(MARGIN, SPACING, SPACING, SPACING)
        layout.setSpacing(MARGIN)
        layout.addWidget(self._icon_label)
        layout.addLayout(text_layout, 1)
        for button in self._buttons:
            layout.addWidget(button)
        layout.addWidget(close)
        self.hide()

    def show_error(self, message: UserMessage) -> None:
        self._show_message(message, Icon.ERROR)
        if message.is_bug:
            self.bug_message_shown.emit()

    def show_info(self, message: UserMessage) -> None:
        self._show_message(message, Icon.INFO)

    def add_button(self, text: str, callback: Callable[[], None]) -> None:
        """Show a button beside the message that closes the bar and calls `callback`.

        Raises:
            IndexError: If the message already has two buttons.
        """
        button = self._buttons[len(self._button_callbacks)]
        self._button_callbacks.append(callback)
        button.setText(text)
        button.setAccessibleName(text)
        button.setToolTip(self.advice_label.text())
        button.show()

    @property
    def _buttons(self) -> tuple[QPushButton, QPushButton]:
        return self.action_button, self.second_action_button

    def _show_message(self, message: UserMessage, icon: Icon) -> None:
        self._icon = icon
        self._button_callbacks.clear()
        for button in self._buttons:
            button.hide()
        self.title_label.setText(message.title)
        self.advice_label.setText(message.advice)
        self.setAccessibleName(message.as_line())
        self._update_icon()
        self.show()

    @Slot()
    def _update_icon(self) -> None:
        self._icon_label.setPixmap(self._theme.create_icon(self._icon).pixmap(ICON_SIZE * 1.2))

    def _on_button_clicked(self, index: int) -> None:
        callback = self._button_callbacks[index]
        self.hide()
        callback()
