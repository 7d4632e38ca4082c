"""The header of a row of cells."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout

from app.i18n.translation import tr
from app.ui.widgets.form_controls import create_heading_label, create_secondary_label
from app.ui.widgets.theme import SPACING
from app.viewmodels.regions.regions import NumberedRegion, format_region_rectangle

HEADER_WIDTH = 170
"""Width of the headers in logical pixels."""


class RegionHeader(QFrame):
    """The number and the rectangle of a region, and buttons to go to it and to remove it.

    Signals:
        go_to_requested: The region is to be shown in the compare view. arg1: NumberedRegion.
        remove_requested: The region is to be removed. arg1: its number.
    """

    go_to_requested = Signal(object)
    remove_requested = Signal(int)

    def __init__(self, region: NumberedRegion) -> None:
        super().__init__()
        self._region = region
        number_label = create_heading_label(tr("Crop {number}").format(number=region.number))
        rectangle_label = create_secondary_label(format_region_rectangle(region.rectangle))
        rectangle_label.setWordWrap(True)
        go_to_button = QPushButton(tr("Go to"))
        go_to_button.setToolTip(tr("See this crop in the middle of the view"))
        go_to_button.setAccessibleName(tr("Go to crop {number}").format(number=region.number))
        go_to_button.clicked.connect(lambda: self.go_to_requested.emit(self._region))
        remove_button = QPushButton(tr("Remove"))
        remove_button.setToolTip(tr("Forget this crop (Delete)"))
        remove_button.setAccessibleName(tr("Remove crop {number}").format(number=region.number))
        remove_button.clicked.connect(lambda: self.remove_requested.emit(self._region.number))
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACING)
        for button in (go_to_button, remove_button):
            button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING // 2)
        for label in (number_label, rectangle_label):
            layout.addWidget(label)
        layout.addLayout(buttons)
        layout.addStretch(1)
        self.setFixedWidth(HEADER_WIDTH)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_requested.emit(self._region.number)
        else:
            super().keyPressEvent(event)
