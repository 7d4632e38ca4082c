"""Keeping the computer awake through the services of the desktop."""

from __future__ import annotations

import pytest
from PySide6.QtDBus import QDBusConnection

from app.desktop.sleep_inhibitor import DBusSleepInhibitor
from tests.support.private_bus import Login, ScreenSaver, connection_names, register


@pytest.fixture
def inhibitor(bus_address):
    def connect(name: str) -> QDBusConnection:
        return QDBusConnection.connectToBus(bus_address, name)

    inhibitor = DBusSleepInhibitor(connect, connect)
    yield inhibitor
    inhibitor.release()


def test_screen_saver_and_logind_are_asked_and_released(qtbot, listener_bus, inhibitor):
    """Both services end an inhibition when its connection is closed."""
    saver, login = ScreenSaver(), Login()
    register(listener_bus, saver, "org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver")
    register(listener_bus, login, "org.freedesktop.login1", "/org/freedesktop/login1")
    before = connection_names(listener_bus)
    inhibitor.hold("Pictures are being restored")
    inhibitor.hold("Pictures are being restored")
    qtbot.waitUntil(lambda: bool(saver.inhibitions and login.inhibitions))
    assert saver.inhibitions == [("DDRM Restore", "Pictures are being restored")]
    assert login.inhibitions == [("idle", "DDRM Restore", "Pictures are being restored", "block")]
    assert len(connection_names(listener_bus)) == len(before) + 2
    inhibitor.release()
    qtbot.waitUntil(lambda: connection_names(listener_bus) == before)
    inhibitor.hold("again")
    qtbot.waitUntil(lambda: saver.inhibitions[1:] == [("DDRM Restore", "again")])


def test_a_bus_without_these_services_is_ignored(qtbot, listener_bus, inhibitor):
    before = connection_names(listener_bus)
    inhibitor.hold("a reason")
    qtbot.waitUntil(lambda: len(connection_names(listener_bus)) == len(before) + 2)
    inhibitor.release()
    qtbot.waitUntil(lambda: connection_names(listener_bus) == before)


def test_without_a_bus_nothing_fails(tmp_path):
    def connect(name: str) -> QDBusConnection:
        return QDBusConnection.connectToBus(f"unix:path={tmp_path / 'missing'}", name)

    inhibitor = DBusSleepInhibitor(connect, connect)
    inhibitor.hold("a reason")
    inhibitor.release()
    assert not connect("another").isConnected()
    QDBusConnection.disconnectFromBus("another")
