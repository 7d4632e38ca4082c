"""Translations of sentences, and the English fallback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.i18n.formatting import format_alternatives, format_count, format_percent, format_size
from app.i18n.translation import LANGUAGES, read_message_catalog, set_language, tr, tr_noop

CATALOGUE = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de">
<context><name></name>
<message><source>Open {name}</source><translation>{name} öffnen</translation></message>
<message><source>Later</source><translation type="unfinished">Spä</translation></message>
<message><source>Gone</source><translation type="vanished">Fort</translation></message>
<message><source>Empty</source><translation></translation></message>
</context></TS>
"""


@pytest.fixture(autouse=True)
def english_afterwards() -> Iterator[None]:
    yield
    set_language(None)


def test_only_finished_translations_are_spoken(tmp_path):
    path = tmp_path / "de.ts"
    path.write_text(CATALOGUE, encoding="utf-8")
    set_language(read_message_catalog(path))
    assert tr("Open {name}").format(name="a.jpg") == "a.jpg öffnen"
    assert [tr(text) for text in ("Later", "Gone", "Empty", "Never seen")] == [
        *("Later", "Gone", "Empty", "Never seen")
    ]


def test_english_needs_no_catalogue():
    assert tr(tr_noop("Open {name}")) == "Open {name}"


def test_numbers_have_the_signs_of_the_language():
    numbers = (
        lambda: format_count(1_234_567),
        lambda: format_percent(0.99994),
        lambda: format_size(6_607),
    )
    assert [words() for words in numbers] == ["1,234,567", "99.99 %", "6.6 kB"]
    german = next(language for language in LANGUAGES if language.code == "de")
    set_language({"{others} or {last}": "{others} oder {last}"}, german)
    # A no-break space keeps the percent sign on the line of its number.
    assert [words() for words in numbers] == ["1.234.567", "99,99\N{NO-BREAK SPACE}%", "6,6 kB"]
    assert format_alternatives(["PNG", "TIFF", "WebP"]) == "PNG, TIFF oder WebP"
    assert format_alternatives(["PNG"]) == "PNG"
