"""Adding, viewing and exporting regions with real keys and clicks."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication

from app.jobs.regions.contact_sheet import layout_from_request
from app.ui.regions.region_view import RegionView
from app.ui.widgets.theme import MARGIN, SPACING
from app.viewmodels.compare.gallery import OriginalKey, ResultKey, SampleKey
from app.viewmodels.regions.contact_sheet import (
    ContactSheetExported,
    ContactSheetExporting,
    build_contact_sheet_request,
)
from app.viewmodels.regions.regions import compared_items
from app.viewmodels.run.run import ResultReady
from app.viewmodels.state_view_model import JobFailed
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.sampler.settings import Preset
from tests.support.region_rows import go_to_button, remove_button

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def until(qtbot, holds):
    qtbot.waitUntil(holds, timeout=20000)  # the machine may be busy with other work


def click(qtbot, button):
    until(qtbot, lambda: button.height() > 0)  # the bottom panel has been laid out
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def rgb(image: QImage):
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return lines[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def restored(qtbot, window, samples=1):
    window.view_models.parameters.apply_preset(Preset.FAST)
    window.view_models.parameters.set_samples(samples)
    window.action_set.restore.trigger()
    until(qtbot, lambda: isinstance(window.view_models.run.state, ResultReady))


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


def test_choose_the_pictures(open_photo):
    window = open_photo
    window.regions_controller.add_region(Rectangle(60, 30, 10, 8))
    page = window.regions_controller.page
    before = page.images_button.menu().actions()[0]
    assert before.isChecked()
    before.trigger()
    assert not page.export_button.isEnabled()
    assert not window.action_set.regions.export_contact_sheet.isEnabled()
    assert OriginalKey() not in window.view_models.regions.state.compared_keys
    page.images_button.menu().actions()[0].trigger()
    assert page.export_button.isEnabled()


def test_another_file_has_other_regions(qtbot, open_photo, screenshot):
    window = open_photo
    window.regions_controller.add_region(Rectangle(60, 30, 10, 8))
    window.open_paths([screenshot])
    until(qtbot, lambda: window.view_models.document.document.source.path == screenshot)
    assert window.view_models.regions.state.regions == ()


def test_a_sheet_that_cannot_be_written_is_said(qtbot, open_photo, answers, tmp_path):
    window = open_photo
    window.regions_controller.add_region(Rectangle(60, 30, 10, 8))
    answers.to_sheet = tmp_path / "missing" / "sheet.png"
    click(qtbot, window.regions_controller.page.export_button)
    until(
        qtbot,
        lambda: isinstance(window.view_models.contact_sheet.state, JobFailed),
    )
    assert window.message_bar.isVisible()
    assert "sheet.png" in window.message_bar.title_label.text()


def test_a_sheet_is_written_though_the_window_is_closed_at_once(open_photo, answers, tmp_path):
    open_photo.regions_controller.add_region(Rectangle(60, 30, 10, 8))
    answers.to_sheet = tmp_path / "sheet.png"
    open_photo.regions_controller.export_contact_sheet()
    assert isinstance(open_photo.view_models.contact_sheet.state, ContactSheetExporting)
    open_photo.close()
    with Image.open(answers.to_sheet) as sheet:
        sheet.load()


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


def test_samples_beside_the_mean(qtbot, open_photo, answers, tmp_path):
    window = open_photo
    restored(qtbot, window, samples=2)
    window.regions_controller.add_region(Rectangle(40, 20, 16, 12))
    page, gallery = window.regions_controller.page, window.view_models.gallery
    actions = {action.text(): action for action in page.images_button.menu().actions()}
    label = gallery.state.find(SampleKey(2)).label
    actions[label].trigger()
    until(qtbot, lambda: gallery.state.find(SampleKey(2)).image is not None)
    shown = compared_items(window.view_models.regions.state, gallery.state)
    assert [entry.key for entry in shown] == [OriginalKey(), ResultKey(), SampleKey(2)]
    sample = gallery.state.find(SampleKey(2)).image
    seen = rgb(page.region_view(1, 2).rendered_image)
    state = window.view_models.regions.state
    place = state.visible_rectangle(state.regions[0])
    own = rgb(sample.full_size)[place.top : place.bottom, place.left : place.right]
    times = state.scale.enlargement
    assert np.array_equal(seen, own.repeat(times, 0).repeat(times, 1))
    answers.to_sheet = tmp_path / "three.png"
    click(qtbot, page.export_button)
    until(
        qtbot,
        lambda: isinstance(window.view_models.contact_sheet.state, ContactSheetExported),
    )
    with Image.open(tmp_path / "three.png") as sheet:
        assert sheet.width > 320 + 3 * seen.shape[1]


def test_a_sheet_waits_for_its_pictures(qtbot, open_photo, answers, tmp_path):
    window = open_photo
    gallery, sheet = window.view_models.gallery, window.view_models.contact_sheet
    window.regions_controller.add_region(Rectangle(40, 20, 16, 12))
    window.view_models.regions.set_image_compared(SampleKey(2), is_compared=True)
    window.bottom_panel.hide()
    restored(qtbot, window, samples=2)
    assert gallery.state.find(SampleKey(2)).image is None
    answers.to_sheet = tmp_path / "three.png"
    window.action_set.regions.export_contact_sheet.trigger()
    assert (
        window.message_bar.title_label.text() == "A picture for the contact sheet is still fetched"
    )
    assert not isinstance(sheet.state, ContactSheetExporting)
    until(qtbot, lambda: gallery.state.find(SampleKey(2)).image is not None)
    window.action_set.regions.export_contact_sheet.trigger()
    until(qtbot, lambda: isinstance(sheet.state, ContactSheetExported))
    with Image.open(tmp_path / "three.png") as image:
        assert image.width > 320 + 3 * 240


def test_pictures_of_another_file_are_let_go(qtbot, open_photo, screenshot):
    window = open_photo
    page = window.regions_controller.page
    window.regions_controller.add_region(Rectangle(60, 30, 10, 8))
    assert page.region_view(1, 0).rendered_image is not None
    window.bottom_panel.hide()
    window.open_paths([screenshot])
    until(qtbot, lambda: window.view_models.document.document.source.path == screenshot)
    until(qtbot, lambda: page.findChildren(RegionView) == [])


def choose_other_file(page):
    page.images_button.menu().actions()[-1].trigger()


def test_a_further_file_of_the_same_size_is_a_column(
    qtbot, open_photo, answers, original, tmp_path
):
    """Another file is compared in the window and on the sheet, and never restored."""
    window, page = open_photo, open_photo.regions_controller.page
    window.regions_controller.add_region(Rectangle(40, 20, 16, 12))
    answers.to_compare = tmp_path / "original.png"
    original.save(answers.to_compare)
    choose_other_file(page)
    gallery, state = window.view_models.gallery, window.view_models.regions
    until(qtbot, lambda: len(compared_items(state.state, gallery.state)) == 2)
    until(qtbot, lambda: page.region_view(1, 1).rendered_image is not None)
    assert gallery.state.items[-1].label == "Other file: original.png"
    place, times = state.state.visible_rectangle(state.state.regions[0]), state.state.scale
    own = np.asarray(original)[place.top : place.bottom, place.left : place.right]
    seen = rgb(page.region_view(1, 1).rendered_image)
    assert np.array_equal(seen, own.repeat(times.enlargement, 0).repeat(times.enlargement, 1))
    assert window.view_models.document.document.source.path != answers.to_compare


def test_a_further_file_of_another_size_is_refused_with_both_sizes(
    qtbot, open_photo, answers, screenshot
):
    window = open_photo
    window.regions_controller.add_region(Rectangle(40, 20, 16, 12))
    answers.to_compare = screenshot
    choose_other_file(window.regions_controller.page)
    until(qtbot, lambda: "another size" in window.message_bar.title_label.text())
    advice = window.message_bar.advice_label.text()
    assert "240 × 192" in advice  # noqa: RUF001
    assert "97 × 64" in advice  # noqa: RUF001
    assert len(window.view_models.gallery.state.items) == 1
