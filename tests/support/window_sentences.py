"""The window's sentences, in the program's sources and as its widgets show them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDoubleSpinBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QProgressBar,
    QSpinBox,
    QTabBar,
    QWidget,
)

from tests.support.paths import ROOT

_BRACKETS = re.compile(r"⟦[^⟦⟧]*⟧")
_TAG = re.compile(r"<[^<>]*>|&nbsp;")
# Paths, complete or elided in the middle, and hashes.
_NO_SENTENCE = re.compile(r"\S*[/\\]\S*|\w+…[\w.]+|\b[0-9a-f]{64}\b")
_WORD = re.compile(r"[^\W\d_]{2,}")
_ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
)


@cache
def sentences() -> tuple[str, ...]:
    """Return each English sentence inside tr() and tr_noop() in the program's sources."""
    found = []
    for path in sorted([*(ROOT / "app").rglob("*.py"), *(ROOT / "ddrm_core").rglob("*.py")]):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("tr", "tr_noop"):
                (argument,) = node.args
                # A marked value; texts that are composed are not counted.
                if isinstance(argument, ast.Constant):
                    found.append(argument.value)
                else:
                    assert node.func.id == "tr", ast.unparse(node)
                    inside = list(ast.walk(argument))
                    assert not any(isinstance(n, ast.JoinedStr | ast.BinOp) for n in inside)
    return tuple(found)


def bracketed() -> dict[str, str]:
    """Return a message catalog in which each sentence's translation is itself in brackets."""
    return {sentence: f"⟦{sentence}⟧" for sentence in sentences()}


def outside_brackets(text: str) -> list[str]:
    """Return the words of a text outside brackets, which do not come from a translation."""
    text = _TAG.sub(" ", text)
    while (inner := _BRACKETS.sub(" ", text)) != text:
        text = inner
    return _WORD.findall(_NO_SENTENCE.sub(" ", text).replace("&", ""))


def shown_texts() -> Iterator[tuple[str, str]]:
    """Yield place and text of every text in all windows, also of hidden widgets."""
    for top in QApplication.topLevelWidgets():
        for part in (top, *top.findChildren(QObject)):
            for what, text in _texts_of(part):
                if text:
                    yield f"{type(part).__name__}.{what} in {type(top).__name__}", text


def _texts_of(part: QObject) -> Iterator[tuple[str, str]]:
    match part:
        case QAction() if not part.isSeparator():
            yield from (("text", part.text()), ("toolTip", part.toolTip()))
            yield "statusTip", part.statusTip()
        case QWidget():
            yield from _texts_of_any(part)
            yield from _texts_of_kind(part)


def _texts_of_any(widget: QWidget) -> Iterator[tuple[str, str]]:
    yield from (("toolTip", widget.toolTip()), ("statusTip", widget.statusTip()))
    yield from (("whatsThis", widget.whatsThis()), ("accessibleName", widget.accessibleName()))
    yield "accessibleDescription", widget.accessibleDescription()
    if widget.isWindow():
        yield "windowTitle", widget.windowTitle()


def _texts_of_kind(widget: QWidget) -> Iterator[tuple[str, str]]:
    match widget:
        case QMessageBox():
            yield from (("text", widget.text()), ("informative", widget.informativeText()))
        case QLabel() | QAbstractButton():
            yield "text", widget.text()
        case QLineEdit():
            yield "placeholder", widget.placeholderText()
        case QComboBox():
            yield from _texts_in(widget.model())
        case QAbstractSpinBox():
            yield "special", widget.specialValueText()
            if isinstance(widget, QSpinBox | QDoubleSpinBox):
                yield from (("prefix", widget.prefix()), ("suffix", widget.suffix()))
        case QGroupBox() | QMenu():
            yield "title", widget.title()
        case QTabBar():
            for index in range(widget.count()):
                yield from (("tab", widget.tabText(index)), ("tip", widget.tabToolTip(index)))
        case QProgressBar() if widget.isTextVisible():
            yield "text", widget.text()
        case QAbstractItemView() if widget.model() is not None:
            yield from _texts_in(widget.model())


def _texts_in(model: QAbstractItemModel) -> Iterator[tuple[str, str]]:
    nowhere = QModelIndex()
    # A list model hides its number of columns, which is one.
    listed = isinstance(model, QAbstractListModel)
    rows, columns = model.rowCount(nowhere), 1 if listed else model.columnCount(nowhere)
    for row in range(rows):
        for column in range(columns):
            for role in _ROLES:
                yield "item", _words(model.index(row, column).data(role))
    for column in range(columns):
        for role in _ROLES:
            yield "header", _words(model.headerData(column, Qt.Orientation.Horizontal, role))


def _words(value: object) -> str:
    return value if isinstance(value, str) else ""
