"""A collapsible section of a panel."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget


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
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        collapsed_arrow = Qt.ArrowType.LeftArrow if mirrored else Qt.ArrowType.RightArrow
        arrow = Qt.ArrowType.DownArrow if expanded else collapsed_arrow
        self.header.setArrowType(arrow)
        self._content.setVisible(expanded)
