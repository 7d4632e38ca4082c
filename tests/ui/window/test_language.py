"""The language of a new window and of Qt's own texts."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QDialogButtonBox

from app.i18n.translation import ENGLISH, LANGUAGES, current_language, set_language, tr
from app.ui.window.language import find_supported_language, install_language
from tests.support.paths import ROOT

SPOKEN = """
from PySide6.QtWidgets import QApplication
from app.i18n.translation import current_language
from app.ui.window.language import install_language
app = QApplication([])
install_language(app, None)
print(current_language().code)
"""


@pytest.fixture(autouse=True)
def english_afterwards(qapp) -> Iterator[None]:
    former = QLocale()
    yield
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.deleteLater()
    QLocale.setDefault(former)
    set_language(None)


def cancel_words() -> str:
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    return box.buttons()[0].text().replace("&", "")


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (["de-Latn-DE", "de"], "de"),
        (["de_AT"], "de"),
        (["fr-FR", "DE"], "de"),
        (["fr-FR", "en-GB", "de"], "en"),
        (["C"], "en"),
        ([], "en"),
    ],
)
def test_the_first_language_that_is_spoken_is_taken(wanted, code):
    assert find_supported_language(wanted).code == code


def test_german_is_spoken_everywhere_and_english_again(qapp):
    install_language(qapp, "de")
    assert current_language().name == "Deutsch"
    assert tr("Show all") == "Alle zeigen"
    assert cancel_words() == "Abbrechen"
    assert QLocale().toString(1234.5) == "1.234,5"
    install_language(qapp, "en")
    assert current_language() == ENGLISH
    assert tr("Show all") == "Show all"
    assert cancel_words() == "Cancel"
    assert QLocale().toString(1234.5) == "1,234.5"


def test_figures_are_those_that_qt_writes_in_each_language(qapp):
    for language in LANGUAGES:
        install_language(qapp, language.code)
        locale = QLocale()
        assert (language.decimal_separator, language.thousands_separator) == (
            locale.decimalPoint(),
            locale.groupSeparator(),
        )


@pytest.mark.skipif(sys.platform != "linux", reason="these variables are POSIX's")
@pytest.mark.parametrize(
    ("variables", "code"),
    [({"LANGUAGE": "de"}, "de"), ({"LC_ALL": "de_AT.UTF-8"}, "de"), ({"LC_ALL": "C"}, "en")],
)
def test_the_environment_s_language_is_followed(variables, code):
    kept = {k: v for k, v in os.environ.items() if k not in ("LANG", "LANGUAGE", "LC_ALL")}
    done = subprocess.run(
        [sys.executable, "-c", SPOKEN],
        cwd=ROOT,
        env=kept | variables,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == code
