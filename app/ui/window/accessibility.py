"""What painted widgets are to a screen reader."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget


def tell_roles() -> None:
    """Have widgets that paint a picture themselves told as pictures, from now on."""
    QAccessible.installFactory(_interface)


def is_painted(thing: QObject) -> bool:
    """Whether all of it is a picture that this program paints."""
    kind = type(thing)
    own = kind.__module__.startswith("app.")
    return own and QWidget in kind.__bases__ and "paintEvent" in vars(kind)


def _interface(_kind: str, thing: QObject) -> QAccessibleInterface | None:
    """None leaves it to Qt."""
    if isinstance(thing, QWidget) and is_painted(thing):
        return QAccessibleWidget(thing, QAccessible.Role.Graphic)
    return None
