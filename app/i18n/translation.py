"""Translation of the program's texts.

Every text that a user reads is written in English as `tr("…")`. A text that is first stored as a
value is marked with `tr_noop("…")` and translated with `tr(value)` when it is shown. `tr` uses the
language of the moment and must not be called at import. Placeholders are filled in after the
translation: `tr("Saved {name}").format(name=name)`.
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
from ddrm_core.messages import tr_noop as tr_noop  # exported for the app, next to `tr`


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the program, with its number format.

    Attributes:
        code: ISO 639-1 code, which is also the name of the message catalog.
        name: Name of the language in the language itself.
        decimal_separator: Character before the decimals of a number.
        thousands_separator: Character between groups of three digits.
        percent_suffix: Text after the number of a percentage.
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
"""All languages of the program, English first."""

_EMPTY_CATALOG: Mapping[str, str] = MappingProxyType({})
_catalog = _EMPTY_CATALOG
_current_language = ENGLISH


def tr(english: str) -> str:
    """Return the translation of an English text into the language of the program.

    A text without a translation is returned in English.
    """
    return _catalog.get(english, english)


def set_language(catalog: Mapping[str, str] | None, language: Language = ENGLISH) -> None:
    """Set the language of all texts that are made from now on.

    Args:
        catalog: Message catalog of the language, None for English.
        language: The language.
    """
    global _catalog, _current_language
    _catalog = _EMPTY_CATALOG if catalog is None else catalog
    _current_language = language


def current_language() -> Language:
    """Return the language that `set_language` has set, or English."""
    return _current_language


def localize_number(english: str) -> str:
    """Return a number with the separators of the program's language.

    `english` is the number in English format, such as "1,234.5".
    """
    return english.translate(
        {
            ord(","): _current_language.thousands_separator,
            ord("."): _current_language.decimal_separator,
        }
    )


def translate(text: Text) -> str:
    """Return a text of the core in the language of the program.

    The facts of a message are filled in. A plain string, such as a name, is returned unchanged.
    """
    match text:
        case Message(reason=template, facts=facts):
            return translate_template(template, facts)
        case Reason():
            return translate_template(text, {})
        case _:
            return text


def translate_template(template: str, facts: Mapping[str, object]) -> str:
    """Translate an English template, fill in the facts, and return the text.

    Args:
        template: Text with fields in braces, such as "{name} is damaged".
        facts: Values of the fields by name.
    """
    return _LocalizedFormatter().vformat(tr(template), (), facts)


class _LocalizedFormatter(Formatter):
    """A formatter of templates in the language of the program.

    Numbers get the separators of the language; messages and texts are translated.
    """

    def format_field(self, value: Any, format_spec: str) -> Any:
        match value:
            case Message() | str():
                return format(translate(value), format_spec)
            case int() | float():
                return localize_number(format(value, format_spec))
            case _:
                return format(value, format_spec)


def read_message_catalog(path: Path) -> Mapping[str, str]:
    """Read a Qt translation source (.ts) and return translations by English text.

    Unfinished translations are left out.
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
