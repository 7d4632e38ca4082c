"""Messages float over the images: they move nothing, fade, and errors stay."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QCursor, QEnterEvent
from PySide6.QtWidgets import QApplication, QLabel, QStackedWidget, QWidget

from app.i18n.error_messages import UserMessage, message_from_error
from app.ui.widgets.floating_message_bar import FloatingMessageBar
from app.ui.widgets.theme import Theme
from ddrm_core.errors import UnwritableOutput
from ddrm_core.os_errors import SystemFailure

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")

INFO = UserMessage("Saved a.png", "It is in /photos.")
ERROR = UnwritableOutput(Path("/photos/a.png"), SystemFailure.EACCES)
ERROR.__cause__ = PermissionError(13, "Permission denied")
FAILURE = message_from_error(ERROR)


@pytest.fixture
def bar(qtbot, qapp):
    """Return a message bar over a stack of two pages; a message fades after a millisecond."""
    QCursor.setPos(0, 0)  # a message under the mouse stays
    pages = QStackedWidget()
    qtbot.addWidget(pages)
    pages.resize(600, 400)
    pages.addWidget(QLabel("first"))
    pages.addWidget(QLabel("second"))
    bar = FloatingMessageBar(Theme(qapp), pages, display_time_ms=1)
    with qtbot.waitExposed(pages):
        pages.show()
    return bar


def hit(pages: QWidget, bar: QWidget) -> bool:
    """Return whether a click on the middle of `bar` would reach the bar or one of its parts."""
    child = pages.childAt(bar.geometry().center())
    return child is bar or bar.isAncestorOf(child)


def test_an_information_fades_out_by_itself(qtbot, bar):
    bar.show_info(INFO)
    assert bar.isVisible()
    qtbot.waitUntil(bar.isHidden)
    bar.show_info(INFO)
    assert bar.isVisible()  # the second one is as visible as the first
    assert not bar.graphicsEffect().isEnabled()


def test_a_message_under_the_mouse_is_read_in_peace(qtbot, bar):
    bar.show_info(INFO)
    QApplication.sendEvent(bar, QEnterEvent(QPointF(5, 5), QPointF(5, 5), QPointF(5, 5)))
    bar.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)  # Qt sets this before the event
    other = FloatingMessageBar(Theme(QApplication.instance()), bar.parent(), display_time_ms=1)
    other.show_info(INFO)
    qtbot.waitUntil(other.isHidden)  # the time of a message is over
    assert bar.isVisible()
    bar.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, on=False)
    QApplication.sendEvent(bar, QEvent(QEvent.Type.Leave))
    qtbot.waitUntil(bar.isHidden)


def test_an_error_stays_until_it_is_closed(qtbot, bar):
    bar.show_error(FAILURE)
    other = FloatingMessageBar(Theme(QApplication.instance()), bar.parent(), display_time_ms=1)
    other.show_info(INFO)
    qtbot.waitUntil(other.isHidden)  # the time of a message is over
    assert bar.isVisible()


def test_an_offer_that_must_not_be_lost_stays(bar):
    bar.show_info(INFO)
    bar.add_button("Keep the estimate", lambda: None, keeps_message=True)
    assert bar.stays
    bar.show_info(INFO)
    assert not bar.stays  # the offer went with its message


def test_the_bar_is_within_the_pages_and_above_the_current_one(bar):
    pages = bar.parentWidget()
    bar.show_error(FAILURE)
    for width in (600, 300, 900):
        pages.resize(width, 400)
        assert QRect(QPoint(0, 0), pages.size()).contains(bar.geometry())
        assert abs(bar.geometry().center().x() - width // 2) <= 1
    pages.setCurrentIndex(1)
    assert hit(pages, bar)


def test_details_are_shown_on_request_and_do_not_push_anything(qtbot, bar):
    page = bar.parentWidget().currentWidget()
    before = page.geometry()
    bar.show_error(FAILURE)
    assert bar.details_label.isHidden()
    qtbot.mouseClick(bar.details_button, Qt.MouseButton.LeftButton)
    assert bar.details_label.isVisible()
    assert bar.details_label.text().splitlines() == [
        "UnwritableOutput: Cannot write /photos/a.png: permission denied",
        "PermissionError: [Errno 13] Permission denied",
    ]
    assert page.geometry() == before
    bar.show_info(INFO)
    assert not bar.details_button.isVisible()
    assert bar.details_label.isHidden()


def test_the_words_of_a_long_message_are_all_visible(qtbot, bar):
    bar.show_error(UserMessage("A title " * 20, "An advice of many words. " * 20))
    qtbot.waitUntil(lambda: bar.height() >= bar.heightForWidth(bar.width()))
    label = bar.advice_label
    assert label.height() >= label.heightForWidth(label.width())
