"""The verdict in the words of the window contradicts none of its figures."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.i18n.verdict_text import verdict_to_text
from app.viewmodels.document.facts import result_facts
from app.viewmodels.results.verdict_text import build_verdict_text, rounding_text
from ddrm_core.messages import Message
from ddrm_core.restoration.verdict import Verdict, VerdictCondition, VerdictKind, VerdictReason
from ddrm_core.verification.consistency import ComponentConsistency, Consistency, WorstBlock
from tests.support.results import result


def counted(*inside):
    """Return a consistency with one component of 1,000 levels for each argument.

    An argument is the number of the component's levels that are in their bins.
    """
    components = [ComponentConsistency("Y", 1000, n, n) for n in inside]
    return Consistency(0.005, tuple(components), WorstBlock("Y", 0, 0, 0.0))


def test_only_a_result_with_all_values_is_called_faithful():
    verdict = build_verdict_text(result(exact=counted(1000, 1000), rounded=counted(1000, 988)))
    assert verdict.marked_title == "Faithful to your file\N{NO-BREAK SPACE}✓"
    assert verdict.explanation == ""
    verdict = build_verdict_text(result(exact=counted(1000, 999), rounded=counted(998, 998)))
    assert verdict.marked_title == "Not faithful to your file"
    assert verdict.explanation == "1 of 2,000 values of the file differ before rounding."


def test_a_result_without_a_whole_block_is_not_called_faithful():
    nothing = Consistency(0.005, (), WorstBlock("Y", 0, 0, 0.0))
    made = result(exact=nothing, rounded=nothing)
    verdict = build_verdict_text(made)
    assert not verdict.is_faithful
    assert verdict.explanation == "The restored area has no whole block to compare."
    assert rounding_text(made) == ""


def test_the_figures_say_what_rounding_changes_and_nothing_else():
    """Defect 19: 100 %, "10 of 230,400 outside" and 99.99 % contradicted each other."""
    made = result(exact=counted(1000, 1000), rounded=counted(1000, 988))
    facts = dict(result_facts(made))
    assert facts["Before rounding"] == "all 2,000 values agree"
    assert facts["Rounded to 8 bits"] == "12 of 2,000 values differ"
    assert rounding_text(made).startswith("Rounding to 8 bits: 12 of 2,000 values differ.")
    assert not any("%" in text for text in facts.values())


def test_16_bits_are_not_offered_where_rounding_is_not_the_reason():
    assert rounding_text(result(exact=counted(1000), rounded=counted(1000))) == ""
    assert rounding_text(result(exact=counted(990), rounded=counted(980))) == ""


def test_a_stopped_run_is_an_intermediate_result():
    made = result()
    stopped = replace(made, restoration=replace(made.restoration, complete=False))
    assert build_verdict_text(stopped).kind is VerdictKind.INTERMEDIATE


def test_every_reason_becomes_a_sentence():
    lossy = VerdictReason.LOSSY
    damaged = Message(VerdictReason.DAMAGED, {"percent": 42})
    verdict = Verdict(VerdictKind.NOT_FAITHFUL, (lossy, damaged))
    assert verdict_to_text(verdict).explanation == (
        "Saving as a lossy JPEG changes the picture again. The file is damaged, and 42 % of it"
        " can be read; the rest is left as decoded."
    )


@pytest.mark.parametrize("quality_factor", [10, 95])
def test_an_assumed_quality_follows_the_title(quality_factor):
    condition = Message(VerdictCondition.ASSUMED_QUALITY, {"quality": quality_factor})
    verdict = verdict_to_text(Verdict(VerdictKind.FAITHFUL, (), condition))
    quality = f"for the assumed JPEG quality {quality_factor}"
    assert verdict.marked_title == f"Faithful to your file, {quality}\N{NO-BREAK SPACE}✓"
