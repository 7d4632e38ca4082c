"""The message bar."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.i18n.error_messages import UserMessage
from app.i18n.translation import tr
from app.ui.widgets.form_controls import (
    create_heading_label,
    create_push_button,
    create_secondary_label,
)
from app.ui.widgets.theme import ICON_SIZE, MARGIN, SPACING, Icon, Theme


class MessageBar(QFrame):
    """A bar with a title, advice and up to two buttons; hidden while no message is shown.

    Attributes:
        action_button: Button for the first action on the message, hidden if no action is possible.
        second_action_button: Button for a second action, hidden if no second action is possible.
        details_button: Button that shows or hides the technical details of an error.

    Signals:
        bug_message_shown: The message now shown reports a bug in the program.
        message_changed: Another message is shown, or the message got another button.
    """

    bug_message_shown = Signal()
    message_changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("message")
        self._theme = theme
        self._icon = Icon.INFO
        self._keeps_message = False
        self._icon_label = QLabel()
        self.title_label = create_heading_label("")
        self.advice_label = QLabel()
        self.details_label = create_secondary_label()
        for label in (self.title_label, self.advice_label, self.details_label):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._button_callbacks: list[Callable[[], None]] = []
        self.action_button, self.second_action_button = QPushButton(), QPushButton()
        for index, button in enumerate(self._buttons):
            button.clicked.connect(lambda _checked, at=index: self._on_button_clicked(at))
        self.details_button = create_push_button(
            tr("Details"), tr("Show the error as programmers read it")
        )
        self.details_button.setCheckable(True)
        self.details_button.toggled.connect(self.details_label.setVisible)
        self._lay_out(self._create_close_button())
        theme.colors_changed.connect(self._update_icon)
        self.hide()

    @property
    def stays(self) -> bool:
        """Whether the message stays until the user closes or answers it.

        Errors stay, and messages with an offer that must not be lost.
        """
        return self._keeps_message

    @property
    def has_buttons(self) -> bool:
        """Whether the message offers an action."""
        return bool(self._button_callbacks)

    def show_error(self, message: UserMessage) -> None:
        """Show an error in red; the message stays until it is closed or another one is shown."""
        self._show_message(message, Icon.ERROR)
        if message.is_bug:
            self.bug_message_shown.emit()

    def show_info(self, message: UserMessage) -> None:
        self._show_message(message, Icon.INFO)

    def add_button(
        self, text: str, callback: Callable[[], None], *, keeps_message: bool = False
    ) -> None:
        """Show a button beside the message that closes the bar and calls `callback`.

        Args:
            text: Text of the button.
            callback: Function that the button calls.
            keeps_message: Whether the message stays until the user closes or answers it.

        Raises:
            IndexError: If the message already has two buttons.
        """
        button = self._buttons[len(self._button_callbacks)]
        self._button_callbacks.append(callback)
        self._keeps_message = self._keeps_message or keeps_message
        button.setText(text)
        button.setAccessibleName(text)
        button.setToolTip(self.advice_label.text())
        button.show()
        self.message_changed.emit()

    @property
    def _buttons(self) -> tuple[QPushButton, QPushButton]:
        return self.action_button, self.second_action_button

    def _create_close_button(self) -> QToolButton:
        close_button = QToolButton()
        close_button.setAutoRaise(True)
        close_button.setToolTip(tr("Close this message"))
        close_button.setAccessibleName(tr("Close message"))
        close_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        close_button.clicked.connect(self.hide)
        self._theme.set_icon(close_button, Icon.CLOSE)
        return close_button

    def _lay_out(self, close_button: QToolButton) -> None:
        text_layout = QVBoxLayout()
        text_layout.setSpacing(2)
        for label in (self.title_label, self.advice_label, self.details_label):
            text_layout.addWidget(label)
        button_row = QHBoxLayout()
        button_row.setSpacing(SPACING)
        button_row.setContentsMargins(0, 4, 0, 0)
        for button in (*self._buttons, self.details_button):
            button_row.addWidget(button)
        button_row.addStretch(1)
        text_layout.addLayout(button_row)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(MARGIN, SPACING, SPACING, SPACING)
        layout.setSpacing(MARGIN)
        layout.addWidget(self._icon_label, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(text_layout, 1)
        layout.addWidget(close_button, 0, Qt.AlignmentFlag.AlignTop)

    def _show_message(self, message: UserMessage, icon: Icon) -> None:
        self._icon = icon
        self._keeps_message = icon is Icon.ERROR
        self._button_callbacks.clear()
        for button in self._buttons:
            button.hide()
        self.title_label.setText(message.title)
        self.advice_label.setText(message.advice)
        self.advice_label.setVisible(bool(message.advice))
        self.details_label.setText(message.details)
        self.details_button.setChecked(False)
        self.details_button.setVisible(bool(message.details))
        self.details_label.hide()
        self.setAccessibleName(message.as_line())
        self._update_icon()
        self._update_style()
        self.show()
        self.message_changed.emit()
        # Screen readers read an alert aloud wherever the focus is.
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _update_style(self) -> None:
        """Use the colors of an error for an error, and those of the window otherwise."""
        is_error = self._icon is Icon.ERROR
        names: tuple[tuple[QWidget, str], ...] = (
            (self, "error" if is_error else "message"),
            (self.title_label, "errortitle" if is_error else "heading"),
        )
        for widget, name in names:
            if widget.objectName() != name:
                widget.setObjectName(name)
                # Qt applies the style sheet of a new object name only when the widget is polished.
                widget.style().polish(widget)

    @Slot()
    def _update_icon(self) -> None:
        self._icon_label.setPixmap(self._theme.create_icon(self._icon).pixmap(ICON_SIZE * 1.2))

    def _on_button_clicked(self, index: int) -> None:
        callback = self._button_callbacks[index]
        self.hide()
        callback()
