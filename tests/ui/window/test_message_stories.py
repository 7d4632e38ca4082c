"""Messages of the window, with real clicks."""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.i18n.error_messages import UserMessage
from app.viewmodels.document.document import DocumentOpenFailed


def test_a_message_moves_nothing(qtbot, open_photo):
    """Defect 15: messages pushed the page down, and the bottom panel then kept another height."""
    window = open_photo
    qtbot.keyClick(window, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    parts = (window.compare_view, window.bottom_panel, window.run_bar, window.side_panel)
    qtbot.waitUntil(lambda: window.bottom_panel.height() > 0)  # the panel has been laid out
    before = [part.geometry() for part in parts]
    window.message_bar.show_info(UserMessage("One", "Two.\nThree.\nFour."))
    window.message_bar.add_button("Go back", lambda: None)
    assert window.message_bar.isVisible()
    assert [part.geometry() for part in parts] == before
    qtbot.mouseClick(window.message_bar.action_button, Qt.MouseButton.LeftButton)
    assert not window.message_bar.isVisible()
    assert [part.geometry() for part in parts] == before


def test_an_error_is_red_and_has_details(qtbot, window, tmp_path):
    """Defect 15: errors look like errors; what a programmer asks for is one click away."""
    missing = tmp_path / "gone.jpg"
    window.open_paths([missing])
    qtbot.waitUntil(lambda: isinstance(window.view_models.document.state, DocumentOpenFailed))
    bar = window.message_bar
    picture = bar.grab().toImage()
    error_color = bar.title_label.palette().windowText().color()
    assert error_color.red() > 2 * error_color.green()
    assert picture.pixelColor(picture.width() // 2, 0).red() > 150
    qtbot.mouseClick(bar.details_button, Qt.MouseButton.LeftButton)
    assert str(missing) in bar.details_label.text()
