from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
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


def test_the_verdict_is_plain_and_the_figures_are_behind_details(qtbot, panel):
    panel.show_result(restored(1000, 988))
    title = panel.verdict_view.title_label
    assert (title.text(), title.objectName()) == (
        "Faithful to your file\N{NO-BREAK SPACE}✓",
        "agrees",
    )
    assert title.accessibleName() == "Faithful to your file"
    assert panel.verdict_view.explanation_label.isHidden()
    assert not panel.adjustments.rounding_label.isVisibleTo(panel)
    qtbot.mouseClick(panel.adjustments.details_section.header, Qt.MouseButton.LeftButton)
    assert panel.adjustments.rounding_label.isVisibleTo(panel)
    assert "12 of 1,000 values differ" in panel.adjustments.rounding_label.text()


def test_16_bits_are_offered_where_rounding_changes_values(qtbot, panel):
    panel.show_result(restored(1000, 1000))
    qtbot.mouseClick(panel.adjustments.details_section.header, Qt.MouseButton.LeftButton)
    assert not panel.adjustments.sixteen_bits_button.isVisibleTo(panel)
    panel.show_result(restored(1000, 988))
    with qtbot.waitSignal(panel.adjustments.sixteen_bits_requested):
        qtbot.mouseClick(panel.adjustments.sixteen_bits_button, Qt.MouseButton.LeftButton)


def test_the_verdict_does_not_claim_what_is_not_so(panel):
    panel.show_result(restored(1000, 1000))
    panel.show_result(restored(993, 993))
    title = panel.verdict_view.title_label
    assert (title.text(), title.objectName()) == ("Not faithful to your file", "heading")
    explanation = "7 of 1,000 values of the file differ before rounding."
    assert panel.verdict_view.explanation_label.text() == explanation
    assert title.accessibleName() == f"Not faithful to your file. {explanation}".rstrip(".")


def test_there_is_no_verdict_without_a_result(panel):
    panel.show_result(None)
    assert panel.isHidden()
