"""Downloads of priors with real clicks, from a server of the tests."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtCore import Qt

from app.viewmodels.priors.priors import DownloadingPrior
from ddrm_core.prior.download.download import download_prior
from ddrm_core.prior.store.registry import PUBLISHED_PRIORS
from tests.support.file_server import FileServer, answering, silent_after
from tests.support.priors_stories import (
    answer,
    choose,
    click,
    priors_of,
    restore,
    until_listed,
    until_rested,
    until_state,
)
from tests.support.window_fixtures import write_renamed_prior

# Qt's offscreen platform logs this for every window of fixed size, such as a question.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")


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
