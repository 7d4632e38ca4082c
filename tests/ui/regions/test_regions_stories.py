"""Adding, viewing and exporting regions with real keys and clicks."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QContextMenuEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from app.jobs.regions.contact_sheet import layout_from_request
from app.ui.regions.region_view import RegionView
from app.ui.widgets.action_factory import strip_mnemonic
from app.ui.widgets.theme import MARGIN, SPACING
from app.viewmodels.regions.contact_sheet import ContactSheetExported, build_contact_sheet_request
from app.viewmodels.regions.regions import compared_items
from ddrm_core.imaging.rectangle import Rectangle
from tests.support.region_rows import go_to_button, remove_button
from tests.support.region_stories import click, restored, rgb, until

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def test_mark_compare_and_export_by_keyboard_alone(qtbot, open_photo, answers, photo, tmp_path):
    window = open_photo
    restored(qtbot, window)
    page = window.regions_controller.page
    qtbot.keyClick(window, Qt.Key.Key_1, CTRL)
    for _ in range(12):
        qtbot.keyClick(window, Qt.Key.Key_Plus)
    assert not page.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_M)
    assert page.isVisible()
    [crop] = window.view_models.regions.state.regions
    assert 0 < crop.rectangle.pixel_count < 97 * 64

    # The views show unchanged image pixels, before and after.
    document, result = (
        window.view_models.document.document,
        window.view_models.run.state.result.image,
    )
    for column, picture in enumerate((document.image, result)):
        seen = rgb(page.region_view(1, column).rendered_image)
        place = window.view_models.regions.state.visible_rectangle(crop)
        assert place.intersection(crop.rectangle) == crop.rectangle
        own = rgb(picture.full_size)[place.top : place.bottom, place.left : place.right]
        times = seen.shape[1] // own.shape[1]
        assert np.array_equal(seen, own.repeat(times, 0).repeat(times, 1))

    request = build_contact_sheet_request(
        document,
        window.view_models.regions.state,
        compared_items(window.view_models.regions.state, window.view_models.gallery.state),
        window.view_models.run.state.result,
    )
    assert any("fast" in line.lower() and "seed 0" in line for line in request.info_lines)
    shown_cells = [rgb(page.region_view(1, column).rendered_image) for column in (0, 1)]
    answers.to_sheet = tmp_path / "sheet.png"
    qtbot.keyClick(window, Qt.Key.Key_E, CTRL | SHIFT)
    until(
        qtbot,
        lambda: isinstance(window.view_models.contact_sheet.state, ContactSheetExported),
    )
    assert answers.asked[-1] == photo.with_name(f"{photo.stem}_crops.png")
    assert window.message_bar.title_label.text() == "Saved sheet.png"
    with Image.open(tmp_path / "sheet.png") as image:
        sheet = np.asarray(image)
    pieces = layout_from_request(request).enlarged_regions
    assert len(pieces) == 2
    for column, piece in enumerate(pieces):
        there = sheet[
            piece.rectangle.top : piece.rectangle.bottom,
            piece.rectangle.left : piece.rectangle.right,
        ]
        assert np.array_equal(there, shown_cells[column])


def test_no_more_than_six_and_room_again(qtbot, open_photo):
    window = open_photo
    for left in range(7):
        window.regions_controller.add_region(Rectangle(5 * left, 3, 12, 9))
    assert len(window.view_models.regions.state.regions) == 6
    assert window.message_bar.title_label.text() == "6 crops are marked already"
    page = window.regions_controller.page
    click(qtbot, remove_button(page, 3))
    assert [c.number for c in window.view_models.regions.state.regions] == [
        1,
        2,
        4,
        5,
        6,
    ]
    go_to_button(page, 5).setFocus()
    qtbot.keyClick(go_to_button(page, 5), Qt.Key.Key_Delete)
    assert [c.number for c in window.view_models.regions.state.regions] == [1, 2, 4, 6]
    click(qtbot, page.clear_button)
    assert window.view_models.regions.state.regions == ()
    assert not window.action_set.regions.export_contact_sheet.isEnabled()


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_cells_are_as_large_as_the_room_and_grow_with_the_window(qtbot, open_photo, count):
    """The crops use the whole page, however large it is (defect 6)."""
    window = open_photo
    page = window.regions_controller.page
    for top in range(count):
        window.regions_controller.add_region(Rectangle(10, 10 * top, 20, 10))
    qtbot.keyClick(window, Qt.Key.Key_K)
    assert not window.compare_view.isVisible()
    for size in (QSize(1280, 720), QSize(1500, 900)):
        window.resize(size)
        cells = [page.region_view(number, 0) for number in range(1, count + 1)]
        until(qtbot, lambda cells=cells: cells_fill(page, cells))
    assert distance_to_frame(page.grid) >= 4


def distance_to_frame(grid):
    """Return the least distance of the words and cells of a grid to its frame, in pixels."""
    content = grid.widget()
    parts = content.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    used = functools.reduce(QRect.united, (part.geometry() for part in parts if part.isVisible()))
    edges = (used.left(), used.top(), content.width() - 1 - used.right())
    return min(*edges, content.height() - 1 - used.bottom())


def cells_fill(page, cells):
    """Return whether cells, one below another, have one size and share the room of the page."""
    corner = cells[-1].mapTo(page, cells[-1].rect().bottomRight())
    return (
        len({(cell.width(), cell.height()) for cell in cells}) == 1
        and page.height() - 5 * SPACING <= corner.y() < page.height()
        and page.width() - 2 * SPACING - MARGIN <= corner.x() < page.width()
    )


def test_one_zoom_and_one_movement_for_all_cells(qtbot, open_photo):
    """The wheel, keys and a drag in one cell apply to every row and column (defect 6)."""
    window = open_photo
    restored(qtbot, window)
    page, model = window.regions_controller.page, window.view_models.regions
    for place in (Rectangle(30, 20, 20, 12), Rectangle(50, 30, 10, 8)):
        window.regions_controller.add_region(place)
    qtbot.keyClick(window, Qt.Key.Key_K)
    until(qtbot, lambda: page.grid.hasFocus())
    fitted = model.state
    qtbot.keyClick(page.grid, Qt.Key.Key_Plus)
    wheel(page.region_view(2, 1), 120)
    assert model.state.scale.factor > fitted.scale.factor
    starts = [model.state.visible_rectangle(region) for region in model.state.regions]
    times = model.state.scale.enlargement
    cell = page.region_view(1, 0)
    middle, distance = cell.rect().center(), QPoint(3 * times, -2 * times)
    qtbot.mousePress(cell, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(cell, middle + distance)
    qtbot.mouseRelease(cell, Qt.MouseButton.LeftButton, pos=middle + distance)
    qtbot.keyClick(page.grid, Qt.Key.Key_Plus)
    qtbot.keyClick(page.grid, Qt.Key.Key_Minus)
    for region, start in zip(model.state.regions, starts, strict=True):
        shown = model.state.visible_rectangle(region)
        assert shown == start.translated(-3, 2)
        for column, item in enumerate(
            compared_items(model.state, window.view_models.gallery.state)
        ):
            own = rgb(item.image.full_size)[shown.top : shown.bottom, shown.left : shown.right]
            seen = rgb(page.region_view(region.number, column).rendered_image)
            assert np.array_equal(seen, own.repeat(times, 0).repeat(times, 1))
    qtbot.mouseDClick(cell, Qt.MouseButton.LeftButton)
    assert model.state == fitted


def open_cell_menu(widget, reason=QContextMenuEvent.Reason.Mouse):
    """Open the context menu at the middle of a widget, and return its entries by their texts."""
    place = widget.rect().center()
    QApplication.sendEvent(widget, QContextMenuEvent(reason, place, widget.mapToGlobal(place)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu, {strip_mnemonic(a.text()): a for a in menu.actions() if not a.isSeparator()}


def choose(qtbot, menu, action):
    """Click an entry of an open menu."""
    place = menu.actionGeometry(action).center()
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=place)


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing the keyboard)")
def test_the_menu_of_a_cell_acts_on_its_crop_and_its_version(qtbot, open_photo, qapp):
    """A right click on a cell offers what can be done with it (defect 18)."""
    window = open_photo
    restored(qtbot, window)
    page, model = window.regions_controller.page, window.view_models.regions
    for place in (Rectangle(30, 20, 20, 12), Rectangle(50, 30, 10, 8)):
        window.regions_controller.add_region(place)
    qtbot.keyClick(window, Qt.Key.Key_K)
    until(qtbot, lambda: page.grid.hasFocus())
    cell = page.region_view(2, 1)
    until(qtbot, lambda: cell.y() > page.region_view(1, 1).geometry().bottom())
    shown = rgb(cell.rendered_image)
    menu, entries = open_cell_menu(cell)
    choose(qtbot, menu, entries["Copy this crop as shown"])
    assert np.array_equal(rgb(qapp.clipboard().image()), shown)
    items = compared_items(model.state, window.view_models.gallery.state)
    menu, entries = open_cell_menu(cell)
    choose(qtbot, menu, entries[f'Leave out "{items[1].label}"'])
    assert compared_items(model.state, window.view_models.gallery.state) == (items[0], *items[2:])
    menu, entries = open_cell_menu(page.region_view(1, 0))
    choose(qtbot, menu, entries["Remove crop 1"])
    assert [region.number for region in model.state.regions] == [2]
    by_key = QContextMenuEvent.Reason.Keyboard
    menu, entries = open_cell_menu(page.grid, by_key)
    assert list(entries) == ["Zoom in in all crops", "Zoom out in all crops", "Fit all crops"]
    before = model.state.scale.factor
    choose(qtbot, menu, entries["Zoom out in all crops"])
    assert model.state.scale.factor < before


def wheel(widget, turn):
    place = QPointF(widget.rect().center())
    event = QWheelEvent(
        place, widget.mapToGlobal(place), QPoint(), QPoint(0, turn), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def test_two_regions_side_by_side_are_three_gestures(qtbot, open_photo):
    """From a result: mark, mark, and the button of the toolbar."""
    window = open_photo
    restored(qtbot, window)
    window.view_models.compare.set_scale(5)
    canvas, page = window.compare_view, window.regions_controller.page
    for left in (-200, 20):
        start = canvas.rect().center() + QPoint(left, -60)
        qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, CTRL, start)
        qtbot.mouseMove(canvas, start + QPoint(100, 60))
        qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, CTRL, start + QPoint(100, 60))
        until(qtbot, lambda: page.isVisible())
    button = window.tool_bar.button_for(window.action_set.regions.toggle_regions_page)
    click(qtbot, button)
    assert button.isChecked()
    cells = [page.region_view(number, column) for number in (1, 2) for column in (0, 1)]
    until(qtbot, lambda: all(c.isVisible() and not c.visibleRegion().isEmpty() for c in cells))
    assert not canvas.isVisible()
    click(qtbot, button)
    assert canvas.isVisible()
    assert not page.isVisible()


def test_the_button_says_how_to_mark_a_region_if_there_is_none(qtbot, open_photo):
    window = open_photo
    page = window.regions_controller.page
    click(qtbot, window.tool_bar.button_for(window.action_set.regions.toggle_regions_page))
    assert window.compare_view.isVisible()
    assert "Ctrl" in page.hint_label.text()
    click(qtbot, page.add_visible_button)
    assert [r.rectangle for r in window.view_models.regions.state.regions] == [
        Rectangle(0, 0, 97, 64)
    ]
    assert not page.add_visible_button.isVisible()
    qtbot.keyClick(page.grid, Qt.Key.Key_Escape)
    assert not page.isVisible()


def test_go_to_a_region(qtbot, open_photo):
    window = open_photo
    window.regions_controller.add_region(Rectangle(60, 30, 10, 8))
    click(qtbot, go_to_button(window.regions_controller.page, 1))
    view = window.view_models.compare.state
    assert not view.is_fitted
    assert (view.center.x, view.center.y) == (65, 34)


def test_another_file_has_other_regions(qtbot, open_photo, screenshot):
    window = open_photo
    window.regions_controller.add_region(Rectangle(60, 30, 10, 8))
    window.open_paths([screenshot])
    until(qtbot, lambda: window.view_models.document.document.source.path == screenshot)
    assert window.view_models.regions.state.regions == ()


def test_drag_with_ctrl_over_a_picture(qtbot, open_photo):
    window = open_photo
    window.view_models.compare.set_scale(5)
    canvas = window.compare_view
    start, end = canvas.rect().center() - QPoint(150, 80), canvas.rect().center() + QPoint(-30, 60)
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, CTRL, start)
    qtbot.mouseMove(canvas, end)
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, CTRL, end)
    [crop] = window.view_models.regions.state.regions
    scale = window.view_models.compare.state.scale
    assert abs(crop.rectangle.width - 120 / scale) <= 2
    assert abs(crop.rectangle.height - 140 / scale) <= 2
    assert window.regions_controller.page.isVisible()


def test_pictures_of_another_file_are_let_go(qtbot, open_photo, screenshot):
    window = open_photo
    page = window.regions_controller.page
    window.regions_controller.add_region(Rectangle(60, 30, 10, 8))
    assert page.region_view(1, 0).rendered_image is not None
    window.bottom_panel.hide()
    window.open_paths([screenshot])
    until(qtbot, lambda: window.view_models.document.document.source.path == screenshot)
    until(qtbot, lambda: page.findChildren(RegionView) == [])
