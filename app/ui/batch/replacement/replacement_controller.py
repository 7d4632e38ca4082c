"""The controller of the replacement of originals."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Slot

from app.i18n.translation import tr
from app.jobs.batch.replacing import ReplacementChoice
from app.jobs.batch.undo_replacements import UndoReport
from app.ui.batch.actions import BatchActions
from app.ui.batch.replacement.replacement_fields import ReplacementFields
from app.ui.widgets.dialogs import confirm
from app.ui.window_context import Controller, WindowContext
from app.viewmodels.batch.batch_events import (
    BatchEvent,
    ReplacementQuestion,
    ReplacementRefused,
)
from app.viewmodels.batch.batch_state import BatchState
from app.viewmodels.batch.replacement.replacement_text import (
    replacement_question,
    undo_details_text,
    undo_finished_message,
    undo_question,
)


class ReplacementController(Controller):
    """The controller that connects the replacement of originals with its questions."""

    def __init__(
        self, context: WindowContext, actions: BatchActions, fields: ReplacementFields
    ) -> None:
        super().__init__(context)
        self._batch, self._actions = context.view_models.batch, actions
        self._fields = fields
        fields.choice_changed.connect(self._batch.set_replacement)
        fields.folder_requested.connect(self._ask_backup_folder)
        actions.undo_replacement.triggered.connect(self._ask_undo)
        self._batch.state_changed.connect(self._render)
        self._batch.event_occurred.connect(self._on_event_occurred)

    @Slot()
    def _ask_undo(self) -> None:
        """Ask for a folder, and then whether its originals are to get their names back."""
        state = self._batch.state
        first_item = next(iter(state.items), None)
        proposed_folder = state.dialog_folder
        if first_item is not None:
            proposed_folder = first_item.base_folder or first_item.source.parent
        folder = self._dialogs.ask_folder(self._window, proposed_folder)
        if folder is not None:
            confirm(
                self._window,
                undo_question(folder),
                accept_label=tr("Bring them back"),
                on_accept=partial(self._batch.undo_replacements, folder),
            )

    @Slot()
    def _ask_backup_folder(self) -> None:
        """Ask for the folder of the originals; the previous choice stays if the user cancels."""
        folder = self._dialogs.ask_folder(self._window, self._batch.state.dialog_folder)
        if folder is not None:
            self._batch.set_replacement(ReplacementChoice(folder))
        self._fields.show_state(self._batch.state)

    @Slot(object)
    def _on_event_occurred(self, event: BatchEvent) -> None:
        match event:
            case ReplacementRefused(message=message):
                self._message_bar.show_error(message)
            case ReplacementQuestion(plan=plan):
                confirm(
                    self._window,
                    replacement_question(event),
                    accept_label=tr("Replace"),
                    on_accept=partial(self._batch.accept_replacement, plan),
                )
            case UndoReport():
                self._show_undo_report(event)

    def _show_undo_report(self, report: UndoReport) -> None:
        message = undo_finished_message(report)
        if report.failures or report.losses:
            self._dialogs.show_message(self._window, message, undo_details_text(report))
        else:
            self._message_bar.show_info(message)

    @Slot(object)
    def _render(self, state: BatchState) -> None:
        is_idle = not state.is_active and not state.is_undoing
        self._actions.undo_replacement.setEnabled(is_idle)
