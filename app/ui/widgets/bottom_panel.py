"""The bottom panel: tabbed pages below the panes."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QTabWidget, QToolButton, QWidget

from app.i18n.translation import tr
from app.ui.widgets.theme import Icon, Theme


class BottomPanel(QTabWidget):
    """Tabbed pages with a close button, hidden at first.

    Signals:
        page_shown: A page has become visible. arg1: the page.
    """

    page_shown = Signal(QWidget)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("drawer")
        self.setDocumentMode(True)
        self.setAccessibleName(tr("Below the pictures"))
        self.close_button = QToolButton()
        self.close_button.setAutoRaise(True)
        self.close_button.setAccessibleName(tr("Close"))
        self.close_button.setToolTip(tr("Close this part of the window"))
        self.close_button.clicked.connect(self.hide)
        theme.set_icon(self.close_button, Icon.CLOSE)
        self.setCornerWidget(self.close_button)
        self.currentChanged.connect(self._on_current_changed)
        self.hide()

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
