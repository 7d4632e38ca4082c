"""The power source that Linux reports."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PySide6.QtDBus import QDBusConnection

from app.desktop.power_source import ask_upower, read_power_supplies
from tests.support.private_bus import PowerManager, register

ADAPTER = {"type": "Mains", "online": "1"}
UNPLUGGED = {"type": "Mains", "online": "0"}
FULL = {"type": "Battery", "status": "Full", "scope": "System"}
DISCHARGING = {"type": "Battery", "status": "Discharging"}
MOUSE = {"type": "Battery", "status": "Discharging", "scope": "Device"}
USB_CHARGER = {"type": "USB", "online": "1"}


def write_supplies(folder: Path, *supplies: dict[str, str]) -> Path:
    """Write a folder with the structure of /sys/class/power_supply, and return it."""
    for number, supply in enumerate(supplies):
        (folder / f"supply{number}").mkdir(parents=True)
        for name, text in supply.items():
            (folder / f"supply{number}" / name).write_text(f"{text}\n", "ascii")
    return folder


@pytest.mark.parametrize(
    ("supplies", "expected"),
    [
        ((UNPLUGGED, DISCHARGING), True),
        ((DISCHARGING,), True),
        ((ADAPTER, DISCHARGING), False),
        ((USB_CHARGER, UNPLUGGED, DISCHARGING), False),
        ((ADAPTER, FULL), False),
        ((FULL,), False),
        ((ADAPTER, MOUSE), False),
        ((MOUSE,), None),
    ],
)
def test_a_computer_is_on_battery_without_an_adapter(tmp_path, supplies, expected):
    assert read_power_supplies(write_supplies(tmp_path, *supplies)) is expected


def test_a_computer_without_batteries_reports_nothing(tmp_path):
    assert read_power_supplies(tmp_path) is None
    assert read_power_supplies(tmp_path / "missing") is None


@pytest.mark.parametrize("is_on_battery", [True, False])
def test_upower_is_asked_on_a_worker_thread(qtbot, bus_address, listener_bus, is_on_battery):
    """The service answers on this thread, which therefore must not be blocked by the question."""
    power = PowerManager(is_on_battery=is_on_battery)
    register(listener_bus, power, "org.freedesktop.UPower", "/org/freedesktop/UPower")
    bus = QDBusConnection.connectToBus(bus_address, "power")
    with ThreadPoolExecutor(1) as executor:
        answer = executor.submit(ask_upower, bus)
        qtbot.waitUntil(answer.done)
        assert answer.result() is is_on_battery
    QDBusConnection.disconnectFromBus("power")


def test_without_upower_the_computer_is_not_on_battery(tmp_path, bus_address):
    bus = QDBusConnection.connectToBus(bus_address, "power")
    assert ask_upower(bus) is False
    QDBusConnection.disconnectFromBus("power")
    no_bus = QDBusConnection.connectToBus(f"unix:path={tmp_path / 'missing'}", "no power")
    assert ask_upower(no_bus) is False
    QDBusConnection.disconnectFromBus("no power")
