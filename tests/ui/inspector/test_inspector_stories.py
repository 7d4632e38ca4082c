"""Inspecting a file with real keys and the pointer."""

from __future__ import annotations

import gc
import weakref
from operator import eq, gt, lt

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel

from app.viewmodels.run.run import ResultReady
from ddrm_core.sampler.settings import PRESETS, Preset

CTRL = Qt.KeyboardModifier.ControlModifier


def until(qtbot, holds):
    qtbot.waitUntil(holds, timeout=20000)  # the machine may be busy with other work


def restored(qtbot, window):
    window.view_models.parameters.apply_preset(Preset.FAST)
    window.action_set.restore.trigger()
    until(qtbot, lambda: isinstance(window.view_models.run.state, ResultReady))


def counted(qtbot, window):
    until(qtbot, lambda: window.view_models.inspector.state.band_inspection is not None)


def test_choose_a_band_by_keyboard_and_see_it_everywhere(qtbot, open_photo):
    window = open_photo
    image = window.view_models.document.document.source
    canvas, page = window.compare_view, window.inspector_controller.dialog
    restored(qtbot, window)
    place = QPointF(canvas.width() / 2, canvas.height() / 2)
    qtbot.mouseMove(canvas, place.toPoint())
    until(qtbot, lambda: "DC: level" in window.readout_bar.text)
    assert "inside" in window.readout_bar.text
    assert "after" in window.readout_bar.text

    qtbot.keyClick(window, Qt.Key.Key_I, CTRL)
    assert page.isVisible()
    assert page.table_view.hasFocus() or page.focusWidget() is page.table_view
    counted(qtbot, window)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        qtbot.keyClick(page.table_view, key)
    state = window.view_models.inspector.state
    assert (state.component, state.band) == (0, 8 + 2)
    assert (
        page.band_label.text()
        == f"horizontal 2, vertical 1: step {image.quantization_tables[0][10]}"
    )
    until(qtbot, lambda: "band 2,1: level" in window.readout_bar.text)

    counted(qtbot, window)
    found = window.view_models.inspector.state.band_inspection
    levels = image.levels[0][:, :, 1, 2]
    assert found.level_counts.total_count == levels.size
    assert found.level_counts.count_of(0) == np.sum(levels == 0)
    assert (
        found.result_histogram.inside_count == found.result_histogram.examined_blocks == levels.size
    )
    assert "100.00 % in their bins" in page.summary_label.text()


def test_click_a_cell_of_another_component(qtbot, open_photo):
    window = open_photo
    page = window.inspector_controller.dialog
    qtbot.mouseClick(window.side_panel.file_panel.inspect_button, Qt.MouseButton.LeftButton)
    assert page.isVisible()
    page.component_choice.setFocus()
    qtbot.keyClick(page.component_choice, Qt.Key.Key_Down)
    assert window.view_models.inspector.state.component == 1
    qtbot.mouseClick(
        page.table_view,
        Qt.MouseButton.LeftButton,
        pos=page.table_view.cell_rect(8 * 3 + 4).center(),
    )
    state = window.view_models.inspector.state
    assert (state.component, state.band) == (1, 8 * 3 + 4)
    assert page.table_title_label.text() == "Quantization table of Cb"
    counted(qtbot, window)
    assert window.view_models.inspector.state.band_inspection.result_histogram is None
    assert "after a run" in page.summary_label.text()


def test_labels_say_what_they_mean(qtbot, open_photo):
    window = open_photo
    window.inspector_controller.show_dialog()
    page = window.inspector_controller.dialog
    labels = {label.text(): label for label in page.fact_table.findChildren(QLabel)}
    until(qtbot, labels["Sampling"].isVisible)
    assert "brightness" in labels["Sampling"].toolTip()
    assert "libjpeg" in labels["JPEG quality"].toolTip()


