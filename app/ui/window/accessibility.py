"""Accessibility roles of custom-painted widgets."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget

from app.ui.regions.region_grid import RegionGrid


def install_accessibility_roles() -> None:
    """Let screen readers announce the program's custom-painted widgets as graphics.

    The grid of regions is a group of such widgets. Other widgets keep the roles that Qt gives.
    """
    QAccessible.installFactory(_create_accessible_interface)


def is_custom_painted(widget: QObject) -> bool:
    """Return whether a widget is painted entirely by a class of this program.

    Such a class derives directly from QWidget and overrides `paintEvent`.
    """
    widget_class = type(widget)
    is_from_app = widget_class.__module__.startswith("app.")
    return is_from_app and QWidget in widget_class.__bases__ and "paintEvent" in vars(widget_class)


def _create_accessible_interface(_class_name: str, widget: QObject) -> QAccessibleInterface | None:
    """Return the interface of a custom-painted widget, or None for Qt's default."""
    if isinstance(widget, QWidget) and is_custom_painted(widget):
        return QAccessibleWidget(widget, QAccessible.Role.Graphic)
    if isinstance(widget, RegionGrid):
        return QAccessibleWidget(widget, QAccessible.Role.Grouping)
    return None
