"""The power source of the computer: its battery or the mains."""

from __future__ import annotations

import ctypes
import subprocess
import sys
import time
from pathlib import Path

from PySide6.QtDBus import QDBusConnection, QDBusMessage

POWER_SUPPLY_FOLDER = Path("/sys/class/power_supply")
"""Folder in which Linux describes batteries and power adapters."""
_UPOWER_SERVICE, _UPOWER_PATH = "org.freedesktop.UPower", "/org/freedesktop/UPower"
_PROPERTIES_INTERFACE = "org.freedesktop.DBus.Properties"
_TIMEOUT_MS = 500
_POLL_SECONDS = 0.002
_ADAPTER_TYPES = ("Mains", "USB")
_OFFLINE = 0  # ACLineStatus of Windows on battery


def is_on_battery() -> bool:
    """Return whether the computer runs on its battery; False if that is unknown.

    The call may take some milliseconds and is meant for worker threads.
    """
    match sys.platform:
        case "win32":
            return _is_windows_on_battery()
        case "darwin":
            return _is_mac_on_battery()
        case _:
            stated = read_power_supplies(POWER_SUPPLY_FOLDER)
            return ask_upower(QDBusConnection.systemBus()) if stated is None else stated


def read_power_supplies(folder: Path) -> bool | None:
    """Return whether Linux reports that the computer runs on its battery.

    A battery of a device such as a mouse does not count. The computer is on battery if no adapter
    is online and one of its batteries is discharging.

    Args:
        folder: `POWER_SUPPLY_FOLDER`, or a folder of the same structure.

    Returns:
        None if the folder does not exist or describes neither a battery nor an adapter.
    """
    if not folder.is_dir():
        return None
    supplies = [s for s in sorted(folder.iterdir()) if _read_text(s / "scope") != "Device"]
    adapters = [s for s in supplies if _read_text(s / "type") in _ADAPTER_TYPES]
    batteries = [s for s in supplies if _read_text(s / "type") == "Battery"]
    if not adapters and not batteries:
        return None
    if any(_read_text(adapter / "online") == "1" for adapter in adapters):
        return False
    return any(_read_text(battery / "status") == "Discharging" for battery in batteries)


def ask_upower(bus: QDBusConnection) -> bool:
    """Return whether UPower reports that the computer runs on its battery.

    Args:
        bus: Connection to the system bus; without a bus or without UPower, the answer is False.
    """
    if not bus.isConnected():
        return False
    question = QDBusMessage.createMethodCall(
        _UPOWER_SERVICE, _UPOWER_PATH, _PROPERTIES_INTERFACE, "Get"
    )
    question.setArguments([_UPOWER_SERVICE, "OnBattery"])
    # QDBusConnection.call would keep Python's lock from the window until the reply.
    pending_call = bus.asyncCall(question, timeout=_TIMEOUT_MS)
    end_time = time.monotonic() + _TIMEOUT_MS / 1000
    while not pending_call.isFinished():
        if time.monotonic() > end_time:
            return False
        time.sleep(_POLL_SECONDS)
    reply = pending_call.reply()
    if reply.type() != QDBusMessage.MessageType.ReplyMessage or not reply.arguments():
        return False
    value = reply.arguments()[0]
    return bool(value.variant() if hasattr(value, "variant") else value)


def _read_text(path: Path) -> str:
    """Return the text of a small file, empty if the file cannot be read."""
    try:
        return path.read_text("ascii", "replace").strip()
    except OSError:
        return ""


class _SystemPowerStatus(ctypes.Structure):
    """The structure SYSTEM_POWER_STATUS of the Windows API."""

    _fields_ = (
        ("ac_line_status", ctypes.c_ubyte),
        ("battery_flag", ctypes.c_ubyte),
        ("battery_life_percent", ctypes.c_ubyte),
        ("system_status_flag", ctypes.c_ubyte),
        ("battery_life_time", ctypes.c_ulong),
        ("battery_full_life_time", ctypes.c_ulong),
    )


def _is_windows_on_battery() -> bool:
    """Return whether Windows reports that no adapter is online. Not yet run on Windows."""
    status = _SystemPowerStatus()
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009  # exists on Windows only
    return bool(kernel.GetSystemPowerStatus(ctypes.byref(status))) and (
        status.ac_line_status == _OFFLINE
    )


def _is_mac_on_battery() -> bool:
    """Return whether `pmset` reports the battery as the power source. Not yet run on macOS."""
    done = subprocess.run(
        ["/usr/bin/pmset", "-g", "batt"], capture_output=True, text=True, check=False
    )
    return "'Battery Power'" in done.stdout
