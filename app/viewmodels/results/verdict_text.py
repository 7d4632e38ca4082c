"""The verdict on a result, in the words of the window."""

from __future__ import annotations

from dataclasses import dataclass

from app.i18n.formatting import format_count
from app.i18n.translation import tr, translate
from app.jobs.run.result import RunResult
from ddrm_core.restoration.verdict import Verdict, VerdictKind, judge_result

_CHECK_MARK = "\N{NO-BREAK SPACE}✓"  # stays on the line of the last word


@dataclass(frozen=True, slots=True)
class VerdictText:
    """The texts of a verdict.

    Attributes:
        kind: Kind of the verdict.
        title: Verdict in a few words, with the assumption on which it depends.
        explanation: Reasons of the verdict as sentences, empty for a faithful result.
    """

    kind: VerdictKind
    title: str
    explanation: str

    @property
    def is_faithful(self) -> bool:
        return self.kind is VerdictKind.FAITHFUL

    @property
    def marked_title(self) -> str:
        """The title, with a check mark if the result is faithful."""
        return f"{self.title}{_CHECK_MARK}" if self.is_faithful else self.title


def build_verdict_text(result: RunResult) -> VerdictText:
    """Return the verdict on a result as it is shown, before it is saved."""
    return verdict_to_text(judge_result(result.restoration, result.exact_consistency))


def verdict_to_text(verdict: Verdict) -> VerdictText:
    """Return a verdict in the language of the program."""
    title = translate(verdict.kind)
    if verdict.condition is not None:
        title = f"{title}, {translate(verdict.condition)}"
    reasons = [translate(reason) for reason in verdict.reasons]
    explanation = " ".join(f"{reason[:1].upper()}{reason[1:]}." for reason in reasons)
    return VerdictText(verdict.kind, title, explanation)


def rounding_text(result: RunResult) -> str:
    """Return a sentence about the values that rounding to 8 bits moves out of their bins.

    The sentence is empty if no value differs, or if none differs because of rounding alone.
    """
    components = result.rounded_consistency.components
    total = sum(component.coefficients for component in components)
    differing = total - sum(component.inside for component in components)
    if not differing or result.exact_consistency.inside_fraction < 1:
        return ""
    text = tr("Rounding to 8 bits: {differing} of {total} values differ. 16 bits keep more.")
    return text.format(differing=format_count(differing), total=format_count(total))
