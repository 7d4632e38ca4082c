"""Wrapped tooltips, also on the labels of form controls."""

from __future__ import annotations

import textwrap

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QWidget

TOOLTIP_COLUMNS = 60
"""Largest number of characters in a line of a tooltip; Qt does not wrap plain text."""


def wrap_tooltip(text: str) -> str:
    """Return a tooltip with line breaks; existing line breaks stay, and long words are not cut."""
    lines = (
        textwrap.fill(line, TOOLTIP_COLUMNS, break_long_words=False, break_on_hyphens=False)
        for line in text.split("\n")
    )
    return "\n".join(lines)


def wrap_tooltips(root: QWidget) -> None:
    """Wrap the tooltips of all widgets and actions in `root`.

    The label of a control gets the tooltip of its control, because the pointer often rests there.
    """
    for action in root.findChildren(QAction):
        action.setToolTip(wrap_tooltip(action.toolTip()))
    for widget in root.findChildren(QWidget):
        widget.setToolTip(wrap_tooltip(widget.toolTip()))
    for label in root.findChildren(QLabel):
        control = label.buddy()
        if isinstance(control, QWidget) and not label.toolTip():
            label.setToolTip(control.toolTip() or _parent_tooltip(control))


def _parent_tooltip(control: QWidget) -> str:
    parent = control.parentWidget()
    return "" if parent is None else parent.toolTip()
