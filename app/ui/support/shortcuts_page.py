"""The sheet of all keys."""

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
from app.ui.widgets.shortcut_rows import KeyGroup, KeyRow
from app.ui.widgets.theme import MARGIN, SPACING

_FIRST_SIZE = QSize(620, 560)
_LEAST_SIZE = QSize(420, 320)
_NATIVE = QKeySequence.SequenceFormat.NativeText


class KeysPage(QDialog):
    """All keys in groups, to be searched; it can stay open beside the window."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keys and mouse"))
        self.setMinimumSize(_LEAST_SIZE)
        self.search = QLineEdit(clearButtonEnabled=True)
        self.search.setPlaceholderText(tr("Search"))
        self.search.setAccessibleName(tr("Search the keys"))
        self.search.setToolTip(tr("Show only what has these words in it"))
        self.search.textChanged.connect(self._filter)
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
        layout.addWidget(self.search)
        layout.addWidget(self.tree, 1)

    def sizeHint(self) -> QSize:
        return _FIRST_SIZE

    def show_keys(self, groups: Sequence[KeyGroup]) -> None:
        """Show these, whatever was searched before."""
        self.tree.clear()
        for group in groups:
            head = QTreeWidgetItem(self.tree, [group.title])
            font = head.font(0)
            font.setBold(True)
            head.setFont(0, font)
            head.setFlags(Qt.ItemFlag.ItemIsEnabled)
            for row in group.rows:
                item = QTreeWidgetItem(head, [row.name, row.keys])
                item.setToolTip(0, row.tip)
                item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{row.name}: {row.keys}")
        self.tree.expandAll()
        self.search.clear()
        self.search.setFocus()

    @Slot(str)
    def _filter(self, text: str) -> None:
        words = text.casefold().split()
        for index in range(self.tree.topLevelItemCount()):
            group = self.tree.topLevelItem(index)
            if group is not None:
                _filter_rows(group, words)


def _filter_rows(group: QTreeWidgetItem, words: Sequence[str]) -> None:
    rows = [item for at in range(group.childCount()) if (item := group.child(at)) is not None]
    for item in rows:
        told = " ".join((group.text(0), item.text(0), item.text(1), item.toolTip(0)))
        item.setHidden(not all(word in told.casefold() for word in words))
    group.setHidden(all(item.isHidden() for item in rows))


def groups_of(menus: Sequence[QAction]) -> tuple[KeyGroup, ...]:
    """The actions with keys in each menu of a menu bar, and in the menus within it."""
    groups = []
    for entry in menus:
        menu = entry.menu()
        if isinstance(menu, QMenu):
            rows = tuple(_row(action) for action in _actions(menu) if action.shortcuts())
            groups.append(KeyGroup(plain(entry.text()), rows))
    return tuple(group for group in groups if group.rows)


def plain(text: str) -> str:
    """An action's words without mnemonic and ellipsis."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip("…")


def _actions(menu: QMenu) -> Iterator[QAction]:
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from _actions(inner)
        else:
            yield action


def _row(action: QAction) -> KeyRow:
    keys = dict.fromkeys(key.toString(_NATIVE) for key in action.shortcuts())
    tip = action.toolTip().removesuffix(f" ({next(iter(keys))})")
    return KeyRow(plain(action.data() or action.text()), "   ".join(keys), tip)
