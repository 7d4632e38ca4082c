"""Process that shows one notice through org.freedesktop.Notifications, run by `notifications`.

    python notice_process.py TITLE BODY

The calls block until the notification service answers, and PySide cannot write the unsigned
number of `Notify` without asking the service for its methods first. Both would stop the window, so
they happen in a process of their own. It imports nothing of the program, which makes it start fast.
"""

from __future__ import annotations

import html
import sys

from PySide6.QtCore import Q_ARG, Q_RETURN_ARG, QCoreApplication, QMetaObject, Qt
from PySide6.QtDBus import QDBusConnection, QDBusInterface

_SERVICE, _PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
_APP_NAME, _DESKTOP_ENTRY = "DDRM Restore", "org.ddrm-restore.app"
_MARKUP_CAPABILITY = "body-markup"
_TIMEOUT_MS = 5000
_DEFAULT_EXPIRATION = -1


def show_notice(bus: QDBusConnection, title: str, body: str) -> bool:
    """Show a notice, and return whether a service has accepted it.

    Args:
        bus: Connection to the session bus.
        title: Title, which services show as plain text.
        body: Plain text. It is escaped if the service reads the body as markup.
    """
    service = QDBusInterface(_SERVICE, _PATH, _SERVICE, bus)
    if not service.isValid():
        return False
    service.setTimeout(_TIMEOUT_MS)
    capabilities = service.call("GetCapabilities").arguments()
    if capabilities and _MARKUP_CAPABILITY in capabilities[0]:
        body = html.escape(body, quote=False)
    try:
        QMetaObject.invokeMethod(
            service,
            "Notify",
            Qt.ConnectionType.DirectConnection,
            Q_RETURN_ARG("uint"),
            Q_ARG("QString", _APP_NAME),
            Q_ARG("uint", 0),  # replaces no earlier notice
            Q_ARG("QString", _DESKTOP_ENTRY),
            Q_ARG("QString", title),
            Q_ARG("QString", body),
            Q_ARG("QStringList", []),
            Q_ARG("QVariantMap", {"desktop-entry": _DESKTOP_ENTRY}),
            Q_ARG("int", _DEFAULT_EXPIRATION),
        )
    except RuntimeError:  # the service has no such method
        return False
    return not service.lastError().isValid()


def main() -> int:
    """Show the notice of the command line; return 1 without a bus or a service."""
    title, body = sys.argv[-2:]
    app = QCoreApplication(sys.argv[:1])
    bus = QDBusConnection.sessionBus()
    is_shown = bus.isConnected() and show_notice(bus, title, body)
    app.processEvents()
    return 0 if is_shown else 1


if __name__ == "__main__":
    sys.exit(main())
