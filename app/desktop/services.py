"""The services of the desktop that a window uses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.desktop.power_source import is_on_battery


@dataclass(frozen=True, slots=True)
class DesktopServices:
    """The services of the desktop that a window uses.

    Attributes:
        is_on_battery: Function, called on worker threads, that returns whether the computer runs
            on its battery.
    """

    is_on_battery: Callable[[], bool]


def create_desktop_services() -> DesktopServices:
    """Return the services of the desktop on which the program runs."""
    return DesktopServices(is_on_battery)


def is_always_on_battery() -> bool:
    """Return True: a window without services of the desktop saves energy."""
    return True
