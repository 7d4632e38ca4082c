"""The rows of the page of marked regions, found by the names of their buttons."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QWidget


def remove_button(page: QWidget, number: int) -> QPushButton:
    """Return the button that removes a region."""
    return _find_button(page, f"Remove crop {number}")


def go_to_button(page: QWidget, number: int) -> QPushButton:
    """Return the button that shows a region in the view."""
    return _find_button(page, f"Go to crop {number}")


def _find_button(page: QWidget, name: str) -> QPushButton:
    # Rows of an earlier state exist, hidden, until the event loop deletes them.
    *_, newest = (b for b in page.findChildren(QPushButton) if b.accessibleName() == name)
    return newest
