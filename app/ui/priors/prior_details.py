"""The facts of the selected prior and its buttons."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.i18n.error_messages import message_from_error
from app.i18n.translation import tr
from app.ui.widgets.fact_table import FactTable
from app.ui.widgets.form_controls import create_heading_label, create_push_button
from app.ui.widgets.theme import SPACING
from app.ui.widgets.vertical_scroll_area import VerticalScrollArea
from app.viewmodels.priors.priors import DownloadingPrior, NoPriorTask, PriorsState
from app.viewmodels.priors.priors_text import prior_fact_rows

_LABEL_WIDTH_PX = 120


class PriorDetails(QWidget):
    """A panel with the details of a prior and with buttons to use and manage the prior.

    The details are name, facts and, if the prior cannot be loaded, the error.
    """

    def __init__(self) -> None:
        super().__init__()
        self.name_label = create_heading_label("")
        self.error_label = QLabel(wordWrap=True)
        self.error_label.setObjectName("alarm")
        self.error_label.setTextFormat(Qt.TextFormat.PlainText)
        self.fact_table = FactTable(tr("About this model"))
        self.use_button = create_push_button(tr("&Use"), tr("Restore with this model from now on"))
        self.download_button = create_push_button(
            tr("&Download…"), tr("Says what that means, and asks before anything is fetched")
        )
        self.verify_button = create_push_button(
            tr("&Verify"), tr("Read all of its file again, and compare it with what was imported")
        )
        self.remove_button = create_push_button(tr("&Remove…"), tr("Delete the imported file"))
        self._lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fact_table.set_value_width(event.size().width() - _LABEL_WIDTH_PX)

    def show_prior(self, name: str, state: PriorsState, *, is_used: bool) -> None:
        """Show a prior; buttons that change files are disabled during a prior task."""
        entry, task = state.find_entry(name), state.task
        is_idle = isinstance(task, NoPriorTask)
        is_downloading = isinstance(task, DownloadingPrior) and task.name == name
        self.setVisible(entry is not None)
        if entry is None:
            return
        self.name_label.setText(entry.name)
        self.error_label.setVisible(entry.error is not None)
        if entry.error is not None:
            self.error_label.setText(message_from_error(entry.error).as_line())
        self.fact_table.show_rows(prior_fact_rows(entry, is_downloading=is_downloading))
        is_installed = entry.path is not None
        self.use_button.setVisible(is_installed)
        self.use_button.setEnabled(entry.error is None and not is_used)
        self.use_button.setText(tr("In use") if is_used else tr("&Use"))
        self.verify_button.setVisible(is_installed)
        self.verify_button.setEnabled(is_idle)
        self.remove_button.setVisible(is_installed and not entry.comes_with_program)
        self.remove_button.setEnabled(is_idle)
        self.download_button.setVisible(not is_installed)
        self.download_button.setEnabled(is_idle)
        self.download_button.setText(
            tr("Continue &download…") if entry.downloaded_bytes else tr("&Download…")
        )

    def _lay_out(self) -> None:
        content = QWidget()
        content_layout = QVBoxLayout(content)
        content_layout.setContentsMargins(0, 0, SPACING, 0)
        content_layout.setSpacing(SPACING)
        for widget in (self.name_label, self.error_label, self.fact_table):
            content_layout.addWidget(widget)
        content_layout.addStretch(1)
        area = VerticalScrollArea(content)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACING)
        for button in (
            self.use_button,
            self.download_button,
            self.verify_button,
            self.remove_button,
        ):
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(area, 1)
        layout.addLayout(buttons)
