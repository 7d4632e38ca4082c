"""Saving of results with real clicks and keys."""

from __future__ import annotations

import os
import re

import numpy as np
import piexif
import pytest
import tifffile
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QMenu

from app.compose import build_window
from app.jobs.export.save import SavedFile
from app.viewmodels.run.run import ResultReady
from app.viewmodels.state_view_model import JobFailed
from ddrm_core.export.replay import record_from_metadata
from ddrm_core.formats.capabilities import SaveFormat
from ddrm_core.formats.load import load_image
from ddrm_core.imaging.quantize_pixels import quantize_image
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from tests.support.history_stories import click
from tests.support.saving_stories import open_and_restore, save_as

CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
GPS = 0x8825


def tick(qtbot, box):
    """Click on the box of a check box, since clicks elsewhere in its row have no effect."""
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(10, box.height() // 2))


def save(qtbot, window, kind=SavedFile):
    qtbot.keyClick(window, Qt.Key.Key_S, CONTROL)
    qtbot.waitUntil(lambda: isinstance(window.view_models.saving.state, kind), timeout=10000)


def test_save_writes_at_once_under_a_free_name(qtbot, window, answers, camera, tmp_path):
    """Defects 34 and 37: a click saves, *Open folder* is there, and no file is replaced."""
    open_and_restore(qtbot, window, camera)
    written = []
    for name in ("camera_restored.png", "camera_restored (2).png", "camera_restored (3).png"):
        save(qtbot, window)
        written.append(tmp_path / name)
        assert window.view_models.saving.state.path == written[-1]
        assert window.message_bar.title_label.text() == f"Saved {name}"
    assert answers.asked == []
    assert all(path.is_file() for path in written)
    sizes = [f"{path.stat().st_size / 1000:.1f} kB" for path in (written[-1], camera)]
    assert window.message_bar.advice_label.text() == (
        f"It is in {tmp_path}. It has {sizes[0]}; the original has {sizes[1]}."
    )
    assert window.message_bar.action_button.text() == "Open folder"
    click(qtbot, window.message_bar.action_button)
    assert answers.asked == [tmp_path]


def test_the_next_file_is_shown_with_its_size_before_the_click(qtbot, window, camera, tmp_path):
    """Defect 37: name, place and expected size are known before the click, and names are free."""
    (tmp_path / "camera_restored.png").write_bytes(b"another result")
    panel = open_and_restore(qtbot, window, camera)
    foreseen = window.view_models.expected_file

    def wait_for_size():
        qtbot.waitUntil(lambda: foreseen.state.byte_count is not None)
        return foreseen.state.byte_count

    expected = wait_for_size()
    assert panel.target_label.toolTip() == str(tmp_path / "camera_restored (2).png")
    assert panel.target_label.accessibleName().startswith("camera_restored (2).png, about ")
    save(qtbot, window)
    written = tmp_path / "camera_restored (2).png"
    assert written.stat().st_size - 8_000 < expected <= written.stat().st_size
    qtbot.waitUntil(lambda: foreseen.state.path.name == "camera_restored (3).png")
    wait_for_size()
    panel.format.setFocus()
    qtbot.keyClick(panel.format, Qt.Key.Key_Down)
    assert panel.target_label.toolTip() == str(tmp_path / "camera_restored.tiff")
    assert wait_for_size() != expected
    window.open_paths([camera])
    qtbot.waitUntil(lambda: foreseen.state is None)
    assert not panel.target_label.isVisible()


def test_a_refused_place_is_said_in_red_and_another_name_is_one_click_away(
    qtbot, window, answers, camera, tmp_path
):
    """Defect 15: an error of saving stays, with its remedies as buttons."""
    open_and_restore(qtbot, window, camera)
    window.view_models.saving.options.set_folder(tmp_path / "gone")
    save(qtbot, window, JobFailed)
    bar = window.message_bar
    assert bar.stays
    assert "gone" in bar.title_label.text()
    assert (bar.action_button.text(), bar.second_action_button.text()) == (
        "Save as another name…",
        "Open folder",
    )
    answers.to_save = tmp_path / "here.png"
    click(qtbot, bar.action_button)
    qtbot.waitUntil(lambda: isinstance(window.view_models.saving.state, SavedFile))
    assert answers.to_save.is_file()


def test_the_error_of_a_place_goes_when_another_place_is_chosen(qtbot, window, camera, tmp_path):
    """The message stays over the images until it is answered, and this is an answer."""
    panel = open_and_restore(qtbot, window, camera)
    window.view_models.saving.options.set_folder(tmp_path / "gone")
    save(qtbot, window, JobFailed)
    assert window.message_bar.isVisible()
    panel.folder.setFocus()
    qtbot.keyClick(panel.folder, Qt.Key.Key_Up)
    assert panel.folder.currentText() == "Next to the original"
    assert not window.message_bar.isVisible()
    save(qtbot, window)
    assert window.view_models.saving.state.path == tmp_path / "camera_restored.png"


def test_a_format_that_is_chosen_once_is_not_the_next_one(qtbot, window, answers, camera, tmp_path):
    """Defect 4: the name of the latest *Save as*, even a refused one, changed the format."""
    open_and_restore(qtbot, window, camera)
    answers.to_save = camera  # a JPEG that is refused
    save_as(qtbot, window, JobFailed)
    assert window.message_bar.title_label.text() == "This would overwrite the original"
    assert window.message_bar.advice_label.text().startswith("camera.jpg is never changed")
    answers.to_save = tmp_path / "once.jpg"
    save_as(qtbot, window)
    assert window.view_models.saving.options.state.proposed_format is SaveFormat.PNG
    assert window.view_models.batch.state.default_settings.suffix == ".png"
    save(qtbot, window)
    assert window.view_models.saving.state.path == camera.with_name("camera_restored.png")


def test_a_tiff_with_16_bits_that_does_not_say_where(qtbot, window, answers, camera, tmp_path):
    answers.to_save = tmp_path / "out.tiff"
    assert not window.side_panel.save_options.isVisible()
    panel = open_and_restore(qtbot, window, camera)
    assert panel.isVisible()
    assert not panel.bits.isVisible()
    assert panel.format.isVisible()
    click(qtbot, panel.section.header)
    qtbot.keyClick(window, Qt.Key.Key_B, ALT)
    assert panel.bits.hasFocus()
    assert [panel.bits.itemText(i) for i in range(panel.bits.count())] == ["8", "16"]
    qtbot.keyClick(panel.bits, Qt.Key.Key_Down)
    qtbot.keyClick(window, Qt.Key.Key_M, ALT)
    qtbot.keyClick(panel.metadata, Qt.Key.Key_Down)
    assert panel.summary_label.text() == "16 bits, no GPS"
    save_as(qtbot, window)
    assert answers.asked[-1] == camera.with_name("camera_restored.png")
    assert answers.formats == (SaveFormat.PNG, SaveFormat.TIFF, SaveFormat.JPEG_XL)
    assert window.message_bar.title_label.text() == "Saved out.tiff"

    result = window.view_models.run.state.result.restoration
    expected = (quantize_image(result.image, bits=16) * 257).round().permute(1, 2, 0)
    assert np.array_equal(tifffile.imread(answers.to_save), expected.numpy())
    with Image.open(camera) as before, Image.open(answers.to_save) as after:
        assert GPS in before.getexif()
        assert GPS not in after.getexif()
        assert after.getexif()[piexif.ImageIFD.Make] == "maker"
        assert after.getexif()[piexif.ImageIFD.Orientation] == 6
    record = record_from_metadata(load_image(answers.to_save).metadata)
    assert record is not None
    assert (record.sampler.steps, record.prior) == (1, "compact")


def test_a_jpeg_with_the_files_own_tables_has_the_files_own_levels(
    qtbot, window, answers, camera, tmp_path
):
    answers.to_save = tmp_path / "out.jpg"
    panel = open_and_restore(qtbot, window, camera)
    click(qtbot, panel.section.header)
    assert not panel.same_levels.isVisible()
    panel.format.setFocus()
    for _ in range(3):  # TIFF, WebP, JPEG
        qtbot.keyClick(panel.format, Qt.Key.Key_Down)
    assert panel.jpeg_quality.isEnabled()
    tick(qtbot, panel.same_levels)
    assert panel.same_levels.isChecked()
    assert not any(w.isEnabled() for w in (panel.jpeg_quality, panel.bits, panel.upright))
    save_as(qtbot, window)
    assert answers.asked[-1] == camera.with_name("camera_restored.jpg")
    assert answers.formats == (SaveFormat.JPEG,)
    source, saved = read_jpeg(camera), read_jpeg(answers.to_save)
    assert all(map(np.array_equal, saved.levels, source.levels))
    assert all(map(np.array_equal, saved.quantization_tables, source.quantization_tables))
    assert saved.components == source.components
    assert saved.metadata.comments == source.metadata.comments


def test_a_lossy_jpeg_is_said_not_to_be_faithful_once_it_is_saved(qtbot, window, camera):
    """The panel judges the result before it is saved; a lossy file has a verdict of its own."""
    panel = open_and_restore(qtbot, window, camera)
    assert window.side_panel.result_panel.verdict_view.title_label.text().endswith("✓")
    save(qtbot, window)
    assert "aithful" not in window.message_bar.advice_label.text()
    panel.format.setFocus()
    for _ in range(3):  # TIFF, WebP, JPEG
        qtbot.keyClick(panel.format, Qt.Key.Key_Down)
    save(qtbot, window)
    assert window.message_bar.title_label.text() == "Saved camera_restored.jpg"
    lines = window.message_bar.advice_label.text().splitlines()
    assert lines[1] == (
        "Not faithful to your file. Saving as a lossy JPEG changes the picture again."
    )


def test_own_tables_are_not_offered_for_levels_that_were_assumed(qtbot, window, camera):
    panel = open_and_restore(qtbot, window, camera)
    assert panel.same_levels.isEnabled()
    window.view_models.parameters.set_quality(20)
    window.action_set.restore.trigger()
    qtbot.waitUntil(lambda: isinstance(window.view_models.run.state, ResultReady), timeout=20000)
    assert not panel.same_levels.isEnabled()
    assert "assumed" in panel.same_levels.toolTip()


def test_turned_upright(qtbot, window, answers, camera, photo, tmp_path):
    answers.to_save = tmp_path / "out.png"
    panel = open_and_restore(qtbot, window, camera)
    click(qtbot, panel.section.header)
    tick(qtbot, panel.upright)
    save_as(qtbot, window)
    with Image.open(answers.to_save) as image:
        assert image.size == (64, 97)
        assert image.getexif()[piexif.ImageIFD.Orientation] == 1
    window.open_paths([photo])
    qtbot.waitUntil(lambda: not panel.isVisible(), timeout=5000)
    open_and_restore(qtbot, window, photo)
    assert not panel.upright.isEnabled()
    assert not panel.upright.isChecked()


def test_the_date_of_the_file_is_kept_unless_unticked(qtbot, window, answers, camera, tmp_path):
    os.utime(camera, (915_148_800, 915_148_800))
    panel = open_and_restore(qtbot, window, camera)
    click(qtbot, panel.section.header)
    assert panel.keep_date.isChecked()
    dates = []
    for name in ("kept.png", "today.png"):
        answers.to_save = tmp_path / name
        save_as(qtbot, window)
        dates.append(answers.to_save.stat().st_mtime)
        tick(qtbot, panel.keep_date)
    assert dates[0] == camera.stat().st_mtime < dates[1] - 10**8


def test_what_webp_cannot_hold_is_said(qtbot, window, answers, camera, tmp_path):
    answers.to_save = tmp_path / "out.webp"
    open_and_restore(qtbot, window, camera)
    save_as(qtbot, window)
    assert window.message_bar.advice_label.text().startswith(f"It is in {tmp_path}.")
    assert window.message_bar.advice_label.text().endswith("\nWebP holds no comments.")
    assert window.message_bar.isVisible()
    assert not window.message_bar.second_action_button.isVisible()
    with Image.open(answers.to_save) as image:
        assert (image.format, image.getexif()[piexif.ImageIFD.Make]) == ("WEBP", "maker")


def test_many_notes_are_counted_and_shown_on_request(qtbot, window, tmp_path, monkeypatch):
    notes = tuple(f"WebP holds no block {n}." for n in range(7))
    monkeypatch.setattr(
        "app.viewmodels.export.saving.save_result",
        lambda _restored, path, _settings, **_options: SavedFile(path, notes),
    )
    window.view_models.saving.save(None, tmp_path / "out.webp", sharpness=0.0)
    qtbot.waitUntil(lambda: isinstance(window.view_models.saving.state, SavedFile))
    assert window.message_bar.advice_label.text().endswith("block 2.\nAnd 4 more.")
    assert all(note in window.message_bar.second_action_button.toolTip() for note in notes)
    click(qtbot, window.message_bar.second_action_button)
    assert window.message_bar.advice_label.text().splitlines()[1:] == list(notes)
    assert window.message_bar.isVisible()
    selectable = Qt.TextInteractionFlag.TextSelectableByMouse
    assert window.message_bar.advice_label.textInteractionFlags() & selectable


@pytest.mark.parametrize(
    ("name", "bits", "same", "words"),
    [
        ("out.webp", 16, False, "cannot hold 16 bits a channel as WebP"),
        ("out.jpg", 32, False, "cannot hold 32 bits a channel as JPEG"),
        ("out.gif", 8, False, "does not end in a format that this program writes"),
        ("out.png", 8, True, "own tables cannot be out.png"),
    ],
)
def test_a_suffix_that_does_not_fit_is_said_and_nothing_written(
    qtbot, window, answers, photo, tmp_path, name, bits, same, words
):
    answers.to_save = tmp_path / name
    open_and_restore(qtbot, window, photo)
    window.view_models.saving.options.set_bits(bits)
    window.view_models.saving.options.set_same_levels(same)
    there = set(tmp_path.iterdir())
    save_as(qtbot, window, JobFailed)
    assert words in window.message_bar.title_label.text()
    # The window keeps the unsaved result in its state folder whenever it gets to it.
    assert set(tmp_path.iterdir()) - there <= {tmp_path / "settings.ini", tmp_path / "state"}
    assert window.action_set.save.isEnabled()


def test_ink_is_proposed_as_tiff(qtbot, window, answers, tmp_path, original):
    path, answers.to_save = tmp_path / "ink.jpg", tmp_path / "out.tiff"
    original.convert("CMYK").crop((0, 0, 37, 31)).save(path, quality=50)
    open_and_restore(qtbot, window, path)
    save_as(qtbot, window)
    assert answers.asked[-1].name == "ink_restored.tiff"
    assert answers.formats == (SaveFormat.TIFF, SaveFormat.JPEG)
    with Image.open(answers.to_save) as image:
        assert (image.mode, image.size) == ("CMYK", (37, 31))


def test_the_next_window_saves_as_this_one_did(
    qtbot, qapp, window, answers, store, camera, tmp_path
):
    """Defect 17: format and folder are chosen beside Save, and stay chosen."""
    panel = open_and_restore(qtbot, window, camera)
    click(qtbot, panel.section.header)
    qtbot.keyClick(panel.format, Qt.Key.Key_Down)
    qtbot.keyClick(panel.bits, Qt.Key.Key_End)
    answers.to_take = tmp_path
    qtbot.keyClick(panel.folder, Qt.Key.Key_End)
    assert (panel.folder.currentText(), panel.folder.toolTip()) == (tmp_path.name, str(tmp_path))
    window.close()
    again = build_window(
        qapp, bundled_prior_path=BUNDLED_PRIOR_PATH, settings_store=store, dialogs=answers
    )
    qtbot.addWidget(again)
    options = again.side_panel.save_options
    assert options.summary_label.text() == "32-bit float, all metadata"
    assert (options.format.currentText(), options.bits.currentText()) == (
        "TIFF",
        "32-bit float (TIFF)",
    )
    assert options.folder.currentText() == tmp_path.name
    again.close()


def letters_with_alt(window):
    """Return the mnemonics of the buttons and labels in a window, as capital letters.

    Those of the window's dialogs are left out.
    """
    own = [w for kind in (QAbstractButton, QLabel) for w in window.findChildren(kind)]
    own = [w for w in own if w.window() is window]
    words = (w.text() for w in own if isinstance(w, QAbstractButton) or w.buddy())
    return re.findall(r"&(\w)", " ".join(words).upper())


def test_no_two_letters_are_the_same_with_alt(window):
    menus = [menu.title() for menu in window.menuBar().findChildren(QMenu)]
    found = letters_with_alt(window) + re.findall(r"&(\w)", " ".join(menus).upper())
    found += re.findall(r"&(\w)", " ".join(a.text() for a in window.menuBar().actions()).upper())
    assert {"B", "M", "U", "J", "O", "F"} <= set(found)
    assert len(found) == len(set(found))
    on_page = letters_with_alt(window.prior_controller.page)
    assert {"I", "F", "U", "D", "V", "R", "C"} == set(on_page)
    assert len(on_page) == len(set(on_page))
