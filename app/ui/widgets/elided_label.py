"""A label that elides its text."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy


class ElidedLabel(QLabel):
    """A label with one line of text, elided to its width; the tool tip has the text or more."""

    def __init__(self, elide_mode: Qt.TextElideMode) -> None:
        super().__init__()
        self._elide_mode = elide_mode
        self._full_text = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_text(self, text: str, *, tooltip: str | None = None) -> None:
        """Show `text`, which is also the accessible name, and the tool tip if that is None."""
        self._full_text = text
        self.setToolTip(text if tooltip is None else tooltip)
        self.setAccessibleName(text)
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        metrics = self.fontMetrics()
        self.setText(metrics.elidedText(self._full_text, self._elide_mode, self.width()))
