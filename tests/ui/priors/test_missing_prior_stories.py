"""Priors that settings or results name but that are not on this computer."""

from __future__ import annotations

import pytest

from app.compose import build_window
from app.jobs.export.save import SavedFile
from app.viewmodels.document.document import DocumentOpened
from app.viewmodels.parameters.reuse_settings import RecordReadDone
from app.viewmodels.run.run import RunFailed, RunInProgress
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from tests.support.priors_stories import (
    NOT_HERE,
    answer,
    choose,
    click,
    restore,
    until_names,
    until_rested,
    until_state,
)
from tests.support.window_fixtures import write_renamed_prior

# Qt's offscreen platform logs this for every window of fixed size, such as a question.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")


def open_with_remembered_prior(qtbot, qapp, answers, store, photo, name):
    """Return a window with an opened photo, whose settings name another prior."""
    store.setValue("restoring/prior", name)
    window = build_window(
        qapp, bundled_prior_path=BUNDLED_PRIOR_PATH, settings_store=store, dialogs=answers
    )
    qtbot.addWidget(window)
    window.show()
    window.open_paths([photo])
    qtbot.waitUntil(
        lambda: isinstance(window.view_models.document.state, DocumentOpened), timeout=5000
    )
    assert window.side_panel.parameter_panel.prior.currentText() == name
    return window


def test_a_remembered_prior_that_is_gone_is_offered(qtbot, qapp, answers, store, photo):
    window = open_with_remembered_prior(qtbot, qapp, answers, store, photo, "adm-256")
    window.action_set.restore.trigger()
    qtbot.waitUntil(lambda: isinstance(window.view_models.run.state, RunFailed), timeout=5000)
    assert window.message_bar.title_label.text() == "The model adm-256 is not installed"
    assert "2.2 GB, license MIT" in window.message_bar.advice_label.text()
    window.view_models.priors.list_priors()
    title = window.message_bar.title_label
    qtbot.waitUntil(lambda: "compact is used instead" in title.text(), timeout=5000)
    assert window.side_panel.parameter_panel.prior.currentText() == "compact"
    click(qtbot, window.message_bar.action_button)
    page = window.prior_controller.page
    assert page.isVisible()
    assert page.details.name_label.text() == "adm-256"
    assert "Download 2.2 GB" in answer(qtbot, page, "Cancel")


def test_a_remembered_prior_of_the_user_that_is_gone_can_be_imported(
    qtbot, qapp, answers, store, photo
):
    window = open_with_remembered_prior(qtbot, qapp, answers, store, photo, "mine")
    window.action_set.restore.trigger()
    qtbot.waitUntil(lambda: isinstance(window.view_models.run.state, RunFailed), timeout=5000)
    assert window.message_bar.title_label.text() == "The model mine is not installed"
    assert window.message_bar.advice_label.text() == "Import its file to use it."
    assert window.message_bar.action_button.text() == "Import…"


def test_a_missing_prior_is_imported_from_the_message(
    qtbot, store, photo, answers, tmp_path, request
):
    store.setValue("restoring/prior", "adm-256")
    window = request.getfixturevalue("window")
    window.open_paths([photo])
    qtbot.waitUntil(
        lambda: isinstance(window.view_models.document.state, DocumentOpened), timeout=5000
    )
    window.action_set.restore.trigger()
    qtbot.waitUntil(lambda: isinstance(window.view_models.run.state, RunFailed), timeout=5000)
    import_button = window.message_bar.second_action_button
    assert import_button.text() == "Import…"
    answers.to_import = write_renamed_prior(tmp_path / "from a friend.safetensors", "adm-256")
    click(qtbot, import_button)
    page = window.prior_controller.page
    assert page.isVisible()
    assert "importing from a friend.safetensors" in page.task_bar.status_label.text()
    # The catalog has not been read yet, so no prior counts as missing.
    assert window.view_models.parameters.state.settings.prior == "adm-256"
    until_rested(qtbot, page, "adm-256 is installed")
    until_state(qtbot, page, "adm-256", "Imported, 9.0 MB")
    choose(qtbot, page, "adm-256")
    click(qtbot, page.details.use_button)
    restore(qtbot, window)
    assert window.side_panel.result_panel.fact_table.value_text("Model") == "adm-256 on cpu"


def test_a_result_of_a_prior_that_is_not_here_offers_it(qtbot, open_photo, page, answers, tmp_path):
    window = open_photo
    answers.to_import = write_renamed_prior(tmp_path / "m.safetensors", "mine")
    click(qtbot, page.import_button)
    until_rested(qtbot, page, "mine is installed")
    until_names(qtbot, page, "compact", "mine", *NOT_HERE)
    click(qtbot, page.details.use_button)
    restore(qtbot, window)
    answers.to_save = answers.to_repeat = tmp_path / "result.png"
    window.action_set.save_as.trigger()
    qtbot.waitUntil(lambda: isinstance(window.view_models.saving.state, SavedFile), timeout=5000)

    window.view_models.parameters.set_prior(None)
    window.action_set.reuse_settings.trigger()
    qtbot.waitUntil(
        lambda: isinstance(window.view_models.reuse_settings.state, RecordReadDone), timeout=5000
    )
    assert window.view_models.parameters.state.settings.prior == "mine"
    click(qtbot, page.details.remove_button)
    answer(qtbot, page, "Remove")
    until_rested(qtbot, page, "mine was removed")
    until_names(qtbot, page, "compact", *NOT_HERE)
    window.action_set.reuse_settings.trigger()
    title = window.message_bar.title_label
    qtbot.waitUntil(
        lambda: "was made with the model mine, which is not installed" in title.text(), timeout=5000
    )
    assert window.view_models.parameters.state.settings.prior is None
    assert window.message_bar.action_button.text() == "Import…"
    assert not isinstance(window.view_models.run.state, RunInProgress)
