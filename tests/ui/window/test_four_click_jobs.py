"""One picture and one folder restored with four clicks each, through Qt's own file dialogs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QDialogButtonBox,
    QFileDialog,
    QToolButton,
    QWidget,
)

from app.compose import build_window
from app.jobs.batch.batch_items import ItemStatus
from app.jobs.export.save import SavedFile
from app.ui.batch.batch_table_model import BatchColumn
from app.ui.widgets.dialogs import Dialogs
from app.viewmodels.document.document import DocumentOpened
from app.viewmodels.run.run import ResultReady
from ddrm_core.export.replay import read_run_record
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.sampler.settings import Preset
from tests.support.batch_stories import finished, names

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform

LEFT = Qt.MouseButton.LeftButton
FILE_VIEWS = ("listView", "treeView")  # in Qt's file dialog, one of them visible


class Hand:
    """A hand with a mouse that counts its clicks; a double click is one.

    Attributes:
        count: Number of clicks so far.
    """

    def __init__(self, qtbot) -> None:
        self._qtbot = qtbot
        self.count = 0

    def click(self, widget: QWidget, place: QPoint | None = None) -> None:
        self._qtbot.waitUntil(lambda: widget.isEnabled() and not widget.visibleRegion().isEmpty())
        self.count += 1
        self._qtbot.mouseClick(widget, LEFT, pos=place or widget.rect().center())

    def double_click(self, widget: QWidget, place: QPoint) -> None:
        self.count += 1
        # Qt sends only the second press of a double click by mouseDClick.
        self._qtbot.mouseClick(widget, LEFT, pos=place)
        self._qtbot.mouseDClick(widget, LEFT, pos=place)

    def click_and_pick(
        self, widget: QWidget, name: str, pick: Callable[[QFileDialog, QWidget, QPoint], None]
    ) -> None:
        """Click a button that opens a file dialog, and pick a name in the dialog.

        Args:
            widget: The button.
            name: Name in the list of the dialog.
            pick: Function that picks the name. arg1: dialog. arg2: its list. arg3: place of the
                name in the list.
        """

        def answer() -> None:
            dialog = QApplication.activeModalWidget()
            assert isinstance(dialog, QFileDialog)
            try:
                views = [dialog.findChild(QAbstractItemView, name) for name in FILE_VIEWS]
                view = next(view for view in views if view.isVisible())
                self._qtbot.waitUntil(lambda: find_row(view, name).isValid())
                pick(dialog, view.viewport(), view.visualRect(find_row(view, name)).center())
            finally:
                if dialog.isVisible():  # not answered, because of an error
                    dialog.reject()

        # The event loop of the dialog, which the click starts, calls `answer`.
        self._qtbot.waitUntil(lambda: not widget.visibleRegion().isEmpty())
        QTimer.singleShot(0, answer)
        self.count += 1
        self._qtbot.mouseClick(widget, LEFT)


def find_row(view: QAbstractItemView, name: str) -> QModelIndex:
    """Return the row of a file dialog's list with a name, an invalid index while it is loaded."""
    model, root = view.model(), view.rootIndex()
    rows = (model.index(row, 0, root) for row in range(model.rowCount(root)))
    return next((index for index in rows if index.data() == name), QModelIndex())


def tool_bar_button(window, action):
    return next(b for b in window.tool_bar.findChildren(QToolButton) if b.defaultAction() is action)


@pytest.fixture
def window(qtbot, qapp, store, tmp_path, monkeypatch):
    """Return a new user's window, which asks with Qt's file dialogs, beginning at home."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    window = build_window(
        qapp, bundled_prior_path=BUNDLED_PRIOR_PATH, settings_store=store, dialogs=Dialogs()
    )
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.view_models.parameters.apply_preset(Preset.DRAFT)
    return window


def test_one_picture_takes_four_clicks(qtbot, window, photo):
    """Open, pick, Restore, Save; nothing is asked in between."""
    hand, view_models = Hand(qtbot), window.view_models
    hand.click_and_pick(
        tool_bar_button(window, window.action_set.open),
        photo.name,
        lambda _dialog, view, place: hand.double_click(view, place),
    )
    qtbot.waitUntil(lambda: isinstance(view_models.document.state, DocumentOpened))
    hand.click(window.side_panel.restore_button)
    qtbot.waitUntil(lambda: isinstance(view_models.run.state, ResultReady))
    hand.click(window.side_panel.save_button)
    qtbot.waitUntil(lambda: isinstance(view_models.saving.state, SavedFile))
    assert hand.count == 4
    saved: Path = view_models.saving.state.path
    assert saved == photo.with_name(f"{photo.stem}_restored.png")
    assert read_run_record(saved).complete
    with Image.open(saved) as restored, Image.open(photo) as before:
        assert restored.size == before.size
        assert restored.convert("RGB").tobytes() != before.convert("RGB").tobytes()


def test_a_folder_takes_four_clicks(qtbot, window, original, tmp_path):
    """Folder, pick, Choose, Start; the order of the files is shown before the start."""
    folder = tmp_path / "holiday"
    folder.mkdir()
    for name in ("10.jpg", "2.jpg"):
        original.resize((24, 16)).save(folder / name, quality=10)
    hand, batch = Hand(qtbot), window.view_models.batch

    def pick(dialog: QFileDialog, view: QWidget, place: QPoint) -> None:
        hand.click(view, place)
        box = dialog.findChild(QDialogButtonBox, "buttonBox")
        hand.click(box.button(QDialogButtonBox.StandardButton.Open))

    hand.click_and_pick(
        tool_bar_button(window, window.action_set.batch.show_page), folder.name, pick
    )
    page = window.batch_controller.page
    qtbot.waitUntil(lambda: len(batch.state.items) == 2 and not batch.state.active_searches)
    model = page.table_view.table_model
    shown = [model.index(row, BatchColumn.FILE).data() for row in range(model.rowCount())]
    assert shown == names(batch) == ["2.jpg", "10.jpg"]
    hand.click(
        next(
            button
            for button in page.findChildren(QToolButton)
            if button.defaultAction() is window.action_set.batch.start
        )
    )
    finished(qtbot, batch)
    assert hand.count == 4
    assert {item.status for item in batch.state.items} == {ItemStatus.DONE}
    for item in batch.state.items:
        assert read_run_record(item.target).complete
