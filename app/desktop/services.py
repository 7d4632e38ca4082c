"""The services of the desktop that a window uses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.desktop.notifications import DesktopNotifier, create_notifier
from app.desktop.power_source import is_on_battery
from app.desktop.sleep_inhibitor import SleepInhibitor, create_sleep_inhibitor


@dataclass(frozen=True, slots=True)
class DesktopServices:
    """The services of the desktop that a window uses.

    Attributes:
        is_on_battery: Function, called on worker threads, that returns whether the computer runs
            on its battery.
        sleep_inhibitor: Object that keeps the computer awake; None to let it sleep.
        notifier: Object that shows notices; None for no notices.
    """

    is_on_battery: Callable[[], bool]
    sleep_inhibitor: SleepInhibitor | None = None
    notifier: DesktopNotifier | None = None


def create_desktop_services() -> DesktopServices:
    """Return the services of the desktop on which the program runs."""
    return DesktopServices(is_on_battery, create_sleep_inhibitor(), create_notifier())


def is_always_on_battery() -> bool:
    """Return True: a window without services of the desktop saves energy."""
    return True
