"""Managing priors with real clicks and keys."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from app.compose import build_window
from app.jobs.export.save import SavedFile
from app.viewmodels.document.document import DocumentOpened
from app.viewmodels.parameters.reuse_settings import RecordReadDone
from app.viewmodels.priors.priors import DownloadingPrior, NoPriorTask
from app.viewmodels.run.run import ResultReady, RunFailed, RunInProgress
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.download.download import download_prior
from ddrm_core.prior.store.registry import PUBLISHED_PRIORS
from ddrm_core.sampler.settings import Preset
from tests.support.file_server import FileServer, answering, silent_after
from tests.support.panel_layers import show_expert_layer
from tests.support.window_fixtures import write_renamed_prior

# Qt's offscreen platform logs this for every window of fixed size, such as a question.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")


NOT_HERE = [published.name for published in PUBLISHED_PRIORS]


@pytest.fixture
def server(tmp_path, monkeypatch):
    """Yield a local server from which the program can download a published prior."""
    for name in os.environ:
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    data = write_renamed_prior(tmp_path / "served", "adm-256", "MIT").read_bytes()
    server = FileServer(data)
    entry = replace(
        PUBLISHED_PRIORS[0],
        download_url=server.url("a.safetensors"),
        size_bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
    )
    monkeypatch.setattr("app.config.prior_locations.PUBLISHED_PRIORS", (entry,))
    yield server
    server.close()


@pytest.fixture
def page(qtbot, window):
    """Open the priors dialog and return it when its list of priors is complete."""
    qtbot.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    page = window.prior_controller.page
    until_listed(qtbot, page)
    return page


def priors_of(page):
    """Return the view model of the priors in the window that owns the dialog."""
    return page.parentWidget().view_models.priors


def until_listed(qtbot, page):
    def known():
        cards = priors_of(page).state.entries
        return bool(cards) and all(c.file_info or c.error or c.path is None for c in cards)

    qtbot.waitUntil(known, timeout=20000)


def click(qtbot, button):
    assert button.isVisible()
    assert button.isEnabled(), button.text()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def names(page):
    return [
        page.prior_list.item(i).text().partition("\n")[0] for i in range(page.prior_list.count())
    ]


def until_names(qtbot, page, *expected):
    qtbot.waitUntil(lambda: names(page) == list(expected), timeout=5000)
    until_listed(qtbot, page)


def until_state(qtbot, page, name, expected):
    def shown():
        texts = [page.prior_list.item(i).text() for i in range(page.prior_list.count())]
        return f"{name}\n{expected}" in texts

    qtbot.waitUntil(shown, timeout=5000)


def choose(qtbot, page, name):
    """Select a prior in the list with the arrow keys."""
    page.prior_list.setFocus()
    qtbot.keyClick(page.prior_list, Qt.Key.Key_Home)
    for _ in range(names(page).index(name)):
        qtbot.keyClick(page.prior_list, Qt.Key.Key_Down)
    assert page.details.name_label.text() == name


def answer(qtbot, page, yes):
    """Click the button with the text `yes` in the open question; return the question's text."""
    [box] = page.findChildren(QMessageBox)
    asked = f"{box.text()} {box.informativeText()}"
    [button] = [b for b in box.buttons() if b.text().replace("&", "") == yes]
    click(qtbot, button)
    qtbot.waitUntil(lambda: not page.findChildren(QMessageBox), timeout=2000)
    return asked


def until_rested(qtbot, page, title):
    def rested():
        return isinstance(priors_of(page).state.task, NoPriorTask) and page.message_bar.isVisible()

    qtbot.waitUntil(rested, timeout=20000)
    assert title in page.message_bar.title_label.text()
    until_listed(qtbot, page)


def restore(qtbot, window):
    window.view_models.parameters.apply_preset(Preset.FAST)
    window.view_models.parameters.set_device("cpu")
    window.action_set.restore.trigger()
    qtbot.waitUntil(lambda: isinstance(window.view_models.run.state, ResultReady), timeout=20000)


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


