"""Keeping the computer awake while the window works, and notices of the desktop at the end."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from app.desktop.notifications import DesktopNotifier
from app.desktop.services import DesktopServices
from app.desktop.sleep_inhibitor import SleepInhibitor
from app.viewmodels.run.run import ResultReady
from ddrm_core.sampler.settings import Preset
from tests.support.scripted_denoiser import until_held


class RecordedInhibitor(SleepInhibitor):
    """An inhibitor that records whether the computer is kept awake."""

    def __init__(self) -> None:
        self.is_held = False

    def hold(self, reason: str) -> None:
        assert reason
        self.is_held = True

    def release(self) -> None:
        self.is_held = False


class RecordedNotifier(DesktopNotifier):
    """A notifier that records the notices."""

    def __init__(self) -> None:
        self.titles: list[str] = []

    def show_notice(self, title: str, body: str) -> None:
        assert body
        self.titles.append(title)


@pytest.fixture
def inhibitor():
    return RecordedInhibitor()


@pytest.fixture
def notifier():
    return RecordedNotifier()


@pytest.fixture
def desktop(inhibitor, notifier):
    return DesktopServices(lambda: True, inhibitor, notifier)


def test_the_computer_stays_awake_during_a_run(scripted, qtbot, open_photo, inhibitor, notifier):
    window = open_photo
    window.view_models.parameters.apply_preset(Preset.FAST)
    scripted.hold_before(3)
    qtbot.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    until_held(qtbot, scripted, window.view_models.run)
    assert inhibitor.is_held
    scripted.release()
    qtbot.waitUntil(lambda: isinstance(window.view_models.run.state, ResultReady))
    assert not inhibitor.is_held
    assert notifier.titles == []  # nobody has left a run of a second alone


def test_closing_during_a_run_lets_the_computer_sleep(scripted, qtbot, open_photo, inhibitor):
    window = open_photo
    scripted.hold_before(3)
    window.action_set.restore.trigger()
    qtbot.waitUntil(scripted.held.is_set)
    assert inhibitor.is_held
    window.close()
    assert not inhibitor.is_held


@pytest.mark.usefixtures("scripted")
def test_the_end_of_a_batch_is_shown_over_other_windows(
    qtbot, window, photo, inhibitor, notifier, monkeypatch
):
    monkeypatch.setattr(window, "isActiveWindow", lambda: False)
    window.view_models.batch.add_paths([photo])
    qtbot.waitUntil(lambda: len(window.view_models.batch.state.items) == 1)
    window.action_set.batch.start.trigger()
    qtbot.waitUntil(lambda: bool(notifier.titles))
    assert notifier.titles == ["The folder is finished: 1 restored"]
    qtbot.waitUntil(lambda: not inhibitor.is_held)
