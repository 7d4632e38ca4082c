"""Managing priors with real clicks and keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from tests.support.panel_layers import show_expert_layer
from tests.support.priors_stories import (
    NOT_HERE,
    answer,
    choose,
    click,
    names,
    restore,
    until_listed,
    until_names,
    until_rested,
    until_state,
)
from tests.support.window_fixtures import write_renamed_prior

# Qt's offscreen platform logs this for every window of fixed size, such as a question.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")


def test_import_choose_restore_and_remember(qtbot, open_photo, page, answers, tmp_path, store):
    window = open_photo
    assert names(page) == ["compact", *NOT_HERE]
    until_state(qtbot, page, "compact", "Included, 9.0 MB")
    until_state(qtbot, page, "adm-256", "Not installed, 2.2 GB")
    rows = page.details.fact_table
    assert rows.value_text("Network").startswith("Compact U-Net, 4.5 M parameters")
    assert len(rows.value_text("SHA-256")) == 64
    assert not page.details.remove_button.isVisible()

    answers.to_import = write_renamed_prior(tmp_path / "some file.safetensors", "mine")
    click(qtbot, page.import_button)
    assert "importing some file.safetensors" in page.task_bar.status_label.text()
    assert not page.import_button.isEnabled()
    until_rested(qtbot, page, "mine is installed")
    until_names(qtbot, page, "compact", "mine", *NOT_HERE)
    assert page.details.name_label.text() == "mine"
    assert rows.value_text("State") == "Imported"
    assert rows.value_text("License") == "CC0"

    click(qtbot, page.details.use_button)
    assert page.details.use_button.text() == "In use"
    assert window.side_panel.parameter_panel.prior.currentText() == "mine"
    words = []
    window.view_models.run.state_changed.connect(
        lambda _: words.append(window.run_bar.status_label.text())
    )
    restore(qtbot, window)
    assert "Loading model mine…" in words
    assert window.side_panel.result_panel.fact_table.value_text("Model") == "mine on cpu"
    assert store.value("restoring/prior") == "mine"

    click(qtbot, page.details.verify_button)
    until_rested(qtbot, page, "File is intact: mine")
    click(qtbot, page.details.remove_button)
    assert "Remove the model mine?" in answer(qtbot, page, "Cancel")
    assert page.details.name_label.text() == "mine"
    click(qtbot, page.details.remove_button)
    answer(qtbot, page, "Remove")
    until_rested(qtbot, page, "mine was removed")
    until_names(qtbot, page, "compact", *NOT_HERE)
    assert window.message_bar.title_label.text().startswith(
        "The model mine is not installed any more"
    )
    assert window.side_panel.parameter_panel.prior.currentText() == "compact"
    assert store.value("restoring/prior") == ""


def test_keys_alone_reach_everything(qtbot, window, page, answers, tmp_path):
    answers.to_import = write_renamed_prior(tmp_path / "a.safetensors", "mine")
    alt = Qt.KeyboardModifier.AltModifier
    qtbot.keyClick(page, Qt.Key.Key_I, alt)
    until_rested(qtbot, page, "mine is installed")
    until_names(qtbot, page, "compact", "mine", *NOT_HERE)
    page.prior_list.setFocus()
    reached = []
    for _ in range(8):
        qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Tab)
        reached.append(page.focusWidget())
    details = page.details
    assert {
        details.use_button,
        details.verify_button,
        details.remove_button,
        page.import_button,
        page.open_folder_button,
    } < {*reached}
    details.use_button.setFocus()
    qtbot.keyClick(details.use_button, Qt.Key.Key_Space)
    assert window.view_models.parameters.state.settings.prior == "mine"
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert not page.isVisible()


def test_what_is_no_prior_is_said_and_the_page_stays_usable(qtbot, page, answers, text_file):
    answers.to_import = text_file.rename(text_file.with_suffix(".pt"))
    click(qtbot, page.import_button)
    until_rested(qtbot, page, "letter.pt is not a usable prior")
    assert page.import_button.isEnabled()
    click(qtbot, page.open_folder_button)
    assert answers.asked[-1].is_dir()


def test_a_broken_file_in_the_folder_is_listed_and_can_be_removed(qtbot, prior_folder, window):
    prior_folder.mkdir(parents=True)
    (prior_folder / "bad.safetensors").write_bytes(b"junk")
    show_expert_layer(qtbot, window)
    click(qtbot, window.side_panel.parameter_panel.manage_priors_button)
    page = window.prior_controller.page
    until_listed(qtbot, page)
    choose(qtbot, page, "bad")
    until_state(qtbot, page, "bad", "Not usable, 4 bytes")
    assert "not a whole safetensors file" in page.details.error_label.text()
    assert not page.details.use_button.isEnabled()
    click(qtbot, page.details.remove_button)
    answer(qtbot, page, "Remove")
    until_rested(qtbot, page, "bad was removed")
