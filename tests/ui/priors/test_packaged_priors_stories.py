"""The default prior of an installed package in the window, and the window without it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from ddrm_core.prior.store import packaged
from ddrm_core.prior.store.packaged import FFDNET_COLOR

NAME = FFDNET_COLOR.name


@pytest.fixture
def missing_package(packaged_priors, monkeypatch):  # noqa: ARG001
    """Let the package with the weights of the default prior be not installed."""
    absent = replace(FFDNET_COLOR, distribution="a-distribution-that-nobody-installs")
    monkeypatch.setattr(packaged, "PACKAGED_PRIORS", (absent,))


def open_page(qtbot, window):
    """Open the priors dialog and wait until all priors are described."""
    qtbot.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    priors = window.view_models.priors

    def described():
        entries = priors.state.entries
        return bool(entries) and all(e.file_info or e.error or e.path is None for e in entries)

    qtbot.waitUntil(described, timeout=20000)
    return window.prior_controller.page


def select(page, name):
    for row in range(page.prior_list.count()):
        if page.prior_list.item(row).text().startswith(f"{name}\n"):
            page.prior_list.setCurrentRow(row)
    assert page.details.name_label.text() == name


def test_it_is_chosen_at_the_first_start(qtbot, packaged_priors, window):  # noqa: ARG001
    page = open_page(qtbot, window)
    assert window.view_models.parameters.state.settings.prior == NAME
    assert window.side_panel.parameter_panel.prior.currentText() == NAME
    select(page, NAME)
    facts = page.details.fact_table
    assert facts.value_text("State") == "Included"
    assert facts.value_text("Cost") == "That of the default model"
    assert facts.value_text("Noise levels") == "1 to 159 gray levels"
    assert facts.value_text("Gain").startswith("+0.3")
    assert facts.value_text("License") == "MIT"
    assert not page.details.remove_button.isVisible()
    select(page, "compact")
    assert facts.value_text("Cost").endswith(f"times that of {NAME}")


def test_without_its_package_the_bundled_prior_is_used_and_a_notice_says_so(
    qtbot,
    missing_package,  # noqa: ARG001
    window,
    store,
):
    page = open_page(qtbot, window)
    assert window.view_models.parameters.state.settings.prior is None
    assert window.message_bar.isVisibleTo(window)
    title = window.message_bar.title_label.text()
    assert NAME in title
    assert "compact is used instead" in title
    # The user has chosen nothing: once the package is installed, its prior is the default again.
    assert not store.contains("restoring/prior")
    select(page, NAME)
    assert page.details.fact_table.value_text("State") == "Not usable"
