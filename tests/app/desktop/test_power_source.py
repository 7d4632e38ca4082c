"""The power source that Linux reports."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.desktop.power_source import read_power_supplies

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
