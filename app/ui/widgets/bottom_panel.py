"""What comes out below the pictures when it is wanted."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QTabWidget, QToolButton, QWidget

from app.i18n.translation import tr
from app.ui.widgets.theme import Icon, Theme


class BottomPanel(QTabWidget):
    """Pages behind tabs, shut at first.

    Signals:
        page_shown: A page can be seen now. arg1: the page.
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
        """Put it behind the last tab.

        Args:
            page: The page.
            key: Name of the page in people's stored settings. A key therefore never changes, even
                where the page or its class is renamed.
            title: Text of the tab.
            tooltip: Tool tip of the tab.
        """
        index = self.addTab(page, title)
        self.setTabToolTip(index, tooltip)
        self.tabBar().setTabData(index, key)

    def open_page(self, page: QWidget) -> None:
        """Show it, and give it the focus."""
        self.setCurrentWidget(page)
        self.show()
        page.setFocus()
        self.page_shown.emit(page)

    def toggle_page(self, page: QWidget) -> None:
        """Shut the drawer where it shows this page, else show it."""
        if self.isVisible() and self.currentWidget() is page:
            self.hide()
        else:
            self.open_page(page)

    def current_page_key(self) -> str:
        """Return the key of the page that is shown, for `restore_page`; empty where it is shut."""
        return "" if self.isHidden() else str(self.tabBar().tabData(self.currentIndex()) or "")

    def restore_page(self, key: str) -> None:
        """Show the page with that key, without the focus; nothing where there is none."""
        for index in range(self.count()):
            if self.tabBar().tabData(index) == key:
                self.setCurrentIndex(index)
                self.show()

    @Slot(int)
    def _on_current_changed(self, _index: int) -> None:
        page = self.currentWidget()
        if self.isVisible() and page is not None:
            self.page_shown.emit(page)
