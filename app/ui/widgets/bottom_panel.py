"""The bottom panel: tabbed pages below the panes."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QTabWidget, QToolButton, QWidget

from app.i18n.translation import tr
from app.ui.widgets.theme import Icon, Theme

_LARGEST_SHARE = 0.42
"""Share of the window's height that the panel takes at first, unless its pages need more."""


class BottomPanel(QTabWidget):
    """Tabbed pages with buttons to enlarge and to close the panel, which is hidden at first.

    An enlarged panel takes the room of the images above it, too.

    Signals:
        page_shown: A page has become visible. arg1: the page.
        enlarged_changed: The panel was enlarged, or is below the images again. arg1: whether
            enlarged.
        closed: The panel was hidden, but not only together with the window.
    """

    page_shown = Signal(QWidget)
    enlarged_changed = Signal(bool)
    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("drawer")
        self.setDocumentMode(True)
        self.setAccessibleName(tr("Below the pictures"))
        self.enlarge_button = _create_corner_button(
            tr("Enlarge"), tr("Use the room of the pictures above, too")
        )
        self.enlarge_button.setCheckable(True)
        self.enlarge_button.toggled.connect(self.enlarged_changed)
        self.close_button = _create_corner_button(tr("Close"), tr("Close this part of the window"))
        self.close_button.clicked.connect(self.hide)
        theme.set_icon(self.enlarge_button, Icon.ENLARGE_PANEL)
        theme.set_icon(self.close_button, Icon.CLOSE)
        corner = QWidget()
        corner_layout = QHBoxLayout(corner)
        corner_layout.setContentsMargins(0, 0, 0, 0)
        corner_layout.setSpacing(0)
        for button in (self.enlarge_button, self.close_button):
            corner_layout.addWidget(button)
        self.setCornerWidget(corner)
        self.currentChanged.connect(self._on_current_changed)
        self.hide()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        height = min(hint.height(), round(self.window().height() * _LARGEST_SHARE))
        return QSize(hint.width(), max(height, self.minimumSizeHint().height()))

    def add_page(self, page: QWidget, key: str, title: str, tooltip: str) -> None:
        """Append a page as the last tab.

        Args:
            page: The page to append.
            key: Name of the page in users' stored settings. A key therefore never changes, not even
                when the page or its class is renamed.
            title: Text of the tab.
            tooltip: Tool tip of the tab.
        """
        index = self.addTab(page, title)
        self.setTabToolTip(index, tooltip)
        self.tabBar().setTabData(index, key)

    def open_page(self, page: QWidget) -> None:
        """Show `page` and give the page the focus."""
        self.setCurrentWidget(page)
        self.show()
        page.setFocus()
        self.page_shown.emit(page)

    def toggle_page(self, page: QWidget) -> None:
        """Hide the panel if `page` is visible, otherwise show `page`."""
        if self.isVisible() and self.currentWidget() is page:
            self.hide()
        else:
            self.open_page(page)

    @property
    def is_enlarged(self) -> bool:
        return self.enlarge_button.isChecked()

    def set_enlarged(self, *, is_enlarged: bool) -> None:
        """Enlarge the panel, or show it below the images again."""
        self.enlarge_button.setChecked(is_enlarged)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self.isHidden():  # not only because the window is hidden or minimized
            self.set_enlarged(is_enlarged=False)
            self.closed.emit()

    def current_page_key(self) -> str:
        """Return the key of the visible page, or an empty string if the panel is hidden."""
        return "" if self.isHidden() else str(self.tabBar().tabData(self.currentIndex()) or "")

    def restore_page(self, key: str) -> None:
        """Show the page with this key without giving the page the focus; ignore an unknown key."""
        for index in range(self.count()):
            if self.tabBar().tabData(index) == key:
                self.setCurrentIndex(index)
                self.show()

    @Slot(int)
    def _on_current_changed(self, _index: int) -> None:
        page = self.currentWidget()
        if self.isVisible() and page is not None:
            self.page_shown.emit(page)


def _create_corner_button(name: str, tooltip: str) -> QToolButton:
    button = QToolButton()
    button.setAutoRaise(True)
    button.setAccessibleName(name)
    button.setToolTip(tooltip)
    return button
