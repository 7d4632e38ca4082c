"""The parts of the window that its controllers share."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QMainWindow

from app.config.settings_store import SettingsStore
from app.ui.widgets.bottom_panel import BottomPanel
from app.ui.widgets.dialogs import Dialogs
from app.ui.widgets.message_bar import MessageBar
from app.ui.widgets.theme import Theme
from app.viewmodels.window.window_view_models import WindowViewModels


@dataclass(frozen=True, slots=True, eq=False)
class WindowContext:
    """The window and what every controller may need of it.

    Attributes:
        window: The parent of controllers and dialogs.
        view_models: The state of the window.
        message_bar: The bar for messages, above the images.
        bottom_panel: The pages below the images.
        dialogs: Questions for files, folders and unsaved results.
        theme: Colors and icons.
        settings_store: The settings that outlast the window.
    """

    window: QMainWindow
    view_models: WindowViewModels
    message_bar: MessageBar
    bottom_panel: BottomPanel
    dialogs: Dialogs
    theme: Theme
    settings_store: SettingsStore
