"""An image that has lost its lower bits: opened, restored and saved by users."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from app.jobs.export.save import SavedFile
from app.jobs.run.restore_request import ProblemKind
from app.viewmodels.run.run import ResultReady
from ddrm_core.problems.bit_depth.image import load_quantized_image

pytestmark = pytest.mark.usefixtures("expert")

CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def open_file(qtbot, window, answers, path):
    """Open a file with the keyboard shortcut and the file dialog, and wait until it is open."""
    answers.to_open = path
    qtbot.keyClick(window, Qt.Key.Key_O, CONTROL)

    def is_open():
        document = window.view_models.document.document
        return document is not None and document.source.path == path

    qtbot.waitUntil(is_open, timeout=10000)


def restore(qtbot, window):
    """Click the Restore button for a run of one step and two samples.

    Wait until the result is ready.
    """
    window.view_models.parameters.set_steps(1)
    window.view_models.parameters.set_samples(2)
    button = window.side_panel.restore_button
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: isinstance(window.view_models.run.state, ResultReady), timeout=20000)


def save(qtbot, window):
    qtbot.keyClick(window, Qt.Key.Key_S, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: isinstance(window.view_models.saving.state, SavedFile), timeout=10000)


def type_bits(qtbot, window, text):
    """Type a number of bits per channel into its field, which the mnemonic N focuses."""
    qtbot.keyClick(window, Qt.Key.Key_N, ALT)
    field = window.side_panel.parameter_panel.bits
    assert field.hasFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def choose_problem(qtbot, window, key):
    field = window.side_panel.parameter_panel.problem
    field.setFocus()
    qtbot.keyClick(field, key)


def test_banding_is_seen_restored_and_saved(qtbot, window, answers, banded, tmp_path):
    open_file(qtbot, window, answers, banded)
    panel = window.side_panel
    assert panel.file_panel.fact_table.value_text("Bits per channel") == "3, estimated"
    assert panel.parameter_panel.problem.currentText() == "Banding"
    assert panel.parameter_panel.bits.text() == "Estimated (3)"
    assert panel.parameter_panel.bits.isVisible()
    assert not panel.parameter_panel.quality.isVisible()
    restore(qtbot, window)
    verdict = panel.result_panel.verdict_view.title_label.text()
    assert verdict == "Faithful to your file, for 3 bits per channel\N{NO-BREAK SPACE}✓"
    answers.to_save = tmp_path / "out.png"
    save(qtbot, window)
    with Image.open(banded) as before, Image.open(answers.to_save) as after:
        here, there = np.asarray(before), np.asarray(after)
    assert np.array_equal(here, there & 0xE0)
    assert not np.array_equal(here + 16, there)  # not only the center of every bin
    saved, source = load_quantized_image(answers.to_save, bits=3), load_quantized_image(banded)
    assert np.array_equal(saved.levels, source.levels)
    assert saved.expansion is None  # the lower bits hold information


@pytest.mark.usefixtures("open_photo")
def test_another_problem_shows_its_own_choices(qtbot, window):
    panel = window.side_panel.parameter_panel
    panel.advanced.setVisible(True)
    rows = (panel.quality, panel.bits, panel.advanced.grid_left)
    assert panel.problem.currentText() == "JPEG artifacts"
    assert [row.isVisible() for row in rows] == [True, False, True]
    choose_problem(qtbot, window, Qt.Key.Key_Down)
    assert window.view_models.parameters.state.problem is ProblemKind.BANDING
    assert [row.isVisible() for row in rows] == [False, True, False]
    assert panel.bits.text() == "No sign"
    assert not window.side_panel.restore_button.isEnabled()
    assert panel.obstacle_label.text().startswith("No banding found")
    assert window.run_bar.status_label.text() == "No banding found"
    type_bits(qtbot, window, "2")
    restore(qtbot, window)
    assert window.view_models.run.state.result.restoration.run.image.bits == 2
    choose_problem(qtbot, window, Qt.Key.Key_Up)
    assert [row.isVisible() for row in rows] == [True, False, True]


def test_what_was_chosen_for_one_file_ends_with_it(qtbot, window, answers, banded, photo):
    open_file(qtbot, window, answers, banded)
    type_bits(qtbot, window, "5")
    open_file(qtbot, window, answers, photo)
    state = window.view_models.parameters.state
    assert (state.problem, state.bits) == (ProblemKind.JPEG, None)
