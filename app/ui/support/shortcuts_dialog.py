"""The list of keyboard and mouse shortcuts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QLineEdit,
    QMenu,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.i18n.translation import tr
from app.ui.widgets.action_factory import strip_mnemonic
from app.ui.widgets.shortcut_rows import ShortcutGroup, ShortcutRow
from app.ui.widgets.theme import MARGIN, SPACING

_INITIAL_SIZE = QSize(720, 600)
_MINIMUM_SIZE = QSize(560, 320)
_NATIVE_TEXT = QKeySequence.SequenceFormat.NativeText


class ShortcutsDialog(QDialog):
    """A modeless dialog that lists shortcuts in groups and can be searched."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keys and mouse"))
        self.setMinimumSize(_MINIMUM_SIZE)
        self.search_field = QLineEdit(clearButtonEnabled=True)
        self.search_field.setPlaceholderText(tr("Search"))
        self.search_field.setAccessibleName(tr("Search the keys"))
        self.search_field.setToolTip(tr("Show only what has these words in it"))
        self.search_field.textChanged.connect(self._filter_shortcuts)
        self.tree = QTreeWidget()
        self.tree.setAccessibleName(tr("Keys and what they do"))
        self.tree.setColumnCount(2)
        self.tree.setHeaderLabels([tr("What"), tr("How")])
        self.tree.setRootIsDecorated(False)
        self.tree.setItemsExpandable(False)
        self.tree.setIndentation(MARGIN)
        self.tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.header().setStretchLastSection(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(SPACING)
        layout.addWidget(self.search_field)
        layout.addWidget(self.tree, 1)

    def sizeHint(self) -> QSize:
        return _INITIAL_SIZE

    def show_shortcuts(self, groups: Sequence[ShortcutGroup]) -> None:
        """Show the shortcuts of `groups` and clear the search."""
        self.tree.clear()
        for group in groups:
            group_item = QTreeWidgetItem(self.tree, [group.title])
            font = group_item.font(0)
            font.setBold(True)
            group_item.setFont(0, font)
            group_item.setFlags(Qt.ItemFlag.ItemIsEnabled)
            for row in group.rows:
                item = QTreeWidgetItem(group_item, [row.action_text, row.keys])
                item.setToolTip(0, row.tooltip)
                item.setData(
                    0, Qt.ItemDataRole.AccessibleTextRole, f"{row.action_text}: {row.keys}"
                )
        self.tree.expandAll()
        self.search_field.clear()
        self.search_field.setFocus()

    @Slot(str)
    def _filter_shortcuts(self, text: str) -> None:
        search_terms = text.casefold().split()
        for index in range(self.tree.topLevelItemCount()):
            group = self.tree.topLevelItem(index)
            if group is not None:
                _filter_group(group, search_terms)


def _filter_group(group: QTreeWidgetItem, search_terms: Sequence[str]) -> None:
    rows = [item for at in range(group.childCount()) if (item := group.child(at)) is not None]
    for item in rows:
        row_text = " ".join((group.text(0), item.text(0), item.text(1), item.toolTip(0)))
        item.setHidden(not all(word in row_text.casefold() for word in search_terms))
    group.setHidden(all(item.isHidden() for item in rows))


def collect_shortcut_groups(menus: Sequence[QAction]) -> tuple[ShortcutGroup, ...]:
    """Return the keyboard shortcuts of all actions in the menus of a menu bar.

    The result has one group per menu; a group includes the actions of submenus.
    """
    groups = []
    for entry in menus:
        menu = entry.menu()
        if isinstance(menu, QMenu):
            rows = tuple(
                _build_shortcut_row(action)
                for action in _iterate_menu_actions(menu)
                if action.shortcuts()
            )
            groups.append(ShortcutGroup(strip_mnemonic(entry.text()), rows))
    return tuple(group for group in groups if group.rows)


def _iterate_menu_actions(menu: QMenu) -> Iterator[QAction]:
    for action in menu.actions():
        submenu = action.menu()
        if isinstance(submenu, QMenu):
            yield from _iterate_menu_actions(submenu)
        else:
            yield action


def _build_shortcut_row(action: QAction) -> ShortcutRow:
    keys = dict.fromkeys(key.toString(_NATIVE_TEXT) for key in action.shortcuts())
    tip = action.toolTip().removesuffix(f" ({next(iter(keys))})")
    return ShortcutRow(strip_mnemonic(action.data() or action.text()), "   ".join(keys), tip)
