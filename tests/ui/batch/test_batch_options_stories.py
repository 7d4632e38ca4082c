"""Adding files to a batch and choosing the output location, with real clicks and keys."""

from __future__ import annotations

import warnings
from pathlib import Path

import tifffile
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from app.ui.export.output_field_row import OutputFieldRow
from ddrm_core.formats.capabilities import SaveFormat
from tests.support.batch_stories import CTRL, SHIFT, added, click, finished, key, names, select


def test_names_follow_the_template_whose_mistakes_are_said_at_once(qtbot, filled, queue, tmp_path):
    page = filled.batch_controller.page
    options = page.output_options
    qtbot.mouseClick(page.options_section.header, Qt.MouseButton.LeftButton)
    options.template_edit.setFocus()
    options.template_edit.selectAll()
    qtbot.keyClicks(options.template_edit, "{stem}_{nothing}{ext}")
    assert "{nothing}" in options.example_label.text()
    assert options.example_label.objectName() == "alarm"
    assert not filled.action_set.batch.start.isEnabled()
    options.template_edit.selectAll()
    qtbot.keyClicks(options.template_edit, "{folder}/{stem}-{seed}{ext}")
    qtbot.waitUntil(lambda: options.example_label.objectName() == "faint")
    wanted = "photo 1.jpg becomes pictures 写真/photo 1-0.png"
    qtbot.waitUntil(lambda: options.example_label.text() == wanted)
    options.folder_edit.selectAll()
    qtbot.keyClicks(options.folder_edit, str(tmp_path / "out"))
    key(qtbot, options.folder_edit, Qt.Key.Key_Return)
    qtbot.mouseClick(
        options.keep_subfolders_box,
        Qt.MouseButton.LeftButton,
        pos=QPoint(8, options.keep_subfolders_box.height() // 2),
    )
    click(qtbot, filled, filled.action_set.batch.start)
    finished(qtbot, queue)
    found = sorted(p.relative_to(tmp_path / "out") for p in (tmp_path / "out").rglob("*.png"))
    expected = [Path("pictures 写真", f"photo {n}-0.png") for n in range(1, 5)]
    assert found == sorted([*expected, Path("inside/photo 5-0.png"), Path("inside/photo 6-0.png")])


def test_a_folder_that_is_still_being_typed_counts_when_a_key_starts(
    qtbot, filled, queue, tmp_path
):
    options = filled.batch_controller.page.output_options
    qtbot.mouseClick(filled.batch_controller.page.options_section.header, Qt.MouseButton.LeftButton)
    options.folder_edit.setFocus()
    options.folder_edit.selectAll()
    qtbot.keyClicks(options.folder_edit, str(tmp_path / "typed"))
    assert queue.state.output_location.folder != tmp_path / "typed"
    key(qtbot, options.folder_edit, Qt.Key.Key_F5)
    finished(qtbot, queue)
    assert queue.state.counts.done == 6
    assert {row.target.parent.name for row in queue.state.items} == {"typed", "inside"}


def test_an_output_folder_that_is_a_file_is_called_so(qtbot, filled, queue, text_file, folder):
    """Adding files to the list does not need the folder, and the start says what is wrong."""
    options = filled.batch_controller.page.output_options
    qtbot.mouseClick(filled.batch_controller.page.options_section.header, Qt.MouseButton.LeftButton)
    options.folder_edit.selectAll()
    qtbot.keyClicks(options.folder_edit, str(text_file))
    key(qtbot, options.folder_edit, Qt.Key.Key_Return)
    filled.open_paths([folder])
    expected = "These files are in the list already"
    qtbot.waitUntil(lambda: filled.message_bar.title_label.text() == expected)
    click(qtbot, filled, filled.action_set.batch.start)
    expected = f"Cannot write {text_file}: a file is where a folder is needed"
    qtbot.waitUntil(lambda: filled.message_bar.title_label.text() == expected)
    assert queue.state.counts.finished == 0


def test_the_target_folder_is_only_what_was_typed(qtbot, window, queue, folder):
    key(qtbot, window, Qt.Key.Key_F, CTRL, SHIFT)
    qtbot.mouseClick(window.batch_controller.page.options_section.header, Qt.MouseButton.LeftButton)
    field = window.batch_controller.page.output_options.folder_edit
    field.setFocus()
    window.open_paths([folder])
    added(qtbot, queue, 8)
    beside = folder.with_name("pictures 写真 restored")
    assert field.text() == str(beside)
    key(qtbot, field, Qt.Key.Key_Return)
    assert queue.state.output_location.folder == beside
    field.selectAll()
    qtbot.keyClicks(field, "~nobody of that name/out")
    key(qtbot, field, Qt.Key.Key_Return)
    assert queue.state.output_location.folder.parts[-2:] == ("~nobody of that name", "out")


def test_what_is_dropped_on_the_page_is_added(qtbot, filled, queue, photo, text_file):
    page = filled.batch_controller.page
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in (photo, text_file)])
    place, left = QPoint(200, 120), Qt.MouseButton.LeftButton
    copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    # The list accepts only rows, so the page around the list receives a dropped file.
    over = page.table_view.viewport()
    enter = QDragEnterEvent(place, copy, data, left, none)
    QApplication.sendEvent(over, enter)
    assert enter.isAccepted()
    assert page.drop_highlight.isVisible()  # defect 28: nothing showed where a drop would go
    with warnings.catch_warnings():
        # PySide6 6.12 expects a QPointF, which earlier versions do not accept.
        warnings.simplefilter("ignore", DeprecationWarning)
        QApplication.sendEvent(over, QDropEvent(place, copy, data, left, none))
    assert not page.drop_highlight.isVisible()
    added(qtbot, queue, 8)
    assert names(queue)[-2:] == [photo.name, text_file.name]


