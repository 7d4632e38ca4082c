"""The link between the work of a window and the desktop."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from app.desktop.services import DesktopServices
from app.i18n.translation import tr
from app.viewmodels.window.long_work import LongWorkState, LongWorkViewModel, WorkEnded


class DesktopLink(QObject):
    """The link that keeps the computer awake while a window works, and shows notices of the end.

    The end of short work is shown only while another window is active.
    """

    def __init__(
        self, window: QWidget, long_work: LongWorkViewModel, services: DesktopServices
    ) -> None:
        super().__init__(window)
        self._window = window
        self._long_work = long_work  # nothing else refers to it, and it would be collected
        self._services = services
        long_work.state_changed.connect(self._on_long_work_changed)
        long_work.work_ended.connect(self._on_work_ended)

    @Slot()
    def close(self) -> None:
        """Let the computer sleep again."""
        if self._services.sleep_inhibitor is not None:
            self._services.sleep_inhibitor.release()

    @Slot(object)
    def _on_long_work_changed(self, state: LongWorkState) -> None:
        inhibitor = self._services.sleep_inhibitor
        if inhibitor is None:
            return
        if state.is_active:
            inhibitor.hold(tr("Pictures are being restored"))
        else:
            inhibitor.release()

    @Slot(object)
    def _on_work_ended(self, work: WorkEnded) -> None:
        notifier = self._services.notifier
        if notifier is not None and (work.is_long or not self._window.isActiveWindow()):
            notifier.show_notice(work.message.title, work.message.advice)
