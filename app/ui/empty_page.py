"""What the window shows while no file is open."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from app.ui.theme import SPACING, Icon, Theme


class EmptyPage(QWidget):
    """Invites to drop, paste or open a picture.

    Signals:
        open_wanted: The button was pressed.
    """

    open_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("empty")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._picture = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        title = QLabel("Drop a JPEG here", alignment=Qt.AlignmentFlag.AlignCenter)
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.6)
        title.setFont(font)
        words = QLabel(
            "or a PNG, TIFF, WebP or BMP that once was one,\n"
            "or paste a file with Ctrl+V. Nothing is sent anywhere.",
            alignment=Qt.AlignmentFlag.AlignCenter,
        )
        self.button = QPushButton("Open…")
        self.button.setAccessibleName("Open")
        self.button.setToolTip("Open a JPEG, or a picture that once was one (Ctrl+O)")
        self.button.clicked.connect(self.open_wanted)
        layout = QVBoxLayout(self)
        layout.setSpacing(SPACING)
        layout.addStretch(1)
        for widget in (self._picture, title, words):
            layout.addWidget(widget)
        layout.addSpacing(SPACING)
        layout.addWidget(self.button, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
        theme.changed.connect(self._draw)
        self._draw()

    @Slot()
    def _draw(self) -> None:
        self._picture.setPixmap(self._theme.icon(Icon.PICTURE).pixmap(64, 64))
