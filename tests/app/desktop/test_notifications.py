"""Notices of the desktop, received by a notification service of the test."""

from __future__ import annotations

import subprocess

import pytest

from app.desktop.notifications import FreedesktopNotifier, build_notice_command
from tests.support.private_bus import Notifications, register

EVIL_NAME = '<b>"A & B" 火\n</b>.jpg'


@pytest.mark.parametrize(
    ("capabilities", "expected_body"),
    [
        (("body", "body-markup"), '&lt;b&gt;"A &amp; B" 火 &lt;/b&gt;.jpg'),
        (("body",), '<b>"A & B" 火 </b>.jpg'),
    ],
)
def test_a_notice_names_a_file_without_its_markup(
    qtbot, monkeypatch, bus_address, listener_bus, capabilities, expected_body
):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus_address)
    service = Notifications(*capabilities)
    register(
        listener_bus, service, "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
    )
    FreedesktopNotifier().show_notice("The picture is restored", EVIL_NAME)
    qtbot.waitUntil(lambda: bool(service.notices))
    ((app_name, replaced, _icon, title, body, actions, hints, expiration),) = service.notices
    assert (app_name, replaced, title) == ("DDRM Restore", 0, "The picture is restored")
    assert body == expected_body
    assert (list(actions), expiration) == ([], -1)
    assert hints["desktop-entry"] == "org.ddrm-restore.app"


def test_without_a_bus_no_notice_is_shown(tmp_path, monkeypatch):
    """The process ends by itself, without an error of Python."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path / 'missing'}")
    command = [*build_notice_command(), "title", "body"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
