"""Waits, clicks and keys of the stories about batches."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton

from app.ui.batch.batch_columns import BatchColumn
from app.viewmodels.batch.batch_state import BatchPhase

CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


def added(qtbot, queue, count):
    """Wait until the batch has `count` items and no folder search is in progress."""
    qtbot.waitUntil(
        lambda: len(queue.state.items) == count and not queue.state.active_searches, timeout=5000
    )


def finished(qtbot, queue, timeout=60000):
    """Wait until no item of the batch is left to restore and the batch is idle."""

    def over():
        return queue.state.phase is BatchPhase.IDLE and queue.state.counts.remaining == 0

    qtbot.waitUntil(over, timeout=timeout)


def button(window, action):
    """Return the button on the batch page that triggers an action."""
    return next(
        b
        for b in window.batch_controller.page.findChildren(QToolButton)
        if b.defaultAction() is action
    )


def click(qtbot, window, action):
    """Click an action's button on the batch page, once it is visible and enabled."""
    there = button(window, action)
    qtbot.waitUntil(lambda: there.isEnabled() and there.height() > 0)
    qtbot.mouseClick(there, Qt.MouseButton.LeftButton)


def under_way(queue):
    """Return whether at least one step of the batch's current item is done."""
    return queue.state.current_item is not None and queue.state.current_item.done_steps > 0


def names(queue):
    """Return the file names of the batch's items, in order."""
    return [row.source.name for row in queue.state.items]


def select(qtbot, window, row, modifier=Qt.KeyboardModifier.NoModifier):
    """Click the item in a row of the list on the batch page."""
    view = window.batch_controller.page.table_view
    place = view.visualRect(view.table_model.index(row, BatchColumn.FILE)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifier, place)


def key(qtbot, widget, name, *modifiers):
    """Press a key of a widget together with modifier keys."""
    combined = Qt.KeyboardModifier.NoModifier
    for modifier in modifiers:
        combined |= modifier
    qtbot.keyClick(widget, name, combined)
