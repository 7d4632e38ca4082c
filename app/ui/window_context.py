"""The objects that the controllers of the window share, and the base class of controllers."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMainWindow

from app.config.settings_store import SettingsStore
from app.ui.widgets.bottom_panel import BottomPanel
from app.ui.widgets.dialogs import Dialogs
from app.ui.widgets.message_bar import MessageBar
from app.ui.widgets.theme import Theme
from app.viewmodels.window.window_view_models import WindowViewModels


@dataclass(frozen=True, slots=True, eq=False)
class WindowContext:
    """The main window and the objects that its controllers share.

    Attributes:
        window: The main window, parent of controllers and dialogs.
        view_models: All view models of the window.
        message_bar: The bar for messages over the images.
        bottom_panel: The tabbed pages below the panes.
        dialogs: Dialogs that ask for files, folders and answers.
        theme: Colors and icons of the current color scheme.
        settings_store: The settings that are stored between sessions.
    """

    window: QMainWindow
    view_models: WindowViewModels
    message_bar: MessageBar
    bottom_panel: BottomPanel
    dialogs: Dialogs
    theme: Theme
    settings_store: SettingsStore


class Controller(QObject):
    """Base class of controllers, which connect the widgets of a feature with view models."""

    def __init__(self, context: WindowContext) -> None:
        super().__init__(context.window)
        self._window = context.window
        self._message_bar = context.message_bar
        self._dialogs = context.dialogs
