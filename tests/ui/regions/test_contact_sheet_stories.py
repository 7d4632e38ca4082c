"""Columns of the page of regions, and the contact sheet of them."""

from __future__ import annotations

import numpy as np
from PIL import Image

from app.viewmodels.compare.gallery import OriginalKey, ResultKey, SampleKey
from app.viewmodels.regions.contact_sheet import ContactSheetExported, ContactSheetExporting
from app.viewmodels.regions.regions import compared_items
from app.viewmodels.state_view_model import JobFailed
from ddrm_core.imaging.rectangle import Rectangle
from tests.support.region_stories import click, restored, rgb, until


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