def test_zoom_the_histogram_by_keyboard(qtbot, open_photo):
    window = open_photo
    page = window.inspector_controller.dialog
    window.inspector_controller.show_dialog()
    counted(qtbot, window)
    histogram = page.histogram_view
    most = histogram.visible_range
    qtbot.keyClick(histogram, Qt.Key.Key_Plus)
    assert histogram.visible_range.count < most.count
    qtbot.keyClick(histogram, Qt.Key.Key_End)
    found = window.view_models.inspector.state.band_inspection.level_counts
    assert (histogram.visible_range.first, histogram.visible_range.last) == (
        found.lowest_level - 1,
        found.highest_level + 1,
    )
    qtbot.keyClick(histogram, Qt.Key.Key_Plus)
    before = histogram.visible_range
    qtbot.keyClick(histogram, Qt.Key.Key_Left)
    assert histogram.visible_range.first < before.first
    qtbot.keyClick(histogram, Qt.Key.Key_Home)
    assert histogram.visible_range == most


def test_the_wheel_zooms_the_histogram_unless_it_turns_sideways(qtbot, open_photo):
    window = open_photo
    window.inspector_controller.show_dialog()
    counted(qtbot, window)
    histogram = window.inspector_controller.dialog.histogram_view
    place = QPointF(histogram.rect().center())
    for turned, holds in (((0, 120), lt), ((240, 0), eq), ((0, -120), gt)):
        before = histogram.visible_range.count
        event = QWheelEvent(
            place, histogram.mapToGlobal(place), QPoint(), QPoint(*turned), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(histogram, event)
        assert holds(histogram.visible_range.count, before)


def test_a_picture_that_is_no_jpeg_says_what_applies(scripted, qtbot, window, screenshot):
    window.open_paths([screenshot])
    until(qtbot, lambda: window.view_models.document.document is not None)
    window.inspector_controller.show_dialog()
    page = window.inspector_controller.dialog
    assert page.no_tables_label.isVisible()
    assert not page.table_view.isVisible()
    assert page.fact_table.value_text("JPEG quality") == "10, estimated"
    restored(qtbot, window)
    until(qtbot, page.table_view.isVisible)
    assert page.table_title_label.text() == "Quantization table of Y, estimated or assumed"
    counted(qtbot, window)
    assert scripted.evaluations == PRESETS[Preset.FAST].evaluation_count


def test_what_was_counted_in_the_file_before_is_let_go(qtbot, open_photo, screenshot):
    window = open_photo
    window.inspector_controller.show_dialog()
    counted(qtbot, window)
    page = window.inspector_controller.dialog
    counts = weakref.ref(window.view_models.inspector.state.band_inspection.level_counts.counts)
    assert counts() is not None
    window.open_paths([screenshot])
    until(qtbot, page.no_tables_label.isVisible)
    gc.collect()
    assert counts() is None


def test_the_pointer_beside_the_picture_reads_nothing(qtbot, open_photo):
    window = open_photo
    canvas = window.compare_view
    qtbot.mouseMove(canvas, canvas.rect().center())
    until(qtbot, lambda: "before" in window.readout_bar.text)
    window.view_models.compare.zoom(0.5)
    qtbot.mouseMove(canvas, QPoint(9, 150))
    until(qtbot, lambda: window.readout_bar.text == "")


def test_another_file_begins_at_its_lowest_band(qtbot, open_photo, twice):
    window = open_photo
    window.view_models.inspector.select_band(1, 20)
    window.open_paths([twice])
    until(qtbot, lambda: window.view_models.document.document.source.path == twice)
    state = window.view_models.inspector.state
    assert (state.component, state.band) == (0, 0)
    assert state.document is window.view_models.document.document


def test_another_result_is_seen_where_one_looked_before(qtbot, open_photo):
    window = open_photo
    window.inspector_controller.show_dialog()
    counted(qtbot, window)
    histogram = window.inspector_controller.dialog.histogram_view
    qtbot.keyClick(histogram, Qt.Key.Key_Plus)
    looked_at = histogram.visible_range
    restored(qtbot, window)
    until(qtbot, lambda: window.view_models.inspector.state.band_inspection is not None)
    assert window.view_models.inspector.state.band_inspection.result_histogram is not None
    assert histogram.visible_range == looked_at
