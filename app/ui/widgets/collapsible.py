"""A collapsible section of a panel."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget


def collapsed_arrow(widget: QWidget) -> Qt.ArrowType:
    """Return the arrow of a collapsed section, which points in the reading direction."""
    mirrored = widget.layoutDirection() is Qt.LayoutDirection.RightToLeft
    return Qt.ArrowType.LeftArrow if mirrored else Qt.ArrowType.RightArrow


class CollapsibleSection(QWidget):
    """A clickable heading that shows or hides the content below it; collapsed at first."""

    def __init__(self, title: str, content: QWidget, *, tooltip: str) -> None:
        super().__init__()
        self.header = QToolButton()
        self.header.setObjectName("fold")
        self.header.setText(title)
        self.header.setCheckable(True)
        self.header.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.header.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.header.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.header.setAccessibleName(title)
        self.header.setToolTip(tooltip)
        self.header.toggled.connect(self._on_toggled)
        self._content = content
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.header)
        layout.addWidget(content)
        self._on_toggled(False)

    @Slot(bool)
    def _on_toggled(self, expanded: bool) -> None:
        self.header.setArrowType(Qt.ArrowType.DownArrow if expanded else collapsed_arrow(self))
        self._content.setVisible(expanded)