def test_files_and_the_target_folder_are_chosen_in_dialogs(
    qtbot, window, queue, answers, folder, tmp_path
):
    window.view_models.preferences.set_results_folder(tmp_path / "usual")
    key(qtbot, window, Qt.Key.Key_F, CTRL, SHIFT)
    click(qtbot, window, window.action_set.batch.add_files)
    assert queue.state.items == ()  # the user has chosen no file
    answers.pictures = (folder / "photo 2.jpg", folder / "photo 1.jpg")
    click(qtbot, window, window.action_set.batch.add_files)
    added(qtbot, queue, 2)
    assert names(queue) == ["photo 2.jpg", "photo 1.jpg"]
    assert queue.state.output_location.folder == tmp_path / "usual"
    options = window.batch_controller.page.output_options
    qtbot.mouseClick(window.batch_controller.page.options_section.header, Qt.MouseButton.LeftButton)
    options.choose_button.click()
    assert queue.state.output_location.folder == tmp_path / "usual"
    answers.to_take = tmp_path / "other"
    options.choose_button.click()
    assert options.folder_edit.text() == str(tmp_path / "other")
    window.view_models.preferences.set_results_folder(None)
    qtbot.mouseClick(window.batch_controller.page.options_section.header, Qt.MouseButton.LeftButton)
    click(qtbot, window, window.action_set.batch.start)
    finished(qtbot, queue)
    assert len(list((tmp_path / "other").glob("*.png"))) == 2

    # A missing result is reported when the user opens its file.
    queue.state.items[0].target.unlink()
    select(qtbot, window, 0)
    window.action_set.batch.open_with_result.trigger()
    qtbot.waitUntil(
        lambda: window.message_bar.title_label.text().startswith("Cannot read"), timeout=5000
    )


def test_the_format_is_chosen_on_the_page_and_is_that_of_save(qtbot, filled, queue):
    """Defect 4: the format of a folder's results was hidden, that of the last *Save as*."""
    page, save_options = filled.batch_controller.page, filled.view_models.saving.options
    qtbot.mouseClick(page.options_section.header, Qt.MouseButton.LeftButton)
    fields = page.output_options.findChild(OutputFieldRow).fields
    assert fields.format.isVisible()
    assert fields.format.currentText() == "PNG"
    fields.format.setFocus()
    key(qtbot, fields.format, Qt.Key.Key_Down)  # TIFF
    key(qtbot, fields.bits, Qt.Key.Key_Down)  # 16 bits
    key(qtbot, fields.metadata, Qt.Key.Key_End)
    assert save_options.state.proposed_format is SaveFormat.TIFF
    assert filled.side_panel.save_options.summary_label.text() == "16 bits, no metadata"
    assert not fields.jpeg_quality.isVisible()
    qtbot.waitUntil(lambda: queue.state.example_path.endswith("_restored.tiff"))
    click(qtbot, filled, filled.action_set.batch.start)
    finished(qtbot, queue)
    targets = [item.target for item in queue.state.items]
    assert {path.suffix for path in targets} == {".tiff"}
    assert tifffile.imread(targets[0]).dtype == "uint16"


def test_the_folder_is_chosen_once_for_the_page_and_for_save(
    qtbot, filled, queue, answers, tmp_path
):
    """Defect 4: output is chosen in one place, which the page and the panel show."""
    options, form = filled.batch_controller.page.output_options, filled.side_panel.save_options
    qtbot.mouseClick(filled.batch_controller.page.options_section.header, Qt.MouseButton.LeftButton)
    answers.to_take = tmp_path / "chosen on the page"
    options.choose_button.click()
    assert form.folder.currentText() == "chosen on the page"
    answers.to_take = tmp_path / "chosen beside Save"
    form.choose_folder_requested.emit()
    assert options.folder_edit.text() == str(tmp_path / "chosen beside Save")
    filled.view_models.saving.options.set_folder(None)  # next to each original
    assert queue.state.output_location.folder == tmp_path / "chosen beside Save"
