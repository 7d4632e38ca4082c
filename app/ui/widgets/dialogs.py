"""Asking for files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QStandardPaths, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QIcon
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox, QWidget

from app.config.prior_locations import existing_ancestor
from app.i18n.error_messages import UserMessage
from app.i18n.translation import tr, tr_noop
from app.ui.widgets.message_bar import MessageBar
from app.viewmodels.results.unsaved_results import SaveAnswer
from ddrm_core.formats.capabilities import SaveFormat, save_format_from_path

_PRIOR_FILTER = tr_noop("Priors (*.safetensors *.pt *.pth)")
_IMAGE_FILTER = tr_noop("Pictures (*.jpg *.jpeg *.jpe *.jfif *.png *.tif *.tiff *.webp *.bmp)")

_ANSWER_BUTTONS = MappingProxyType(
    {
        SaveAnswer.SAVE: QMessageBox.StandardButton.Save,
        SaveAnswer.DISCARD: QMessageBox.StandardButton.Discard,
        SaveAnswer.CANCEL: QMessageBox.StandardButton.Cancel,
    }
)


class Dialogs(Protocol):
    """What the window asks; tests answer without a dialog."""

    def ask_image_file(self, parent: QWidget, folder: Path) -> Path | None:
        """Which picture to open, None for none."""
        ...

    def ask_result_file(self, parent: QWidget, folder: Path) -> Path | None:
        """Which result of this program to take settings from, None for none."""
        ...

    def ask_save_path(
        self, parent: QWidget, proposed_path: Path, formats: Sequence[SaveFormat]
    ) -> Path | None:
        """Where to save as one of `formats`, None for nowhere; replacing a file was agreed to.

        A name without suffix gets that of the format chosen; another suffix is left as it is.
        """
        ...

    def ask_contact_sheet_path(self, parent: QWidget, proposed_path: Path) -> Path | None:
        """Where to write a contact sheet, None for nowhere; replacing a file was agreed to."""
        ...

    def ask_batch_images(self, parent: QWidget, folder: Path) -> tuple[Path, ...]:
        """Which pictures to add to the queue, none for none."""
        ...

    def ask_bug_report_path(self, parent: QWidget, proposed_path: Path) -> Path | None:
        """Where to write a report of a fault, None for nowhere; replacing a file was agreed to."""
        ...

    def ask_folder(self, parent: QWidget, folder: Path) -> Path | None:
        """Which folder to take, beginning in `folder`; None for none."""
        ...

    def ask_batch_report_path(self, parent: QWidget, proposed_path: Path) -> Path | None:
        """Where to write a report, CSV or JSON, None for nowhere; replacing was agreed to."""
        ...

    def ask_prior_file(self, parent: QWidget) -> Path | None:
        """Which prior's file to import, None for none."""
        ...

    def show_folder(self, folder: Path) -> bool:
        """Open it in the system's file manager; False where that does not work."""
        ...

    def ask_about_unsaved_results(
        self, parent: QWidget, question: UserMessage, answers: Sequence[SaveAnswer]
    ) -> SaveAnswer:
        """Ask what is done with unsaved results; Return gives the first of what is offered."""
        ...

    def show_message(self, parent: QWidget, message: UserMessage) -> None:
        """Show a message until the user has closed it."""
        ...


