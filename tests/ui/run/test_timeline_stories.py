"""The estimates of a run on the timeline, with real mouse and keys."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image
from PySide6.QtCore import QPoint, Qt

from app.jobs.export.save import SavedFile
from app.viewmodels.compare.compare import AFTER_SLOT
from app.viewmodels.compare.gallery import EstimateKey, ResultKey
from app.viewmodels.run.run import ResultReady, RunInProgress, RunStopped
from ddrm_core.export.replay import read_run_record
from ddrm_core.imaging.quantize_pixels import to_uint8
from tests.support.history_stories import (
    CONTROL,
    click,
    restored,
    share_of_equal_levels,
    until,
)
from tests.support.scripted_denoiser import until_held
from tests.support.window_fixtures import pixels_of


def shown(window):
    return window.view_models.compare.state.slot_keys[AFTER_SLOT]


def picture(window, key):
    return pixels_of(window.view_models.gallery.state.find(key).image)


@pytest.fixture
def small_run(open_photo):
    """Return the window with the photo open and runs set to four steps and three samples."""
    open_photo.view_models.parameters.set_steps(4)
    open_photo.view_models.parameters.set_samples(3)
    return open_photo


def test_stop_scrub_and_keep_an_earlier_estimate(
    scripted, qtbot, open_photo, answers, photo, tmp_path
):
    window, strip = open_photo, open_photo.run_bar.timeline_strip
    assert not strip.isVisible()
    window.view_models.parameters.set_steps(20)
    window.view_models.parameters.set_samples(2)
    scripted.hold_before(11)  # after five steps of two samples
    qtbot.keyClick(window, Qt.Key.Key_Return, CONTROL)
    until_held(qtbot, scripted, window.view_models.run)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    until(qtbot, window.view_models.run, RunStopped)
    assert scripted.evaluations == 10
    assert [frame.step_number for frame in window.view_models.timeline.state.estimates] == [
        1,
        2,
        3,
        4,
        5,
    ]
    assert strip.isVisible()
    assert strip.position_label.text() == "Latest step"
    assert not strip.use_estimate_button.isEnabled()
    strip.slider.setFocus()
    qtbot.keyClick(strip.slider, Qt.Key.Key_Home)
    qtbot.keyClick(strip.slider, Qt.Key.Key_Right)
    frame = window.view_models.timeline.state.estimates[1]
    assert strip.position_label.text() == "Step 2 of 20, versions 1 to 2 of 2"
    qtbot.waitUntil(lambda: shown(window) == EstimateKey(2))
    seen = picture(window, EstimateKey(2))
    click(qtbot, strip.use_estimate_button)
    until(qtbot, window.view_models.run, ResultReady)
    assert not window.message_bar.isVisible()
    kept = window.view_models.run.state.result
    assert not kept.restoration.complete
    assert kept.restoration.evaluation_count == frame.evaluations_done == 4
    assert kept.exact_consistency.inside_fraction == 1
    assert shown(window) == ResultKey()
    whole = (slice(64), slice(96))  # the half MCU further right may still be inconsistent
    assert np.array_equal(picture(window, ResultKey())[whole], seen[whole])
    panel = window.side_panel.result_panel
    assert panel.fact_table.value_text("Evaluations").startswith("4 of ")
    assert panel.verdict_view.title_label.text() == "Intermediate result"
    assert "stopped" not in panel.verdict_view.explanation_label.text()
    assert window.view_models.gallery.state.find(ResultKey()).label == "After: intermediate result"

    answers.to_save = tmp_path / "estimate.png"
    qtbot.keyClick(window, Qt.Key.Key_S, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    until(qtbot, window.view_models.saving, SavedFile)
    assert not read_run_record(answers.to_save).complete
    assert share_of_equal_levels(answers.to_save, photo, tmp_path) > 0.99


def test_the_slider_is_dragged_to_an_estimate_and_back_to_the_result(qtbot, small_run):
    window, strip = small_run, small_run.run_bar.timeline_strip
    result = restored(qtbot, window)
    frames = window.view_models.timeline.state.estimates
    assert [(f.sample_numbers[0], f.step_number) for f in frames[:2]] == [(1, 1), (1, 2)]
    slider = strip.slider
    place = QPoint(slider.width() - 8, slider.height() // 2)
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseMove(slider, QPoint(4, place.y()))
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(4, place.y()))
    assert slider.value() == 0
    qtbot.waitUntil(lambda: shown(window) == EstimateKey(1))
    first = frames[0].pixels.load()
    assert np.array_equal(picture(window, EstimateKey(1)), first)
    qtbot.keyClick(slider, Qt.Key.Key_End)
    assert strip.position_label.text() == "Result"
    assert shown(window) == ResultKey()
    assert np.array_equal(picture(window, ResultKey()), to_uint8(result.restoration.image))


def test_an_estimate_is_kept_after_the_run_has_ended(qtbot, small_run):
    window, strip = small_run, small_run.run_bar.timeline_strip
    whole = restored(qtbot, window)
    qtbot.keyClick(window, Qt.Key.Key_BracketLeft)
    number = len(window.view_models.timeline.state.estimates)
    qtbot.waitUntil(lambda: shown(window) == EstimateKey(number))
    qtbot.keyClick(window, Qt.Key.Key_BracketLeft)
    qtbot.keyClick(window, Qt.Key.Key_E, CONTROL)
    qtbot.waitUntil(lambda: window.view_models.run.state.__class__ is ResultReady, timeout=10000)
    qtbot.waitUntil(lambda: not window.view_models.run.state.result.restoration.complete)
    kept = window.view_models.run.state.result.restoration
    assert not torch.equal(kept.image, whole.restoration.image)
    assert kept.evaluation_count == whole.restoration.evaluation_count - 3  # one step less
    assert strip.slider.value() == number


def test_keeping_during_a_run_stops_it(scripted, qtbot, open_photo):
    window, strip = open_photo, open_photo.run_bar.timeline_strip
    window.view_models.parameters.set_steps(20)
    scripted.hold_before(5)  # after two steps of two samples
    qtbot.keyClick(window, Qt.Key.Key_Return, CONTROL)
    until_held(qtbot, scripted, window.view_models.run)
    assert isinstance(window.view_models.run.state, RunInProgress)
    assert strip.position_label.text() == "Latest step"
    strip.slider.setFocus()
    qtbot.keyClick(strip.slider, Qt.Key.Key_Home)
    assert strip.use_estimate_button.toolTip().startswith("Stop the run")
    frame = window.view_models.timeline.state.estimates[0]
    click(qtbot, strip.use_estimate_button)
    until(qtbot, window.view_models.run, ResultReady)
    assert (
        window.view_models.run.state.result.restoration.evaluation_count
        == frame.evaluations_done
        == 2
    )
    assert scripted.evaluations == 4
    assert not window.message_bar.isVisible()


def test_playing_ends_at_the_result(qtbot, small_run, nothing_left_behind):
    window, strip = small_run, small_run.run_bar.timeline_strip
    window.view_models.parameters.set_samples(1)
    restored(qtbot, window)
    keys = []
    window.view_models.compare.state_changed.connect(
        lambda state: keys.append(state.slot_keys[AFTER_SLOT])
    )
    before = set(nothing_left_behind.active_timers)
    click(qtbot, strip.play_button)
    started = set(nothing_left_behind.active_timers) - before
    assert started
    assert strip.play_button.accessibleName() == "Pause"
    qtbot.waitUntil(lambda: not window.view_models.timeline.state.is_playing)
    count = len(window.view_models.timeline.state.estimates)
    assert count >= 2
    expected = [*(EstimateKey(n) for n in range(1, count + 1)), ResultKey()]
    assert list(dict.fromkeys(keys)) == expected
    assert not started & set(nothing_left_behind.active_timers)
    qtbot.keyClick(window, Qt.Key.Key_P)
    qtbot.keyClick(window, Qt.Key.Key_P)
    assert not window.view_models.timeline.state.is_playing


def test_an_estimate_that_there_was_no_room_for_is_seen_and_not_kept(qtbot, small_run, vault):
    window, strip = small_run, small_run.run_bar.timeline_strip
    vault.max_memory_bytes, vault.max_disk_bytes = 12 * 3 * 97 * 64, 0
    restored(qtbot, window)
    strip.slider.setFocus()
    qtbot.keyClick(strip.slider, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: shown(window) == EstimateKey(1))
    assert not strip.use_estimate_button.isEnabled()
    assert "can be seen but not used" in strip.use_estimate_button.toolTip()


def test_another_file_has_no_estimates(qtbot, small_run, tmp_path):
    restored(qtbot, small_run)
    assert small_run.run_bar.timeline_strip.isVisible()
    other = tmp_path / "other.jpg"
    Image.new("RGB", (40, 50), "teal").save(other)
    small_run.open_paths([other])
    qtbot.waitUntil(lambda: small_run.view_models.document.document.source.path == other)
    assert not small_run.run_bar.timeline_strip.isVisible()
