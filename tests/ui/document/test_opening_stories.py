"""Opening and restoring of files other than a single intact JPEG."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu

from app.jobs.export.save import SavedFile
from app.viewmodels.document.document import (
    DocumentOpened,
    DocumentOpenFailed,
    DocumentOpening,
    OpenRequest,
)
from app.viewmodels.document.recompression import RecompressionChecked
from app.viewmodels.parameters.reuse_settings import (
    RecordReadDone,
    RecordReadInProgress,
)
from app.viewmodels.run.run import ResultReady
from app.viewmodels.state_view_model import JobFailed, JobNotStarted
from ddrm_core.sampler.settings import PRESETS, Preset
from tests.support.history_stories import click
from tests.support.scripted_denoiser import until_held

CONTROL = Qt.KeyboardModifier.ControlModifier


def until(qtbot, model, kind, timeout=20000):
    qtbot.waitUntil(lambda: isinstance(model.state, kind), timeout=timeout)


def open_file(qtbot, window, answers, path):
    """Open a file with the keyboard shortcut and the file dialog, and wait until it is open."""
    answers.to_open = path
    qtbot.keyClick(window, Qt.Key.Key_O, CONTROL)

    def is_open():
        document = window.view_models.document.document
        return document is not None and document.source.path == path

    qtbot.waitUntil(is_open, timeout=10000)


def restore(qtbot, window, kind=ResultReady):
    """Click the Restore button for a run of one step and one sample.

    Wait until the state of the run is of type `kind`.
    """
    window.view_models.parameters.set_steps(1)
    window.view_models.parameters.set_samples(1)
    click(qtbot, window.side_panel.restore_button)
    until(qtbot, window.view_models.run, kind)


def type_into(qtbot, field, text):
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def assumed(window):
    assumption = window.view_models.parameters.state.settings.assumption
    return assumption.quality, assumption.grid, assumption.sampling


@pytest.fixture
def clean(tmp_path, original):
    """Return the path of a PNG that has never been a JPEG."""
    path = tmp_path / "clean.png"
    original.resize((60, 44)).save(path)
    return path


class TestPicturesThatAreNoJpeg:
    def test_an_estimate_is_called_one_and_used(self, qtbot, window, answers, screenshot):
        open_file(qtbot, window, answers, screenshot)
        file, parameters = window.side_panel.file_panel, window.side_panel.parameter_panel
        assert file.fact_table.value_text("Format") == "PNG, no JPEG"
        assert file.fact_table.value_text("JPEG quality") == "10, estimated"
        assert parameters.quality.text() == "Estimated (10)"
        restore(qtbot, window)
        image = window.view_models.run.state.result.restoration.run.image
        assert (image.quality.factor, image.grid_left, image.grid_top) == (10, 3, 5)
        assert image.quality_source == "estimated"

    def test_without_a_sign_the_quality_factor_is_asked_for(self, qtbot, window, answers, clean):
        open_file(qtbot, window, answers, clean)
        assert (
            window.side_panel.file_panel.fact_table.value_text("Saved before")
            == "no sign of JPEG compression"
        )
        assert not window.side_panel.restore_button.isEnabled()
        advice = window.side_panel.parameter_panel.obstacle_label
        assert advice.isVisible()
        assert advice.text().endswith("If the picture was a JPEG once, set its quality here.")
        type_into(qtbot, window.side_panel.parameter_panel.quality, "20")
        restore(qtbot, window)
        assert window.view_models.run.state.result.restoration.run.image.quality.factor == 20

    def test_sampling_and_grid_by_hand(self, qtbot, window, answers, screenshot, photo):
        open_file(qtbot, window, answers, screenshot)
        panel = window.side_panel.parameter_panel
        advanced = panel.advanced
        click(qtbot, next(f for f in panel.children() if hasattr(f, "header")).header)
        assert (advanced.grid_left.value(), advanced.grid_top.value()) == (3, 5)
        assert not advanced.grid_left.isEnabled()
        type_into(qtbot, panel.quality, "15")
        type_into(qtbot, advanced.grid_left, "2")
        type_into(qtbot, advanced.grid_top, "1")
        assert panel.quality.text() == "15 on grid 2,1"
        advanced.sampling.setFocus()
        qtbot.keyClick(advanced.sampling, Qt.Key.Key_Home)
        qtbot.keyClick(advanced.sampling, Qt.Key.Key_Down)
        assert advanced.sampling.currentText() == "4:4:4"
        assert assumed(window) == (15, (2, 1), "4:4:4")
        open_file(qtbot, window, answers, photo)
        assert assumed(window) == (None, None, None)
        assert not advanced.sampling.isVisible()
        assert (advanced.grid_left.value(), advanced.grid_top.value()) == (0, 0)


class TestRefusedFiles:
    def test_what_can_be_read_of_a_damaged_file(self, qtbot, window, answers, cut, tmp_path):
        window.open_paths([cut])
        until(qtbot, window.view_models.document, DocumentOpenFailed)
        assert "is damaged: it ends in the middle" in window.message_bar.title_label.text()
        assert window.message_bar.action_button.text() == "Open what can be read"
        click(qtbot, window.message_bar.action_button)
        until(qtbot, window.view_models.document, DocumentOpened)
        assert not window.message_bar.isVisible()
        words = window.side_panel.file_panel.fact_table.value_text("Damage")
        assert words.endswith("% could be read; that part is restored, the rest is as decoded")
        restore(qtbot, window)
        answers.to_save = tmp_path / "r.png"
        qtbot.keyClick(window, Qt.Key.Key_S, CONTROL | Qt.KeyboardModifier.ShiftModifier)
        until(qtbot, window.view_models.saving, SavedFile)
        with Image.open(answers.to_save) as image:
            assert (np.asarray(image)[-8:, -8:] == 128).all()

    def test_a_larger_picture_than_usual(self, qtbot, window, photo):
        window.view_models.document.open(OpenRequest(photo, max_pixels=97 * 64 - 1))
        until(qtbot, window.view_models.document, DocumentOpenFailed)
        assert "claims 97x64 pixels" in window.message_bar.title_label.text()
        assert window.message_bar.action_button.text() == "Open anyway"
        click(qtbot, window.message_bar.action_button)
        until(qtbot, window.view_models.document, DocumentOpened)

    def test_a_stopped_run_can_be_kept_all_the_same(
        self, scripted, qtbot, window, answers, photo, cut
    ):
        open_file(qtbot, window, answers, photo)
        window.view_models.parameters.set_steps(20)
        scripted.hold_before(5)  # after two steps of two samples
        window.action_set.restore.trigger()
        until_held(qtbot, scripted, window.view_models.run)
        window.open_paths([cut])
        until(qtbot, window.view_models.document, DocumentOpenFailed)
        qtbot.waitUntil(window.message_bar.second_action_button.isVisible, timeout=5000)
        assert window.message_bar.action_button.text() == "Open what can be read"
        assert window.message_bar.second_action_button.text() == "Use the latest step"
        click(qtbot, window.message_bar.second_action_button)
        until(qtbot, window.view_models.run, ResultReady)
        assert window.view_models.run.state.result.restoration.evaluation_count == 4
        assert scripted.evaluations == 4


class TestAnEarlierCompression:
    def test_it_is_found_and_assumed(self, qtbot, window, answers, twice, photo):
        open_file(qtbot, window, answers, twice)
        file = window.side_panel.file_panel
        assert not file.assume_button.isVisible()
        until(qtbot, window.view_models.recompression, RecompressionChecked)
        earlier = window.view_models.recompression.state.previous_compression
        words = file.fact_table.value_text("Saved before")
        assert words.startswith(f"at quality {earlier.quality} on grid 3,5, ")
        assert words.endswith("sure")
        states = []
        window.view_models.parameters.state_changed.connect(states.append)
        click(qtbot, file.assume_button)
        assert len(states) == 1  # no intermediate state with half of the old grid
        assert window.side_panel.parameter_panel.quality.text() == f"{earlier.quality} on grid 3,5"
        restore(qtbot, window)
        image = window.view_models.run.state.result.restoration.run.image
        assert (image.quality.factor, image.grid_left, image.grid_top) == (earlier.quality, 3, 5)
        open_file(qtbot, window, answers, photo)
        assert not file.assume_button.isVisible()
        assert assumed(window) == (None, None, None)

    def test_none_is_said_too(self, qtbot, open_photo):
        until(qtbot, open_photo.view_models.recompression, RecompressionChecked)
        assert (
            open_photo.side_panel.file_panel.fact_table.value_text("Saved before")
            == "not at lower quality"
        )
        assert not open_photo.side_panel.file_panel.assume_button.isVisible()

    def test_a_restore_meanwhile_and_closing_at_once(
        self, qtbot, window, answers, twice, nothing_left_behind
    ):
        open_file(qtbot, window, answers, twice)
        restore(qtbot, window)
        # The check waits for the user, and no assumption was made meanwhile.
        until(qtbot, window.view_models.recompression, RecompressionChecked)
        assert window.view_models.recompression.state.previous_compression is not None
        assert window.view_models.run.state.result.restoration.run.image.quality_source == "tables"
        window.open_paths([twice])
        assert isinstance(window.view_models.document.state, DocumentOpening)
        window.close()
        assert not window.isVisible()
        assert nothing_left_behind.running_threads == []
        QApplication.processEvents()  # the late signals of the file's job have no receiver
        assert isinstance(window.view_models.document.state, DocumentOpening)


class TestSettingsOfAResult:
    @pytest.fixture
    def result(self, qtbot, window, answers, photo, tmp_path):
        """Return the path of a saved result that was made with unusual settings.

        The window then has other settings and the photo open.
        """
        open_file(qtbot, window, answers, photo)
        type_into(qtbot, window.side_panel.parameter_panel.quality, "7")
        window.view_models.parameters.set_grid((3, 5))
        window.view_models.parameters.set_seed(11)
        window.view_models.parameters.set_sampler_setting("eta", 0.7)
        restore(qtbot, window)
        answers.to_save = tmp_path / "r.tiff"
        qtbot.keyClick(window, Qt.Key.Key_S, CONTROL | Qt.KeyboardModifier.ShiftModifier)
        until(qtbot, window.view_models.saving, SavedFile)
        window.view_models.parameters.apply_preset(Preset.BALANCED)
        window.view_models.parameters.set_seed(0)
        open_file(qtbot, window, answers, photo)
        until(qtbot, window.view_models.document, DocumentOpened)
        return answers.to_save

    def test_they_are_set_and_the_run_is_made_again(self, qtbot, window, answers, result, tmp_path):
        assert assumed(window) == (None, None, None)
        answers.to_repeat = result
        menu = next(m for m in window.findChildren(QMenu) if m.title() == "&File")
        menu.setActiveAction(window.action_set.reuse_settings)
        qtbot.keyClick(menu, Qt.Key.Key_Return)
        until(qtbot, window.view_models.reuse_settings, RecordReadDone)
        assert window.message_bar.title_label.text() == "The settings of r.tiff are in force"
        state = window.view_models.parameters.state
        assert (state.settings.sampler.steps, state.settings.sampler.eta, state.settings.seed) == (
            1,
            0.7,
            11,
        )
        assert assumed(window) == (7, (3, 5), None)
        click(qtbot, window.side_panel.restore_button)
        until(qtbot, window.view_models.run, ResultReady)
        answers.to_save = tmp_path / "again.tiff"
        qtbot.keyClick(window, Qt.Key.Key_S, CONTROL | Qt.KeyboardModifier.ShiftModifier)
        qtbot.waitUntil(answers.to_save.exists, timeout=5000)
        with Image.open(result) as first, Image.open(answers.to_save) as again:
            assert np.array_equal(np.asarray(first), np.asarray(again))

    def test_a_picture_without_a_record(self, qtbot, open_photo, answers, photo):
        answers.to_repeat = photo
        shift = Qt.KeyboardModifier.ShiftModifier
        qtbot.keyClick(open_photo, Qt.Key.Key_O, CONTROL | shift)
        until(qtbot, open_photo.view_models.reuse_settings, JobFailed)
        assert "holds no record of how it was made" in open_photo.message_bar.title_label.text()
        assert open_photo.view_models.parameters.state.settings.sampler == PRESETS[Preset.BALANCED]

    def test_they_need_an_open_file(self, qtbot, window, answers, photo):
        assert not window.action_set.reuse_settings.isEnabled()
        open_file(qtbot, window, answers, photo)
        assert window.action_set.reuse_settings.isEnabled()

    def test_no_answer_changes_nothing(self, open_photo):
        open_photo.action_set.reuse_settings.trigger()
        assert open_photo.view_models.reuse_settings.state == JobNotStarted()

    def test_another_file_meanwhile_gives_it_up(self, qtbot, open_photo, answers, photo, twice):
        answers.to_repeat = photo
        open_photo.action_set.reuse_settings.trigger()
        assert isinstance(open_photo.view_models.reuse_settings.state, RecordReadInProgress)
        open_file(qtbot, open_photo, answers, twice)
        assert open_photo.view_models.reuse_settings.state == JobNotStarted()
