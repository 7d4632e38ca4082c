"""What painted widgets are to a screen reader."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget


def install_accessibility_roles() -> None:
    """Have widgets that paint a picture themselves told as pictures, from now on."""
    QAccessible.installFactory(_create_accessible_interface)


def is_custom_painted(widget: QObject) -> bool:
    """Whether all of it is a picture that this program paints."""
    widget_class = type(widget)
    is_from_app = widget_class.__module__.startswith("app.")
    return is_from_app and QWidget in widget_class.__bases__ and "paintEvent" in vars(widget_class)


def _create_accessible_interface(_class_name: str, widget: QObject) -> QAccessibleInterface | None:
    """None leaves it to Qt."""
    if isinstance(widget, QWidget) and is_custom_painted(widget):
        return QAccessibleWidget(widget, QAccessible.Role.Graphic)
    return None
