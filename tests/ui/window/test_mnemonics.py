"""Every mnemonic is unique in its window or menu, in every language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QDialog, QLabel, QMenu, QMenuBar, QWidget

from app.compose import build_window
from app.config.settings import PanelLayer
from app.i18n.translation import LANGUAGES, current_language, set_language
from app.ui.widgets.collapsible import CollapsibleSection
from app.ui.window.language import install_language
from app.viewmodels.document.document import DocumentOpened
from app.viewmodels.run.run import ResultReady
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.sampler.settings import Preset


@pytest.fixture(params=[language.code for language in LANGUAGES])
def spoken_language(request, qapp) -> Iterator[str]:
    former = QLocale()
    install_language(qapp, request.param)
    yield request.param
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.deleteLater()
    QLocale.setDefault(former)
    set_language(None)


@pytest.fixture
def window(spoken_language, qtbot, qapp, answers, store):
    assert current_language().code == spoken_language
    window = build_window(
        qapp, bundled_prior_path=BUNDLED_PRIOR_PATH, settings_store=store, dialogs=answers
    )
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    return window


def letter(text: str) -> str:
    return QKeySequence.mnemonic(text).toString()


def twice(texts: list[str]) -> list[list[str]]:
    """Return each group of two or more texts that have the same mnemonic."""
    letters = Counter(letter(text) for text in texts if letter(text))
    return [[t for t in texts if letter(t) == key] for key, count in letters.items() if count > 1]


def menu_texts(menu: QMenu | QMenuBar) -> list[str]:
    return [a.text() for a in menu.actions() if a.isVisible() and not a.isSeparator()]


def visible_texts(window: QWidget) -> list[str]:
    """Return the texts of visible buttons, and of visible labels that belong to a control.

    Those of the window's dialogs are left out.
    """
    parts = [p for p in window.findChildren(QWidget) if p.isVisible() and p.window() is window]
    labels = [p for p in parts if isinstance(p, QLabel) and p.buddy() is not None]
    return [p.text() for p in (*labels, *(p for p in parts if isinstance(p, QAbstractButton)))]


def test_two_alike_are_found():
    assert twice(["&Open", "Cl&ose", "E&xit", "100 %", "Save && close"]) == [["&Open", "Cl&ose"]]


def without_letter(texts: list[str]) -> list[str]:
    return [text for text in texts if not letter(text)]


def test_an_entry_without_a_letter_is_found():
    assert without_letter(["&Open", "Save && close", "Exit"]) == ["Save && close", "Exit"]


def test_no_menu_has_a_letter_twice(window):
    menus = window.findChildren(QMenu)
    assert len(menus) > 3
    assert [clash for menu in menus for clash in twice(menu_texts(menu))] == []


def test_each_entry_of_the_menu_bar_and_its_menus_has_a_letter(window, photo):
    window.view_models.recent_files.add_file(photo)
    menus = [action.menu() for action in window.menuBar().actions()]
    menus += [entry.menu() for menu in menus for entry in menu.actions() if entry.menu()]
    assert window.action_set.recent_menu in menus
    bars = [window.menuBar(), *menus]
    assert [text for bar in bars for text in without_letter(menu_texts(bar))] == []


def test_undo_and_redo_keep_their_letters_when_they_name_a_change(window):
    actions = window.action_set.parameters
    plain = [letter(actions.undo.text()), letter(actions.redo.text())]
    window.view_models.parameters.set_steps(3)
    window.view_models.parameters.set_seed(5)
    actions.undo.trigger()
    assert actions.undo.isEnabled()
    assert actions.redo.isEnabled()
    assert [letter(actions.undo.text()), letter(actions.redo.text())] == plain
    assert len(set(plain)) == 2


def test_the_window_has_no_letter_twice(qtbot, window, photo):
    window.open_paths([photo])
    qtbot.waitUntil(
        lambda: isinstance(window.view_models.document.state, DocumentOpened), timeout=5000
    )
    window.view_models.parameters.apply_preset(Preset.FAST)
    window.action_set.restore.trigger()
    qtbot.waitUntil(lambda: isinstance(window.view_models.run.state, ResultReady), timeout=20000)
    for fold in window.findChildren(CollapsibleSection):
        fold.header.setChecked(True)
    window.side_panel.parameter_panel.settings_line.setChecked(True)
    for layer, least in ((PanelLayer.SIMPLE, 5), (PanelLayer.EXPERT, 10)):
        window.view_models.panel_layer.set_layer(layer)
        QCoreApplication.processEvents()
        texts = visible_texts(window)
        assert sum(bool(letter(text)) for text in texts) > least
        assert twice([*menu_texts(window.findChild(QMenuBar)), *texts]) == []


@pytest.mark.parametrize("name", ["priors", "settings"])
def test_no_page_has_a_letter_twice(window, name):
    action = {"priors": window.action_set.show_priors, "settings": window.action_set.show_settings}[
        name
    ]
    action.trigger()
    pages = [page for page in window.findChildren(QDialog) if page.isVisible()]
    assert len(pages) == 1
    assert [twice(visible_texts(page)) for page in pages] == [[]]
