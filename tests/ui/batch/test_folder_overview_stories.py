"""Texts of the folder page before the start and after the end of a batch."""

from __future__ import annotations

from app.i18n.formatting import format_size
from tests.support.batch_stories import click, finished


def known_cost(window):
    state = window.view_models.batch_cost.state
    return None if state.is_estimating else state.cost


def test_the_folder_says_time_and_size_before_the_start_and_sizes_at_the_end(qtbot, filled, queue):
    """Point 7 of the review's big steps: the expected size is visible before the click."""
    page = filled.batch_controller.page
    qtbot.waitUntil(lambda: known_cost(filled) is not None)
    assert page.progress_label.accessibleName().startswith("6 of 6 left, about ")
    png_bytes = known_cost(filled).result_bytes
    assert ", about " in page.options_section.header.accessibleName()
    filled.view_models.saving.options.set_bits(16)
    assert known_cost(filled) is None
    qtbot.waitUntil(lambda: known_cost(filled) is not None)
    assert known_cost(filled).result_bytes > 1.5 * png_bytes
    click(qtbot, filled, filled.action_set.batch.start)
    finished(qtbot, queue)
    before = sum(item.source.stat().st_size for item in queue.state.items)
    after = sum(item.target.stat().st_size for item in queue.state.items)
    expected = f"All 6 finished, {format_size(before)} before, {format_size(after)} after"
    assert page.progress_label.accessibleName() == expected
