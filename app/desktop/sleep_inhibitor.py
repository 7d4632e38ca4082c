"""Objects that keep the computer awake while the program computes."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable

from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher

_SCREEN_SAVER = ("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver")
_LOGIN_SERVICE, _LOGIN_PATH = "org.freedesktop.login1", "/org/freedesktop/login1"
_LOGIN_INTERFACE = "org.freedesktop.login1.Manager"
_CONNECTION_NAMES = ("ddrm-restore-awake-session", "ddrm-restore-awake-system")
_APP_NAME = "DDRM Restore"
# Flags of SetThreadExecutionState in the Windows API.
_ES_CONTINUOUS, _ES_SYSTEM_REQUIRED = 0x80000000, 0x00000001

BusConnector = Callable[[str], QDBusConnection]
"""Function that opens a connection of its own to a bus, under the given name."""


class SleepInhibitor(ABC):
    """Base class of objects that keep the computer awake between `hold` and `release`.

    The user can still suspend the computer. Both methods may be called repeatedly.
    """

    @abstractmethod
    def hold(self, reason: str) -> None:
        """Keep the computer awake for a reason that the desktop may show to the user."""

    @abstractmethod
    def release(self) -> None:
        """Let the computer sleep again."""


class DBusSleepInhibitor(SleepInhibitor):
    """An inhibitor that asks org.freedesktop.ScreenSaver and logind, where they exist.

    Both services inhibit sleep for as long as the connection is open from which they were asked.
    Each `hold` therefore opens connections of its own, which `release` closes. No call waits for
    its reply.
    """

    def __init__(
        self,
        connect_session_bus: BusConnector | None = None,
        connect_system_bus: BusConnector | None = None,
    ) -> None:
        """Create an inhibitor.

        Args:
            connect_session_bus: Function that connects to the bus of the screen saver; None for
                the session bus.
            connect_system_bus: Function that connects to the bus of logind; None for the system
                bus.
        """
        self._connect_session_bus = connect_session_bus or _connect_session_bus
        self._connect_system_bus = connect_system_bus or _connect_system_bus
        self._pending_calls: list[QDBusPendingCallWatcher] = []
        self._is_held = False

    def hold(self, reason: str) -> None:
        if self._is_held:
            return
        self._is_held = True
        session_name, system_name = _CONNECTION_NAMES
        service, path = _SCREEN_SAVER
        self._call(
            self._connect_session_bus(session_name),
            QDBusMessage.createMethodCall(service, path, service, "Inhibit"),
            [_APP_NAME, reason],
        )
        self._call(
            self._connect_system_bus(system_name),
            QDBusMessage.createMethodCall(_LOGIN_SERVICE, _LOGIN_PATH, _LOGIN_INTERFACE, "Inhibit"),
            ["idle", _APP_NAME, reason, "block"],
        )

    def release(self) -> None:
        # The reply of logind holds a file descriptor, which ends the inhibition when it is closed.
        self._pending_calls.clear()
        if self._is_held:
            for name in _CONNECTION_NAMES:
                QDBusConnection.disconnectFromBus(name)
        self._is_held = False

    def _call(self, bus: QDBusConnection, message: QDBusMessage, arguments: list[str]) -> None:
        """Call a method without waiting; a missing bus or service is ignored."""
        if bus.isConnected():
            message.setArguments(arguments)
            self._pending_calls.append(QDBusPendingCallWatcher(bus.asyncCall(message)))


def _connect_session_bus(name: str) -> QDBusConnection:
    return QDBusConnection.connectToBus(QDBusConnection.BusType.SessionBus, name)


def _connect_system_bus(name: str) -> QDBusConnection:
    return QDBusConnection.connectToBus(QDBusConnection.BusType.SystemBus, name)


class WindowsSleepInhibitor(SleepInhibitor):
    """An inhibitor for Windows. Not yet run there.

    The state belongs to the calling thread, so both methods are called on the same thread.
    """

    def hold(self, reason: str) -> None:  # noqa: ARG002  # Windows shows no reason
        self._set_state(_ES_CONTINUOUS | _ES_SYSTEM_REQUIRED)

    def release(self) -> None:
        self._set_state(_ES_CONTINUOUS)

    def _set_state(self, flags: int) -> None:
        kernel = getattr(ctypes, "windll").kernel32  # noqa: B009  # exists on Windows only
        kernel.SetThreadExecutionState(ctypes.c_uint(flags))


class MacSleepInhibitor(SleepInhibitor):
    """An inhibitor that runs `caffeinate` of macOS, which ends with this process. Not yet run."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def hold(self, reason: str) -> None:  # noqa: ARG002  # macOS shows no reason
        if self._process is None:
            command = ["/usr/bin/caffeinate", "-i", "-w", str(os.getpid())]
            self._process = subprocess.Popen(command)

    def release(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None


def create_sleep_inhibitor() -> SleepInhibitor:
    """Return the inhibitor of the operating system on which the program runs."""
    match sys.platform:
        case "win32":
            return WindowsSleepInhibitor()
        case "darwin":
            return MacSleepInhibitor()
        case _:
            return DBusSleepInhibitor()
