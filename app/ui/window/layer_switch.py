"""The switch between the layers of the side panel."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from app.config.settings import PanelLayer
from app.i18n.translation import tr


class LayerSwitch(QWidget):
    """Two joined buttons, of which one is checked: Simple and Expert.

    Signals:
        layer_selected: The user selected a layer. arg1: PanelLayer.

    Attributes:
        buttons: The buttons by their layers.
    """

    layer_selected = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        texts = {
            PanelLayer.SIMPLE: (tr("Simple"), tr("Only what most pictures need")),
            PanelLayer.EXPERT: (tr("Expert"), tr("All settings and facts")),
        }
        self.buttons = {layer: self._create_button(layer, *words) for layer, words in texts.items()}
        group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for button in self.buttons.values():
            group.addButton(button)
            row.addWidget(button)

    def show_layer(self, layer: PanelLayer) -> None:
        """Check the button of a layer without emitting a signal."""
        self.buttons[layer].setChecked(True)

    def _create_button(self, layer: PanelLayer, text: str, tooltip: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName("segment")
        button.setText(text)
        button.setToolTip(tooltip)
        button.setAccessibleName(text)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.clicked.connect(partial(self.layer_selected.emit, layer))
        return button
