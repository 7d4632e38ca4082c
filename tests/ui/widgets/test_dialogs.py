"""Questions, and the windows to which they belong."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from app.i18n.error_messages import UserMessage
from app.ui.widgets.dialogs import confirm

# Qt's offscreen platform logs this for every window of fixed size, such as a question.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")
QUESTION = UserMessage("Remove it?", "It cannot be brought back.")


@pytest.fixture
def parent(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def ask(parent):
    done = []
    confirm(parent, QUESTION, accept_label="Remove", on_accept=lambda: done.append(True))
    return parent.findChild(QMessageBox), done


def delete_what_is_closed():
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_return_does_nothing_and_yes_does_it(qtbot, parent):
    box, done = ask(parent)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert not done
    delete_what_is_closed()
    box, done = ask(parent)
    [agree] = [b for b in box.buttons() if b.text() == "Remove"]
    qtbot.mouseClick(agree, Qt.MouseButton.LeftButton)
    assert done


@pytest.mark.parametrize("answer", ["Remove", "Keep it", "Return", "Escape", "hide"])
def test_what_is_done_where_nobody_agreed_is_done_once(qtbot, parent, answer):
    told = []
    confirm(
        parent,
        QUESTION,
        accept_label="Remove",
        on_accept=lambda: told.append("yes"),
        reject_label="Keep it",
        on_reject=lambda: told.append("no"),
    )
    box = parent.findChild(QMessageBox)
    buttons = {button.text(): button for button in box.buttons()}
    if answer in buttons:
        qtbot.mouseClick(buttons[answer], Qt.MouseButton.LeftButton)
    elif answer == "hide":
        parent.hide()
    else:
        qtbot.keyClick(box, Qt.Key[f"Key_{answer}"])
    delete_what_is_closed()
    assert told == ["yes" if answer == "Remove" else "no"]


@pytest.mark.parametrize("go", ["hide", "close"])
def test_a_question_goes_with_what_it_is_about(parent, go):
    box, done = ask(parent)
    getattr(parent, go)()
    assert not box.isVisible()
    delete_what_is_closed()
    assert parent.findChild(QMessageBox) is None
    assert not done


def test_what_was_agreed_to_may_close_what_it_was_about(qtbot, parent):
    confirm(parent, QUESTION, accept_label="Remove", on_accept=parent.close)
    box = parent.findChild(QMessageBox)
    [agree] = [b for b in box.buttons() if b.text() == "Remove"]
    qtbot.mouseClick(agree, Qt.MouseButton.LeftButton)
    delete_what_is_closed()
    assert not parent.isVisible()
    assert parent.findChild(QMessageBox) is None


@pytest.mark.usefixtures("qapp")
def test_a_window_deleted_under_an_open_question_takes_it_along():
    widget = QWidget()
    widget.show()
    box, done = ask(widget)
    gone = []
    box.destroyed.connect(lambda: gone.append(True))
    widget.deleteLater()
    delete_what_is_closed()
    assert gone
    assert not done
