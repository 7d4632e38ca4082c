"""The language that the program speaks in its window.

Every sentence that a user reads is written in English as `tr("…")`, and where it is kept as a
value first, as `mark("…")` there and `tr(value)` where it is shown. `tr` is looked up when it is
called, so never at import. Blanks are filled after it: `tr("Saved {name}").format(name=name)`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Any
from xml.etree import ElementTree

from ddrm_core.messages import Message, Reason, Text
from ddrm_core.messages import tr_noop as tr_noop  # so that the app has it beside `tr`


@dataclass(frozen=True, slots=True)
class Language:
    """One that the program can speak.

    Attributes:
        code: Its ISO 639-1 code, which names its catalogue.
        name: In its own words.
        decimal_separator: What stands before the decimals of a number.
        thousands_separator: What stands between its groups of three digits.
        percent_suffix: What follows the number of a percentage.
    """

    code: str
    name: str
    decimal_separator: str = "."
    thousands_separator: str = ","
    percent_suffix: str = " %"


ENGLISH = Language("en", "English")
LANGUAGES = (
    ENGLISH,
    Language(
        "de",
        "Deutsch",
        decimal_separator=",",
        thousands_separator=".",
        percent_suffix="\N{NO-BREAK SPACE}%",
    ),
)
"""All of them, English first."""

_EMPTY_CATALOG: Mapping[str, str] = MappingProxyType({})
_catalog = _EMPTY_CATALOG
_current_language = ENGLISH


def tr(english: str) -> str:
    """The sentence in the language of the program; English where it has no other."""
    return _catalog.get(english, english)


def set_language(catalog: Mapping[str, str] | None, language: Language = ENGLISH) -> None:
    """Speak another language from now on, English for None; what is shown already stays."""
    global _catalog, _current_language
    _catalog = _EMPTY_CATALOG if catalog is None else catalog
    _current_language = language


def current_language() -> Language:
    """The language of the program."""
    return _current_language


def localize_number(english: str) -> str:
    """A number as Python writes it in English, e.g. "1,234.5", with the language's own signs."""
    return english.translate(
        {
            ord(","): _current_language.thousands_separator,
            ord("."): _current_language.decimal_separator,
        }
    )


def translate(text: Text) -> str:
    """Return a text of the core in the language of the program; names stay as they are."""
    match text:
        case Message(reason=template, facts=facts):
            return translate_template(template, facts)
        case Reason():
            return translate_template(text, {})
        case _:
            return text


def translate_template(template: str, facts: Mapping[str, object]) -> str:
    """Return a template in the language of the program, with its facts filled in."""
    return _LocalizedFormatter().vformat(tr(template), (), facts)


class _LocalizedFormatter(Formatter):
    """A formatter that writes numbers and messages as the language of the program does."""

    def format_field(self, value: Any, format_spec: str) -> Any:
        match value:
            case Message() | str():
                return format(translate(value), format_spec)
            case int() | float():
                return localize_number(format(value, format_spec))
            case _:
                return format(value, format_spec)


def read_message_catalog(path: Path) -> Mapping[str, str]:
    """English sentences and what they are in another language, from Qt's translation source (.ts).

    Unfinished ones are left out.
    """
    translations = {}
    for message in ElementTree.parse(path).iter("message"):
        english, translation = message.findtext("source"), message.find("translation")
        if (
            english
            and translation is not None
            and translation.text
            and translation.get("type") is None
        ):
            translations[english] = translation.text
    return MappingProxyType(translations)