def test_download_cancel_go_on_verify_and_remove(qtbot, window, server, prior_folder):
    qtbot.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    page = window.prior_controller.page
    until_listed(qtbot, page)
    choose(qtbot, page, "adm-256")
    click(qtbot, page.details.download_button)
    asked = answer(qtbot, page, "Cancel")
    assert server.requests == []
    for fact in ("9.0 MB", "MIT", "127.0.0.1", "are free", str(prior_folder)):
        assert fact in asked

    server.script = [silent_after(4_000_000)]
    click(qtbot, page.details.download_button)
    answer(qtbot, page, "Download")
    part = prior_folder / "downloads" / "a.safetensors.part"
    qtbot.waitUntil(lambda: part.exists() and part.stat().st_size == 4_000_000, timeout=10000)
    qtbot.waitUntil(lambda: " of 9.0 MB" in page.task_bar.status_label.text(), timeout=10000)
    assert page.task_bar.progress_bar.maximum() == 1000
    click(qtbot, page.task_bar.cancel_button)
    until_rested(qtbot, page, "The download was stopped")
    assert "goes on from there" in page.message_bar.advice_label.text()
    until_state(qtbot, page, "adm-256", "4.0 MB of 9.0 MB here")
    assert page.details.name_label.text() == "adm-256"

    click(qtbot, page.details.download_button)
    assert "Download the other 5.0 MB of 9.0 MB" in answer(qtbot, page, "Download")
    until_rested(qtbot, page, "adm-256 is installed")
    assert server.requests[-1][1] == "bytes=4000000-"
    until_state(qtbot, page, "adm-256", "Imported, 9.0 MB")
    assert not any((prior_folder / "downloads").iterdir())
    click(qtbot, page.details.verify_button)
    until_rested(qtbot, page, "File is intact: adm-256")
    click(qtbot, page.details.remove_button)
    answer(qtbot, page, "Remove")
    until_rested(qtbot, page, "adm-256 was removed")
    until_state(qtbot, page, "adm-256", "Not installed, 9.0 MB")


def test_a_download_that_fails_leaves_the_page_usable(qtbot, window, server):
    window.action_set.show_priors.trigger()
    page = window.prior_controller.page
    until_listed(qtbot, page)
    choose(qtbot, page, "adm-256")
    server.script = [answering(b"gone", status=404)]
    click(qtbot, page.details.download_button)
    answer(qtbot, page, "Download")
    until_rested(qtbot, page, "the server says 404")
    click(qtbot, page.details.download_button)
    answer(qtbot, page, "Download")
    until_rested(qtbot, page, "adm-256 is installed")


def with_a_silent_download(qtbot, window, server):
    """Return the priors dialog during a download from a server that stops sending data."""
    window.action_set.show_priors.trigger()
    page = window.prior_controller.page
    until_listed(qtbot, page)
    choose(qtbot, page, "adm-256")
    server.script = [silent_after(1_000_000)]
    click(qtbot, page.details.download_button)
    answer(qtbot, page, "Download")
    qtbot.waitUntil(server.silent.is_set, timeout=10000)
    return page


def test_closing_the_window_during_a_download_ends_it(
    qtbot, window, server, monkeypatch, nothing_left_behind
):
    """The server sends no more data, and the download would wait a million seconds for data."""
    patient = partial(download_prior, stall_s=1e6)
    monkeypatch.setattr("ddrm_core.prior.download.download.download_prior", patient)
    page = with_a_silent_download(qtbot, window, server)
    assert isinstance(priors_of(page).state.task, DownloadingPrior)
    window.close()
    assert not page.isVisible()
    assert nothing_left_behind.running_threads == []


def test_pictures_do_not_wait_for_a_download(qtbot, open_photo, server):
    window = open_photo
    page = with_a_silent_download(qtbot, window, server)
    restore(qtbot, window)
    assert isinstance(priors_of(page).state.task, DownloadingPrior)


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
