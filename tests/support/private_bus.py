"""A D-Bus bus of a test, with services that record what they are asked."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator

import pytest
from PySide6.QtCore import ClassInfo, Property, QObject, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage

SERVER_NAME = "listener"


@pytest.fixture
def bus_address() -> Iterator[str]:
    """Return the address of a bus that ends with the test; skip it without `dbus-daemon`."""
    program = shutil.which("dbus-daemon")
    if program is None:
        pytest.skip("dbus-daemon is not installed")
    process = subprocess.Popen(
        [program, "--session", "--nofork", "--nopidfile", "--print-address=1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    yield process.stdout.readline().strip()
    process.terminate()
    process.wait()
    process.stdout.close()


@pytest.fixture
def listener_bus(bus_address: str) -> Iterator[QDBusConnection]:
    """Return the connection to which a test's services are registered."""
    yield QDBusConnection.connectToBus(bus_address, SERVER_NAME)
    QDBusConnection.disconnectFromBus(SERVER_NAME)


def register(bus: QDBusConnection, service: QObject, name: str, path: str) -> None:
    """Make a service available on a bus."""
    exported = (
        QDBusConnection.RegisterOption.ExportAllSlots
        | QDBusConnection.RegisterOption.ExportAllProperties
    )
    assert bus.registerObject(path, service, exported)
    assert bus.registerService(name)


def connection_names(bus: QDBusConnection) -> set[str]:
    """Return the names of all connections of a bus."""
    question = QDBusMessage.createMethodCall(
        "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "ListNames"
    )
    return set(bus.call(question).arguments()[0])


@ClassInfo({"D-Bus Interface": "org.freedesktop.Notifications"})
class Notifications(QObject):
    """A notification service that records the notices."""

    def __init__(self, *capabilities: str) -> None:
        super().__init__()
        self.capabilities = list(capabilities)
        self.notices: list[tuple[object, ...]] = []

    @Slot(result="QStringList")
    def GetCapabilities(self) -> list[str]:  # noqa: N802
        return self.capabilities

    @Slot(
        *("QString", "uint", "QString", "QString", "QString", "QStringList", "QVariantMap", "int"),
        result="uint",
    )
    def Notify(self, *arguments: object) -> int:  # noqa: N802
        self.notices.append(arguments)
        return 7


@ClassInfo({"D-Bus Interface": "org.freedesktop.ScreenSaver"})
class ScreenSaver(QObject):
    """A screen saver that records its inhibitions."""

    def __init__(self) -> None:
        super().__init__()
        self.inhibitions: list[tuple[str, str]] = []

    @Slot("QString", "QString", result="uint")
    def Inhibit(self, application: str, reason: str) -> int:  # noqa: N802
        self.inhibitions.append((application, reason))
        return 3_000_000_000


@ClassInfo({"D-Bus Interface": "org.freedesktop.login1.Manager"})
class Login(QObject):
    """A logind that records its inhibitions."""

    def __init__(self) -> None:
        super().__init__()
        self.inhibitions: list[tuple[str, ...]] = []

    @Slot("QString", "QString", "QString", "QString")
    def Inhibit(self, *arguments: str) -> None:  # noqa: N802
        self.inhibitions.append(arguments)


@ClassInfo({"D-Bus Interface": "org.freedesktop.UPower"})
class PowerManager(QObject):
    """A UPower that reports the power source."""

    def __init__(self, *, is_on_battery: bool) -> None:
        super().__init__()
        self._is_on_battery = is_on_battery

    @Property(bool)
    def OnBattery(self) -> bool:  # noqa: N802
        return self._is_on_battery
