"""The message catalogs: complete, up to date, and with the placeholders of the sentences."""

from __future__ import annotations

import importlib.util
import re
import shutil
from collections import Counter
from pathlib import Path
from string import Formatter
from xml.etree import ElementTree

import pytest

from app.config.resources import TRANSLATIONS_FOLDER
from app.i18n.translation import ENGLISH, LANGUAGES, read_message_catalog
from tests.support.paths import ROOT
from tests.support.window_sentences import sentences

CATALOGUES = [TRANSLATIONS_FOLDER / f"ddrm_restore_{n.code}.ts" for n in LANGUAGES if n != ENGLISH]
ENDS = ("…", "...", ".", ":", "?", "!")


def messages(path: Path) -> list[tuple[str, str, str | None]]:
    """Return each message of a translation file: English text, translation and state.

    The state is None for a finished translation.
    """
    found = []
    for message in ElementTree.parse(path).iter("message"):
        translation = message.find("translation")
        source = message.findtext("source") or ""
        found.append((source, translation.text or "", translation.get("type")))
    return found


def blanks(text: str) -> Counter[str]:
    parts = Formatter().parse(text)
    return Counter(f"{name}:{spec}!{turn}" for _, name, spec, turn in parts if name is not None)


@pytest.fixture(params=CATALOGUES, ids=lambda path: path.stem)
def catalogue(request) -> Path:
    return request.param


def test_every_language_has_its_catalogue():
    assert sorted(TRANSLATIONS_FOLDER.glob("*.ts")) == sorted(CATALOGUES)


def test_it_has_the_sentences_of_the_program_and_no_others(catalogue):
    in_sources, in_catalogue = set(sentences()), {source for source, _, _ in messages(catalogue)}
    assert in_sources - in_catalogue == set()
    assert in_catalogue - in_sources == set()


@pytest.mark.parametrize("british", ["grey", "colour", "quantis", "licence", "centre", "behaviour"])
def test_the_sentences_have_american_spelling(british):
    assert [sentence for sentence in sentences() if british in sentence.lower()] == []


def test_qt_s_own_tool_finds_nothing_to_change(tmp_path, catalogue):
    spec = importlib.util.spec_from_file_location("update", ROOT / ".ci/update_translations.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    copy = Path(shutil.copy(catalogue, tmp_path))
    script.update([copy])
    assert copy.read_text("utf-8") == catalogue.read_text("utf-8")


def test_each_sentence_has_one_finished_translation(catalogue):
    found = messages(catalogue)
    assert [source for source, _, state in found if state is not None] == []
    assert [source for source, text, _ in found if not text.strip()] == []
    assert [s for s, count in Counter(source for source, _, _ in found).items() if count > 1] == []
    assert dict(read_message_catalog(catalogue)) == {source: text for source, text, _ in found}


def test_a_translation_has_the_same_blanks(catalogue):
    assert [s for s, text, _ in messages(catalogue) if blanks(s) != blanks(text)] == []


def test_a_translation_ends_as_its_sentence_does(catalogue):
    def end(text: str) -> str:
        return next((mark for mark in ENDS if text.endswith(mark)), "")

    assert [(s, text) for s, text, _ in messages(catalogue) if end(s) != end(text)] == []


def test_a_translation_has_as_many_lines_and_as_many_mnemonics(catalogue):
    def shape(text: str) -> tuple[int, int, bool]:
        return text.count("\n"), len(re.findall(r"&(?!&)\w", text)), text != text.strip()

    assert [(s, text) for s, text, _ in messages(catalogue) if shape(s) != shape(text)] == []
