"""The language that the program speaks in its window.

Every sentence that a user reads is written in English as `tr("…")`, and where it is kept as a
value first, as `mark("…")` there and `tr(value)` where it is shown. `tr` is looked up when it is
called, so never at import. Blanks are filled after it: `tr("Saved {name}").format(name=name)`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from xml.etree import ElementTree


@dataclass(frozen=True, slots=True)
class Language:
    """One that the program can speak.

    Attributes:
        code: Its ISO 639-1 code, which names its catalogue.
        name: In its own words.
        decimal: What stands before the decimals of a number.
        thousands: What stands between its groups of three digits.
        percent: What follows the number of a percentage.
    """

    code: str
    name: str
    decimal: str = "."
    thousands: str = ","
    percent: str = " %"


ENGLISH = Language("en", "English")
LANGUAGES = (
    ENGLISH,
    Language("de", "Deutsch", decimal=",", thousands=".", percent="\N{NO-BREAK SPACE}%"),
)
"""All of them, English first."""

_NO_CATALOGUE: Mapping[str, str] = MappingProxyType({})
_catalogue = _NO_CATALOGUE
_language = ENGLISH


def tr(english: str) -> str:
    """The sentence in the language of the program; English where it has no other."""
    return _catalogue.get(english, english)


def mark(english: str) -> str:
    """A sentence that `tr` will be asked for later."""
    return english


def speak(catalogue: Mapping[str, str] | None, language: Language = ENGLISH) -> None:
    """Speak another language from now on, English for None; what is shown already stays."""
    global _catalogue, _language
    _catalogue = _NO_CATALOGUE if catalogue is None else catalogue
    _language = language


def spoken() -> Language:
    """The language of the program."""
    return _language


def figures(english: str) -> str:
    """A number as Python writes it in English, e.g. "1,234.5", with the language's own signs."""
    return english.translate({ord(","): _language.thousands, ord("."): _language.decimal})


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
