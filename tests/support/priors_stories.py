"""Clicks, keys and waits of the stories about the priors dialog."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from app.viewmodels.priors.priors import NoPriorTask
from app.viewmodels.run.run import ResultReady
from ddrm_core.prior.store.registry import PUBLISHED_PRIORS
from ddrm_core.sampler.settings import Preset

NOT_HERE = [published.name for published in PUBLISHED_PRIORS]


def priors_of(page):
    """Return the view model of the priors in the window that owns the dialog."""
    return page.parentWidget().view_models.priors


def until_listed(qtbot, page):
    def known():
        cards = priors_of(page).state.entries
        return bool(cards) and all(c.file_info or c.error or c.path is None for c in cards)

    qtbot.waitUntil(known, timeout=20000)


def click(qtbot, button):
    assert button.isVisible()
    assert button.isEnabled(), button.text()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def names(page):
    return [
        page.prior_list.item(i).text().partition("\n")[0] for i in range(page.prior_list.count())
    ]


def until_names(qtbot, page, *expected):
    qtbot.waitUntil(lambda: names(page) == list(expected), timeout=5000)
    until_listed(qtbot, page)


def until_state(qtbot, page, name, expected):
    def shown():
        texts = [page.prior_list.item(i).text() for i in range(page.prior_list.count())]
        return f"{name}\n{expected}" in texts

    qtbot.waitUntil(shown, timeout=5000)


def choose(qtbot, page, name):
    """Select a prior in the list with the arrow keys."""
    page.prior_list.setFocus()
    qtbot.keyClick(page.prior_list, Qt.Key.Key_Home)
    for _ in range(names(page).index(name)):
        qtbot.keyClick(page.prior_list, Qt.Key.Key_Down)
    assert page.details.name_label.text() == name


def answer(qtbot, page, yes):
    """Click the button with the text `yes` in the open question; return the question's text."""
    [box] = page.findChildren(QMessageBox)
    asked = f"{box.text()} {box.informativeText()}"
    [button] = [b for b in box.buttons() if b.text().replace("&", "") == yes]
    click(qtbot, button)
    qtbot.waitUntil(lambda: not page.findChildren(QMessageBox), timeout=2000)
    return asked


def until_rested(qtbot, page, title):
    def rested():
        return isinstance(priors_of(page).state.task, NoPriorTask) and page.message_bar.isVisible()

    qtbot.waitUntil(rested, timeout=20000)
    assert title in page.message_bar.title_label.text()
    until_listed(qtbot, page)


def restore(qtbot, window):
    window.view_models.parameters.apply_preset(Preset.FAST)
    window.view_models.parameters.set_device("cpu")
    window.action_set.restore.trigger()
    qtbot.waitUntil(lambda: isinstance(window.view_models.run.state, ResultReady), timeout=20000)
