"""The verdict on a result, in the words of the window."""

from __future__ import annotations

from app.i18n.formatting import format_count
from app.i18n.translation import tr
from app.i18n.verdict_text import VerdictText, verdict_to_text
from app.jobs.run.result import RunResult
from ddrm_core.restoration.verdict import judge_result


def build_verdict_text(result: RunResult) -> VerdictText:
    """Return the verdict on a result as it is shown, before it is saved."""
    return verdict_to_text(judge_result(result.restoration, result.exact_consistency))


def rounding_text(result: RunResult) -> str:
    """Return a sentence about the values that rounding to 8 bits moves out of their bins.

    The sentence is empty if no value differs, or if none differs because of rounding alone.
    """
    rounded = result.rounded_consistency
    if not rounded.outside_count or result.exact_consistency.inside_fraction < 1:
        return ""
    text = tr("Rounding to 8 bits: {differing} of {total} values differ. 16 bits keep more.")
    return text.format(
        differing=format_count(rounded.outside_count),
        total=format_count(rounded.coefficient_count),
    )
