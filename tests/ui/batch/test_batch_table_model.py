"""The table model of the batch, checked by Qt's own model tester."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from app.jobs.batch.batch_items import FoundFile, ItemStatus
from app.ui.batch.batch_columns import BatchColumn
from app.ui.batch.batch_table_model import ITEMS_MIME_TYPE
from app.ui.batch.batch_table_view import BatchTableView
from app.ui.widgets.theme import Theme
from app.viewmodels.batch import batch_transitions as transitions
from app.viewmodels.batch.batch_state import BatchState, CurrentItem
from app.viewmodels.batch.batch_thumbnails import ItemThumbnails, ThumbnailsState

HERE = Path("/pictures")


def of(count):
    found = [FoundFile(HERE / f"{n}.jpg", HERE) for n in range(1, count + 1)]
    return transitions.add_files(BatchState(), found)


@pytest.fixture
def view(qtbot, qapp):
    theme = Theme(qapp)
    view = BatchTableView(theme)
    view.theme = theme
    qtbot.addWidget(view)
    strict = QAbstractItemModelTester.FailureReportingMode.Fatal
    view.tester = QAbstractItemModelTester(view.table_model, strict, view)
    return view


def shown(view):
    table = view.table_model
    return [table.item_id_at(row) for row in range(table.rowCount())]


def select(view, *numbers):
    view.clearSelection()
    for number in numbers:
        flag = QItemSelectionModel.SelectionFlag
        index = view.table_model.index_of_item(number)
        view.selectionModel().select(index, flag.Select | flag.Rows)


def scattered(state):
    return transitions.remove_items(state, range(1, 200, 2))


@pytest.mark.parametrize(
    "change",
    [
        lambda s: transitions.add_files(s, [FoundFile(HERE / f"new {n}.jpg") for n in range(3)]),
        lambda s: transitions.remove_items(s, {1, 2, 5, 199, 200}),
        scattered,
        lambda s: transitions.remove_items(s, range(1, 201)),
        lambda s: transitions.move_items(s, {3, 4, 9}, -1),
        lambda s: transitions.move_items_before(s, {1, 2}, None),
        lambda s: transitions.replace_items(s, [*reversed(s.items[:50]), *s.items[:0]]),
        lambda s: transitions.start_item(s, 7),
        lambda s: transitions.remove_items(transitions.start_item(s, 7), {8}),
        lambda _: BatchState(),
        lambda s: s,
    ],
)
def test_it_follows_every_change_and_back(view, change):
    state = of(200)
    view.show_state(state)
    after = change(state)
    view.show_state(after)
    assert shown(view) == [row.item_id for row in after.items]
    view.show_state(state)
    assert shown(view) == [row.item_id for row in state.items]


def test_what_is_selected_stays_selected_wherever_it_goes(view):
    state = of(9)
    view.show_state(state)
    select(view, 3, 4)
    kept = QPersistentModelIndex(view.table_model.index_of_item(4))
    state = transitions.move_items_before(state, {3, 4}, None)
    view.show_state(state)
    assert view.selected_ids() == (3, 4)
    state = transitions.remove_items(state, {1, 3})
    view.show_state(state)
    assert view.selected_ids() == (4,)
    assert view.table_model.item_id_at(kept.row()) == 4


def test_each_cell_says_its_part(view):
    state = of(2)
    done = replace(state.items[0], status=ItemStatus.DONE, consistency=0.99987, seconds=1.25)
    state = transitions.replace_items(
        state, [done, replace(state.items[1], status=ItemStatus.WORKING)]
    )
    view.show_state(replace(state, current_item=CurrentItem(2, 1, 4)))

    def cell(row, column, role=Qt.ItemDataRole.DisplayRole):
        return view.table_model.index(row, column).data(role)

    assert cell(0, BatchColumn.FILE) == "1.jpg"
    assert cell(0, BatchColumn.STATE) == "Done"
    assert cell(0, BatchColumn.CONSISTENCY) == "99.98 %"
    assert cell(0, BatchColumn.SECONDS) == "1.2"
    assert cell(1, BatchColumn.STATE) == "Working, 25 %"
    assert cell(1, BatchColumn.STATE, Qt.ItemDataRole.AccessibleTextRole) == "State: Working, 25 %"
    assert str(HERE / "1.jpg") in cell(0, BatchColumn.FILE, Qt.ItemDataRole.ToolTipRole)
    assert view.isColumnHidden(BatchColumn.SETTINGS)


def test_new_thumbnails_repaint_the_rows_of_their_items_and_no_others(view):
    state, table = of(9), view.table_model
    view.show_state(state)
    table.index_of_item(4)
    for change in (
        lambda s: transitions.move_items_before(s, {4}, 2),
        lambda s: transitions.remove_items(s, {1}),
        lambda s: transitions.add_files(s, [FoundFile(HERE / "new.jpg")]),
    ):
        state = change(state)
        view.show_state(state)
        repainted = []
        table.dataChanged.connect(lambda first, last: repainted.append((first.row(), last.row())))  # noqa: B023
        loaded = {n: ItemThumbnails(state.find_item(n)) for n in (4, 9)}
        table.show_thumbnails(ThumbnailsState(loaded))
        table.dataChanged.disconnect()
        expected = [row for row, item in enumerate(state.items) if item.item_id in (4, 9)]
        assert sorted(repainted) == [(row, row) for row in expected]


@pytest.mark.parametrize(
    ("row", "parent", "before"), [(0, None, 1), (2, None, 3), (-1, 1, 2), (-1, None, None)]
)
def test_a_drop_asks_for_a_move_and_leaves_the_rows_to_the_state(view, row, parent, before):
    view.show_state(of(4))
    asked = []
    view.table_model.move_requested.connect(lambda numbers, place: asked.append((numbers, place)))
    data = view.table_model.mimeData([view.table_model.index(3, 0), view.table_model.index(1, 2)])
    assert data.formats() == [ITEMS_MIME_TYPE]
    under = view.table_model.index(-1 if parent is None else parent, 0)
    assert not view.table_model.dropMimeData(data, Qt.DropAction.MoveAction, row, 0, under)
    assert asked == [([2, 4], before)]
    assert shown(view) == [1, 2, 3, 4]


def test_the_list_follows_the_file_that_runs_until_the_user_scrolls_away(qtbot, view):
    view.resize(600, 300)
    with qtbot.waitExposed(view):
        view.show()
    state = of(200)
    view.show_state(state)
    qtbot.waitUntil(lambda: view.verticalScrollBar().maximum() > 0)

    def is_visible(number):
        row = view.visualRect(view.table_model.index_of_item(number))
        return row.intersects(view.viewport().rect())

    view.show_state(transitions.start_item(state, 100))
    assert is_visible(100)
    view.show_state(transitions.start_item(state, 120))
    assert is_visible(120)
    view.verticalScrollBar().setValue(0)
    view.show_state(transitions.start_item(state, 121))
    assert is_visible(1)
    assert not is_visible(121)
