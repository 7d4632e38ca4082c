"""The controller of saving, copying and dragging."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl, Slot
from PySide6.QtGui import QGuiApplication, QImage

from app.config.paths import pictures_folder
from app.i18n.error_messages import UserMessage, message_from_error
from app.i18n.translation import tr
from app.jobs.export.expected_file import ExpectedFile
from app.jobs.export.save import SavedFile
from app.ui.export.actions import CopyActions
from app.ui.export.drag_handle import DragHandle
from app.ui.export.save_options_form import SaveOptionsForm
from app.ui.widgets.dialogs import open_folder
from app.ui.window_context import Controller, WindowContext
from app.viewmodels.export.expected_file import expected_file_text
from app.viewmodels.export.saving import (
    MAX_NOTES,
    SavingState,
    result_saved_message,
    save_error_message,
    translate_notes,
)
from app.viewmodels.export.sharing import ShareReady, ShareState, create_share_request
from app.viewmodels.results.savable_result import SavableResult, find_savable_result
from app.viewmodels.run.run import ResultReady
from app.viewmodels.state_view_model import JobFailed
from ddrm_core.errors import CoreError, FileError


class ExportController(Controller):
    """The controller that saves, copies and drags results."""

    def __init__(
        self,
        context: WindowContext,
        actions: CopyActions,
        drag_handle: DragHandle,
        save_options_form: SaveOptionsForm,
    ) -> None:
        super().__init__(context)
        view_models = context.view_models
        self._actions = actions
        self._saving = view_models.saving
        self._expected_file = view_models.expected_file
        self._sharing = view_models.sharing
        self._run = view_models.run
        self._run_history = view_models.run_history
        self._document = view_models.document
        self._drag_handle = drag_handle
        self._form = save_options_form
        actions.copy_result.triggered.connect(lambda _checked: self.copy_result())
        actions.copy_original.triggered.connect(lambda _checked: self.copy_original())
        save_options_form.choose_folder_requested.connect(self._choose_folder)
        drag_handle.file_requested.connect(self._on_file_requested)
        drag_handle.copy_requested.connect(self.copy_result)
        self._saving.state_changed.connect(self._on_saving_changed)
        self._saving.options.state_changed.connect(self._hide_outdated_error)
        self._expected_file.state_changed.connect(self._on_expected_file_changed)
        self._on_expected_file_changed(self._expected_file.state)
        self._sharing.state_changed.connect(self._on_share_changed)
        self._run.state_changed.connect(self._update_actions)
        self._document.state_changed.connect(self._update_actions)
        self._update_actions()

    @Slot()
    def save_now(self) -> None:
        """Save the result, if one exists, under a free name in the folder that the panel shows."""
        savable = self._find_savable_result()
        if savable is not None:
            self._save(savable, self._propose_path(savable), overwrite=False)

    @Slot()
    def ask_and_save(self) -> None:
        """Ask for a path and save the result, if one exists and the user chooses a path.

        The format of the chosen path is used once: the format of later results stays the one that
        the panel shows.
        """
        savable = self._find_savable_result()
        if savable is None:
            return
        expected = self._expected_file.state
        proposed_path = self._propose_path(savable) if expected is None else expected.path
        path = self._dialogs.ask_save_path(
            self._window, proposed_path, self._saving.options.state.available_formats
        )
        if path is not None:
            self._save(savable, path, overwrite=True)

    @Slot()
    def _choose_folder(self) -> None:
        options, document = self._saving.options, self._document.document
        folder = options.state.folder
        if folder is None:
            folder = pictures_folder() if document is None else document.source.path.parent
        chosen_folder = self._dialogs.ask_folder(self._window, folder)
        if chosen_folder is not None:
            options.set_folder(chosen_folder)

    def _find_savable_result(self) -> SavableResult | None:
        history = self._run_history
        return find_savable_result(self._run.state, history.state, history.shown_run_number)

    def _propose_path(self, savable: SavableResult) -> Path:
        return self._saving.options.state.propose_path(savable.source_path)

    def _save(self, savable: SavableResult, path: Path, *, overwrite: bool) -> None:
        self._saving.save(
            savable.result,
            path,
            sharpness=savable.sharpness,
            sample=savable.sample_number,
            strength=savable.strength,
            run_number=savable.run_number,
            overwrite=overwrite,
        )

    @Slot()
    def copy_result(self) -> None:
        """Write the result to a temporary file and copy the file and the image to the clipboard."""
        self._prepare_file(for_copy=True)

    @Slot()
    def copy_original(self) -> None:
        document = self._document.document
        if document is not None:
            data = _create_mime_data(document.source.path, document.image.full_size)
            QGuiApplication.clipboard().setMimeData(data)
            self._message_bar.show_info(_copied_message(document.source.path))

    @Slot()
    def _on_file_requested(self) -> None:
        self._prepare_file(for_copy=False)

    def _prepare_file(self, *, for_copy: bool) -> None:
        done = self._run.state
        if isinstance(done, ResultReady):
            request = create_share_request(done, self._saving.options.state)
            self._sharing.prepare(request, for_copy=for_copy)
            self._share_file(self._sharing.state)

    @Slot(object)
    def _on_share_changed(self, state: ShareState) -> None:
        match state:
            case ShareReady():
                self._share_file(state)
            case JobFailed(error=error):
                self._message_bar.show_error(message_from_error(error))

    def _share_file(self, state: ShareState) -> None:
        """Copy the ready file to the clipboard if requested, or start a drag if the mouse drags."""
        if not isinstance(state, ShareReady):
            return
        image = state.request.result.image
        if self._sharing.take_copy_request():
            QGuiApplication.clipboard().setMimeData(_create_mime_data(state.path, image.full_size))
            self._message_bar.show_info(_copied_message(state.path))
        elif self._drag_handle.is_dragging:
            self._drag_handle.start_drag(
                _create_mime_data(state.path, image.full_size), image.mipmaps[-1]
            )

    @Slot()
    def _update_actions(self) -> None:
        self._actions.copy_result.setEnabled(isinstance(self._run.state, ResultReady))
        document = self._document.document
        self._actions.copy_original.setEnabled(document is not None and not document.is_pasted)

    @Slot(object)
    def _on_expected_file_changed(self, expected: ExpectedFile | None) -> None:
        self._form.show_target(
            None if expected is None else expected.path, expected_file_text(expected)
        )

    @Slot(object)
    def _on_saving_changed(self, state: SavingState) -> None:
        match state:
            case SavedFile():
                self._show_saved_message(state)
            case JobFailed(error=error):
                self._show_save_error(error)

    @Slot()
    def _hide_outdated_error(self) -> None:
        """Hide the message about a failed save once another place or format is chosen."""
        state = self._saving.state
        if isinstance(state, JobFailed):
            title = save_error_message(state.error).title
            if self._message_bar.title_label.text() == title:
                self._message_bar.hide()

    def _show_save_error(self, error: Exception) -> None:
        self._message_bar.show_error(save_error_message(error))
        if isinstance(error, CoreError):
            self._message_bar.add_button(tr("Save as another name…"), self.ask_and_save)
        if isinstance(error, FileError):
            self._add_open_folder_button(error.path.parent)

    def _show_saved_message(self, saved: SavedFile) -> None:
        self._message_bar.show_info(result_saved_message(saved))
        self._add_open_folder_button(saved.path.parent)
        if len(saved.notes) > MAX_NOTES:
            self._message_bar.add_button(tr("Show all"), partial(self._show_all_notes, saved))
            self._message_bar.second_action_button.setToolTip("\n".join(translate_notes(saved)))

    def _show_all_notes(self, saved: SavedFile) -> None:
        self._message_bar.show_info(result_saved_message(saved, max_notes=None))
        self._add_open_folder_button(saved.path.parent)

    def _add_open_folder_button(self, folder: Path) -> None:
        show_folder = partial(open_folder, self._dialogs, folder, self._message_bar)
        self._message_bar.add_button(tr("Open folder"), show_folder)


def _create_mime_data(path: Path, image: QImage) -> QMimeData:
    """Return MIME data with the file, and the image for programs that accept no files."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    data.setImageData(image)
    return data


def _copied_message(path: Path) -> UserMessage:
    return UserMessage(
        tr("Copied {name}").format(name=path.name),
        tr("Paste it into a folder as a file, or into another program as a picture."),
    )
