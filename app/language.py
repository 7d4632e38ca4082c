"""The language that the program speaks in its window.

Every sentence that a user reads is written in English as `tr("…")`, and where it is kept as a
value first, as `mark("…")` there and `tr(value)` where it is shown. `tr` is looked up when it is
called, so never at import. Blanks are filled after it: `tr("Saved {name}").format(name=name)`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from xml.etree import ElementTree

_ENGLISH: Mapping[str, str] = MappingProxyType({})
_spoken = _ENGLISH


def tr(english: str) -> str:
    """The sentence in the language of the program; English where it has no other."""
    return _spoken.get(english, english)


def mark(english: str) -> str:
    """A sentence that `tr` will be asked for later."""
    return english


def speak(catalogue: Mapping[str, str] | None) -> None:
    """Speak another language from now on, English for None; what is shown already stays."""
    global _spoken
    _spoken = _ENGLISH if catalogue is None else catalogue


def read_catalogue(path: Path) -> Mapping[str, str]:
    """English sentences and what they are in another language, from Qt's translation source (.ts).

    Unfinished ones are left out.
    """
    found = {}
    for message in ElementTree.parse(path).iter("message"):
        english, other = message.findtext("source"), message.find("translation")
        if english and other is not None and other.text and other.get("type") is None:
            found[english] = other.text
    return MappingProxyType(found)
