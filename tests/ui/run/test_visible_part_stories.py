"""Restoring the visible region and adjusting the sharpness, with real keys."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image
from PySide6.QtCore import Qt

from app.imaging.mipmap_image import MipmapImage
from app.imaging.qimage import pixels_from_qimage
from app.jobs.export.save import SavedFile
from app.viewmodels.document.document import DocumentOpened
from app.viewmodels.run.run import ResultReady
from ddrm_core.sampler.settings import Preset

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def until(qtbot, model, kind):
    qtbot.waitUntil(lambda: isinstance(model.state, kind), timeout=30000)


def pixels(picture: MipmapImage) -> np.ndarray:
    return pixels_from_qimage(picture.full_size).astype(int)


def restored(qtbot, window, modifiers):
    window.view_models.run.reset()
    qtbot.keyClick(window, Qt.Key.Key_Return, modifiers)
    until(qtbot, window.view_models.run, ResultReady)
    return window.view_models.run.state.result


@pytest.mark.parametrize("orientation", [1, 6])
def test_the_visible_part_is_that_part_of_the_whole(
    qtbot, window, answers, tmp_path, original, orientation
):
    path, exif = tmp_path / "turned.jpg", Image.Exif()
    exif[0x0112] = orientation
    original.resize((194, 128)).save(path, quality=10, exif=exif)
    window.open_paths([path])
    until(qtbot, window.view_models.document, DocumentOpened)
    window.view_models.parameters.apply_preset(Preset.FAST)
    window.view_models.parameters.set_samples(2)
    window.view_models.parameters.set_steps(2)
    whole = restored(qtbot, window, CONTROL)
    for _ in range(8):
        qtbot.keyClick(window, Qt.Key.Key_Plus)
    part = restored(qtbot, window, CONTROL | SHIFT)
    region = part.restoration.run.region
    assert region is not None
    assert 0 < region.pixel_count < 194 * 128
    rows, columns = (
        slice(region.top, region.bottom),
        slice(region.left, region.right),
    )
    difference = (part.restoration.image - whole.restoration.image[:, rows, columns]).abs()
    assert float(difference.mean()) <= 0.12
    assert float(difference.max()) <= 2
    shown, all_, decoded = (
        pixels(p) for p in (part.image, whole.image, window.view_models.document.document.image)
    )
    near_whole, near_decoded = np.abs(shown - all_).max(2) <= 2, np.abs(shown - decoded).max(2) <= 3
    assert (near_whole | near_decoded).all()  # restored inside the region, decoded outside
    assert near_whole.mean() > 0.9 * region.pixel_count / (194 * 128)
    assert not near_whole.all()

    # A region cannot be saved with the file's tables, whatever was chosen for whole images.
    window.view_models.saving.options.set_same_levels(True)
    assert not window.side_panel.save_options.same_levels.isEnabled()
    answers.to_save = tmp_path / "part.png"
    qtbot.keyClick(window, Qt.Key.Key_S, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    until(qtbot, window.view_models.saving, SavedFile)
    with Image.open(answers.to_save) as saved:
        assert saved.size == (region.width, region.height)
    assert window.side_panel.result_panel.fact_table.value_text("Region")
    again = restored(qtbot, window, CONTROL)
    assert torch.equal(again.restoration.image, whole.restoration.image)


def test_a_result_is_made_sharper_by_keys_and_saved_so(qtbot, open_photo, answers, tmp_path):
    window = open_photo
    window.view_models.parameters.apply_preset(Preset.FAST)
    window.view_models.parameters.set_samples(2)
    safest = restored(qtbot, window, CONTROL)
    panel = window.side_panel.result_panel
    slider = panel.sharpness_slider.slider
    panel.verdict_view.adjust_button.click()
    assert slider.isVisibleTo(window)
    assert slider.value() == 0
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: window.view_models.run.state.result.sharpness == 1, timeout=10000)
    sharpest = window.view_models.run.state.result
    assert (pixels(sharpest.image) != pixels(safest.image)).any()
    assert window.side_panel.result_panel.isVisible()
    answers.to_save = tmp_path / "sharp.png"
    qtbot.keyClick(window, Qt.Key.Key_S, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    until(qtbot, window.view_models.saving, SavedFile)
    first = (
        torch.from_numpy(sharpest.samples[0].load()).round().clamp(0, 255).byte().permute(1, 2, 0)
    )
    with Image.open(answers.to_save) as saved:
        assert np.array_equal(np.asarray(saved), first.numpy())
    qtbot.keyClick(slider, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: window.view_models.run.state.result.sharpness == 0, timeout=10000)
    assert np.array_equal(pixels(window.view_models.run.state.result.image), pixels(safest.image))


def test_save_writes_the_sharpness_that_was_chosen_though_it_is_not_shown_yet(
    qtbot, open_photo, answers, tmp_path
):
    window = open_photo
    window.view_models.parameters.apply_preset(Preset.FAST)
    window.view_models.parameters.set_samples(2)
    safest = restored(qtbot, window, CONTROL)
    slider = window.side_panel.result_panel.sharpness_slider.slider
    slider.setFocus()
    answers.to_save = tmp_path / "sharp.png"
    for key in (Qt.Key.Key_End, Qt.Key.Key_Home, Qt.Key.Key_End):
        qtbot.keyClick(slider, key)
    assert window.view_models.run.state.result is safest
    assert slider.value() == slider.maximum()
    qtbot.keyClick(window, Qt.Key.Key_S, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    until(qtbot, window.view_models.saving, SavedFile)
    first = torch.from_numpy(safest.samples[0].load()).round().clamp(0, 255).byte().permute(1, 2, 0)
    with Image.open(answers.to_save) as saved:
        assert np.array_equal(np.asarray(saved), first.numpy())


def test_one_sample_has_nothing_to_choose(qtbot, open_photo):
    window = open_photo
    window.view_models.parameters.apply_preset(Preset.DETAIL)
    window.view_models.parameters.set_steps(2)
    restored(qtbot, window, CONTROL)
    assert not window.side_panel.result_panel.sharpness_slider.isVisibleTo(window)
