"""A batch after the default prior was lost, beside results that the default prior made."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from ddrm_core.prior.store import packaged
from ddrm_core.prior.store.packaged import FFDNET_COLOR
from tests.support.batch_stories import added, finished, key

pytestmark = [
    pytest.mark.usefixtures("packaged_priors"),
    # Qt's offscreen platform logs this for the list of a combo box.
    pytest.mark.qt_log_ignore("This plugin does not support"),
]


@pytest.fixture
def default_prior_lost(qtbot, show_next_window, monkeypatch):
    """Return a function that builds a window without the package of the default prior."""

    def build():
        absent = replace(FFDNET_COLOR, distribution="a-distribution-that-nobody-installs")
        monkeypatch.setattr(packaged, "PACKAGED_PRIORS", (absent,))
        window = show_next_window()
        window.view_models.priors.list_priors()
        qtbot.waitUntil(lambda: bool(window.view_models.priors.state.entries))
        window.view_models.parameters.set_steps(1)
        window.view_models.parameters.set_samples(1)
        return window

    return build


def test_the_bundled_prior_has_to_be_chosen_beside_results_of_the_lost_one(
    qtbot, filled, queue, folder, original, default_prior_lost
):
    key(qtbot, filled, Qt.Key.Key_F5)
    finished(qtbot, queue)
    results = queue.state.output_location.folder
    before = {path: path.read_bytes() for path in results.rglob("*.png")}
    assert len(before) == 6
    filled.close()

    original.crop((7, 0, 23, 16)).save(folder / "photo 7.jpg", quality=10)
    window = default_prior_lost()
    again = window.view_models.batch
    window.open_paths([folder])
    added(qtbot, again, 7)
    key(qtbot, window, Qt.Key.Key_F5)
    message = window.message_bar.title_label
    qtbot.waitUntil(lambda: "another prior than compact, which is used now" in message.text())
    qtbot.waitUntil(lambda: not again.state.is_active)
    assert again.state.counts.remaining == 7
    assert {path: path.read_bytes() for path in results.rglob("*.png")} == before
    assert "Choose compact under Model" in window.message_bar.advice_label.text()

    choice = window.side_panel.parameter_panel.prior
    choice.setFocus()
    key(qtbot, choice, Qt.Key.Key_F4)
    qtbot.waitUntil(choice.view().isVisible)
    key(qtbot, choice.view(), Qt.Key.Key_Return)
    key(qtbot, window, Qt.Key.Key_F5)
    finished(qtbot, again)
    counts = again.state.counts
    assert (counts.done, counts.kept_results, counts.failed) == (1, 6, 0)
    assert (results / "photo 7_restored.png").exists()
    assert {path: path.read_bytes() for path in before} == before
