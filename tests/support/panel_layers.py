"""Selection of the side panel's layer with the mouse."""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.config.settings import PanelLayer


def show_expert_layer(qtbot, window):
    """Click on the button Expert of the side panel, and return the window."""
    button = window.side_panel.layer_switch.buttons[PanelLayer.EXPERT]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    return window