class NativeDialogs:
    """The system's own dialogs."""

    def ask_image_file(self, parent: QWidget, folder: Path) -> Path | None:
        return _ask_image_file(parent, tr("Open a JPEG, or a picture that once was one"), folder)

    def ask_result_file(self, parent: QWidget, folder: Path) -> Path | None:
        return _ask_image_file(parent, tr("Use the settings of a result"), folder)

    def ask_save_path(
        self, parent: QWidget, proposed_path: Path, formats: Sequence[SaveFormat]
    ) -> Path | None:
        dialog = QFileDialog(parent, tr("Save the result"), str(proposed_path.parent))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        filters = {_build_name_filter(f): f for f in formats}
        dialog.setNameFilters(list(filters))
        dialog.selectFile(proposed_path.name)
        dialog.filterSelected.connect(lambda chosen: _update_suffix(dialog, filters[chosen]))
        for name_filter, save_format in filters.items():
            if save_format is save_format_from_path(proposed_path):
                dialog.selectNameFilter(name_filter)
                dialog.setDefaultSuffix(save_format.suffixes[0])
        return _run_file_dialog(dialog)

    def ask_contact_sheet_path(self, parent: QWidget, proposed_path: Path) -> Path | None:
        dialog = QFileDialog(parent, tr("Export the contact sheet"), str(proposed_path.parent))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(tr("PNG files (*.png)"))
        dialog.setDefaultSuffix("png")
        dialog.selectFile(proposed_path.name)
        return _run_file_dialog(dialog)

    def ask_batch_images(self, parent: QWidget, folder: Path) -> tuple[Path, ...]:
        dialog = QFileDialog(parent, tr("Add pictures to the queue"), str(folder))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([tr(_IMAGE_FILTER), tr("All files (*)")])
        chosen = tuple(map(Path, dialog.selectedFiles())) if dialog.exec() else ()
        dialog.deleteLater()
        return chosen

    def ask_bug_report_path(self, parent: QWidget, proposed_path: Path) -> Path | None:
        dialog = QFileDialog(parent, tr("Save the report"), str(proposed_path.parent))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(tr("Text files (*.txt)"))
        dialog.setDefaultSuffix("txt")
        dialog.selectFile(proposed_path.name)
        return _run_file_dialog(dialog)

    def ask_folder(self, parent: QWidget, folder: Path) -> Path | None:
        dialog = QFileDialog(parent, tr("Choose a folder"), str(existing_ancestor(folder)))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        return _run_file_dialog(dialog)

    def ask_batch_report_path(self, parent: QWidget, proposed_path: Path) -> Path | None:
        dialog = QFileDialog(
            parent, tr("Save the report"), str(existing_ancestor(proposed_path.parent))
        )
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([tr("CSV files (*.csv)"), tr("JSON files (*.json)")])
        dialog.setDefaultSuffix("csv")
        dialog.filterSelected.connect(
            lambda chosen: dialog.setDefaultSuffix("json" if ".json" in chosen else "csv")
        )
        dialog.selectFile(proposed_path.name)
        return _run_file_dialog(dialog)

    def ask_prior_file(self, parent: QWidget) -> Path | None:
        downloads_folder = QStandardPaths.writableLocation(
            QStandardPaths.StandardLocation.DownloadLocation
        )
        dialog = QFileDialog(parent, tr("Import a prior"), downloads_folder)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([tr(_PRIOR_FILTER), tr("All files (*)")])
        return _run_file_dialog(dialog)

    def ask_about_unsaved_results(
        self, parent: QWidget, question: UserMessage, answers: Sequence[SaveAnswer]
    ) -> SaveAnswer:
        box = _create_message_box(parent, question, QMessageBox.Icon.Warning)
        buttons = {_ANSWER_BUTTONS[answer]: answer for answer in answers}
        for button in buttons:
            box.addButton(button).setIcon(QIcon())
        box.setDefaultButton(_ANSWER_BUTTONS[answers[0]])
        box.setEscapeButton(QMessageBox.StandardButton.Cancel)
        chosen = QMessageBox.StandardButton(box.exec())
        box.deleteLater()
        return buttons.get(chosen, SaveAnswer.CANCEL)

    def show_message(self, parent: QWidget, message: UserMessage) -> None:
        box = _create_message_box(parent, message, QMessageBox.Icon.Information)
        box.addButton(QMessageBox.StandardButton.Ok).setIcon(QIcon())
        box.exec()
        box.deleteLater()

    def show_folder(self, folder: Path) -> bool:
        return QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def open_folder(dialogs: Dialogs, folder: Path, message_bar: MessageBar) -> None:
    """Show a folder, or the nearest one where it is not made yet; say where it is if that fails."""
    if not dialogs.show_folder(existing_ancestor(folder)):
        message_bar.show_info(
            UserMessage(
                tr("No program opens folders here"), tr("It is {folder}.").format(folder=folder)
            )
        )


def confirm(
    parent: QWidget,
    question: UserMessage,
    *,
    accept_label: str,
    on_accept: Callable[[], None],
    reject_label: str = "",
    on_reject: Callable[[], None] | None = None,
) -> None:
    """Ask before something is done; what is chosen at first does nothing.

    The question goes when `parent` is hidden or closed: nobody sees then what it is about.

    Args:
        parent: The window that the question belongs to.
        question: Its words.
        accept_label: The button that agrees.
        on_accept: Called when the user agrees.
        reject_label: The button that does not, "Cancel" if empty.
        on_reject: Called when the question ends otherwise.
    """
    box = _create_message_box(parent, question, QMessageBox.Icon.NoIcon)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    parent.installEventFilter(_ParentHideFilter(box))
    accept_button = box.addButton(accept_label, QMessageBox.ButtonRole.AcceptRole)
    # A standard button would have an icon of another style.
    reject_button = box.addButton(reject_label or tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(reject_button)
    box.setEscapeButton(reject_button)
    accept_button.clicked.connect(on_accept)
    if on_reject is not None:
        box.rejected.connect(on_reject)
    box.open()


def _create_message_box(
    parent: QWidget, message: UserMessage, icon: QMessageBox.Icon
) -> QMessageBox:
    box = QMessageBox(parent)
    box.setIcon(icon)
    box.setWindowTitle(message.title)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(message.title)
    box.setInformativeText(message.advice)
    return box


class _ParentHideFilter(QObject):
    """Closes a dialog when what it watches is hidden."""

    def __init__(self, dialog: QDialog) -> None:
        super().__init__(dialog)
        self._dialog = dialog

    def eventFilter(self, _parent: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Hide:
            self._dialog.reject()
        return False


def _ask_image_file(parent: QWidget, title: str, folder: Path) -> Path | None:
    dialog = QFileDialog(parent, title, str(folder))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters([tr(_IMAGE_FILTER), tr("All files (*)")])
    return _run_file_dialog(dialog)


def _build_name_filter(save_format: SaveFormat) -> str:
    patterns = " ".join(f"*{suffix}" for suffix in save_format.suffixes)
    return tr("{format} files ({patterns})").format(format=save_format, patterns=patterns)


def _update_suffix(dialog: QFileDialog, chosen: SaveFormat) -> None:
    """Give the name the suffix of the format, where it has one of another's."""
    [name, *_] = dialog.selectedFiles()
    path = Path(name)
    if not path.is_dir() and save_format_from_path(path) not in (None, chosen):
        dialog.selectFile(path.with_suffix(chosen.suffixes[0]).name)
    dialog.setDefaultSuffix(chosen.suffixes[0])


def _run_file_dialog(dialog: QFileDialog) -> Path | None:
    chosen = Path(dialog.selectedFiles()[0]) if dialog.exec() else None
    dialog.deleteLater()
    return chosen
