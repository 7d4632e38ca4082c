"""The model of the list, through what Qt itself checks of models."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from app.jobs.batch.batch_items import Found, Status
from app.ui.batch.batch_table_model import ROWS_MIME, Column
from app.ui.batch.batch_table_view import QueueView
from app.ui.widgets.theme import Theme
from app.viewmodels.batch import batch_state as q
from app.viewmodels.batch.batch_state import QueueState, Working

HERE = Path("/pictures")


def of(count):
    found = [Found(HERE / f"{n}.jpg", HERE) for n in range(1, count + 1)]
    return q.added(QueueState(), found)


@pytest.fixture
def view(qtbot, qapp):
    theme = Theme(qapp)
    view = QueueView(theme)
    view.theme = theme
    qtbot.addWidget(view)
    strict = QAbstractItemModelTester.FailureReportingMode.Fatal
    view.tester = QAbstractItemModelTester(view.table, strict, view)
    return view


def shown(view):
    table = view.table
    return [table.number_at(row) for row in range(table.rowCount())]


def select(view, *numbers):
    view.clearSelection()
    for number in numbers:
        flag = QItemSelectionModel.SelectionFlag
        index = view.table.index_of(number)
        view.selectionModel().select(index, flag.Select | flag.Rows)


def scattered(state):
    return q.removed(state, range(1, 200, 2))


@pytest.mark.parametrize(
    "change",
    [
        lambda s: q.added(s, [Found(HERE / f"new {n}.jpg") for n in range(3)]),
        lambda s: q.removed(s, {1, 2, 5, 199, 200}),
        scattered,
        lambda s: q.removed(s, range(1, 201)),
        lambda s: q.moved(s, {3, 4, 9}, -1),
        lambda s: q.moved_before(s, {1, 2}, None),
        lambda s: q.with_rows(s, [*reversed(s.rows[:50]), *s.rows[:0]]),
        lambda s: q.taken_up(s, 7),
        lambda s: q.removed(q.taken_up(s, 7), {8}),
        lambda _: QueueState(),
        lambda s: s,
    ],
)
def test_it_follows_every_change_and_back(view, change):
    state = of(200)
    view.show_state(state)
    after = change(state)
    view.show_state(after)
    assert shown(view) == [row.number for row in after.rows]
    view.show_state(state)
    assert shown(view) == [row.number for row in state.rows]


def test_what_is_selected_stays_selected_wherever_it_goes(view):
    state = of(9)
    view.show_state(state)
    select(view, 3, 4)
    kept = QPersistentModelIndex(view.table.index_of(4))
    state = q.moved_before(state, {3, 4}, None)
    view.show_state(state)
    assert view.numbers() == (3, 4)
    state = q.removed(state, {1, 3})
    view.show_state(state)
    assert view.numbers() == (4,)
    assert view.table.number_at(kept.row()) == 4


def test_each_cell_says_its_part(view):
    state = of(2)
    done = replace(state.rows[0], status=Status.DONE, consistency=0.99987, seconds=1.25)
    state = q.with_rows(state, [done, replace(state.rows[1], status=Status.WORKING)])
    view.show_state(replace(state, working=Working(2, 1, 4)))

    def cell(row, column, role=Qt.ItemDataRole.DisplayRole):
        return view.table.index(row, column).data(role)

    assert cell(0, Column.FILE) == "1.jpg"
    assert cell(0, Column.STATE) == "Done"
    assert cell(0, Column.CONSISTENCY) == "99.98 %"
    assert cell(0, Column.SECONDS) == "1.2"
    assert cell(1, Column.STATE) == "Working, 25 %"
    assert cell(1, Column.STATE, Qt.ItemDataRole.AccessibleTextRole) == "State: Working, 25 %"
    assert str(HERE / "1.jpg") in cell(0, Column.FILE, Qt.ItemDataRole.ToolTipRole)
    assert view.isColumnHidden(Column.SETTINGS)


@pytest.mark.parametrize(
    ("row", "parent", "before"), [(0, None, 1), (2, None, 3), (-1, 1, 2), (-1, None, None)]
)
def test_a_drop_asks_for_a_move_and_leaves_the_rows_to_the_state(view, row, parent, before):
    view.show_state(of(4))
    asked = []
    view.table.move_wanted.connect(lambda numbers, place: asked.append((numbers, place)))
    data = view.table.mimeData([view.table.index(3, 0), view.table.index(1, 2)])
    assert data.formats() == [ROWS_MIME]
    under = view.table.index(-1 if parent is None else parent, 0)
    assert not view.table.dropMimeData(data, Qt.DropAction.MoveAction, row, 0, under)
    assert asked == [([2, 4], before)]
    assert shown(view) == [1, 2, 3, 4]
