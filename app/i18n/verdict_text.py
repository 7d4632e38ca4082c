"""Verdicts in the language of the program."""

from __future__ import annotations

from dataclasses import dataclass

from app.i18n.translation import translate
from ddrm_core.restoration.verdict import Verdict, VerdictKind

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


def verdict_to_text(verdict: Verdict) -> VerdictText:
    """Return a verdict in the language of the program."""
    title = translate(verdict.kind)
    if verdict.condition is not None:
        title = f"{title}, {translate(verdict.condition)}"
    reasons = [translate(reason) for reason in verdict.reasons]
    explanation = " ".join(f"{reason[:1].upper()}{reason[1:]}." for reason in reasons)
    return VerdictText(verdict.kind, title, explanation)
