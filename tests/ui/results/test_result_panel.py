from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget

from app.ui.results.result_panel import ResultPanel
from app.viewmodels.run.run import ResultReady
from ddrm_core.verification.consistency import ComponentConsistency, Consistency, WorstBlock
from tests.support.results import result


def restored(inside, rounded):
    """Return the state of a run whose result has 1,000 levels.

    `inside` levels are in their bins before rounding to 8 bits, `rounded` levels after.
    """
    found, saved = (
        Consistency(0.005, (ComponentConsistency("Y", 1000, n, n),), WorstBlock("Y", 0, 0, 0.0))
        for n in (inside, rounded)
    )
    return ResultReady(result(exact=found, rounded=saved))


@pytest.fixture
def around(qtbot):
    around = QWidget()
    qtbot.addWidget(around)
    return around


@pytest.fixture
def panel(around):
    panel = ResultPanel()
    panel.setParent(around)
    return panel


def test_the_badge_says_that_a_result_agrees_and_what_rounding_costs(panel):
    panel.show_result(restored(1000, 1000))
    words = "Agrees with the file: 100.00 % of levels in their bins"
    assert (panel.consistency_badge.text(), panel.consistency_badge.objectName()) == (
        words,
        "agrees",
    )
    assert panel.consistency_badge.accessibleName() == words
    assert panel.rounding_label.isHidden()
    panel.show_result(restored(1000, 988))
    assert panel.rounding_label.text() == "12 of 1,000 levels outside, as 8-bit pixels"
    assert not panel.rounding_label.isHidden()
    assert panel.consistency_badge.accessibleName() == f"{words}. {panel.rounding_label.text()}"


def test_the_badge_does_not_claim_what_is_not_so(panel):
    panel.show_result(restored(1000, 1000))
    panel.show_result(restored(993, 993))
    assert panel.consistency_badge.text() == "7 of 1,000 levels outside their bins"
    assert panel.consistency_badge.objectName() != "agrees"


def test_there_is_no_badge_without_a_result(panel):
    panel.show_result(None)
    assert panel.isHidden()
