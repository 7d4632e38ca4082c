"""Modal dialogs that ask for files, folders and confirmations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import MappingProxyType

from PySide6.QtCore import QEvent, QObject, QStandardPaths, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QIcon
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox, QWidget

from app.config.prior_locations import existing_ancestor
from app.i18n.error_messages import UserMessage
from app.i18n.translation import tr, tr_noop
from app.ui.widgets.message_bar import MessageBar
from app.viewmodels.results.unsaved_results import SaveAnswer
from ddrm_core.formats.capabilities import SaveFormat, save_format_from_path

_PRIOR_FILTER = tr_noop("Models (*.safetensors *.pt *.pth)")
_IMAGE_FILTER = tr_noop(
    "Pictures (*.jpg *.jpeg *.jpe *.jfif *.png *.tif *.tiff *.webp *.bmp *.jxl *.avif)"
)

_ANSWER_BUTTONS = MappingProxyType(
    {
        SaveAnswer.SAVE: QMessageBox.StandardButton.Save,
        SaveAnswer.DISCARD: QMessageBox.StandardButton.Discard,
        SaveAnswer.CANCEL: QMessageBox.StandardButton.Cancel,
    }
)


class Dialogs:
    """The questions that the window asks the user, as dialogs of Qt and the operating system."""

    def ask_image_file(self, parent: QWidget, folder: Path) -> Path | None:
        """Return the image file to open, or None if the user cancels."""
        return _ask_image_file(parent, tr("Open a JPEG, or a picture that once was one"), folder)

    def ask_comparison_image(self, parent: QWidget, folder: Path) -> Path | None:
        """Return the image file to compare with, or None if the user cancels."""
        return _ask_image_file(parent, tr("Choose a picture to compare with"), folder)

    def ask_result_file(self, parent: QWidget, folder: Path) -> Path | None:
        """Return the result file to take settings from, or None if the user cancels."""
        return _ask_image_file(parent, tr("Load settings from a restored file"), folder)

    def ask_save_path(
        self, parent: QWidget, proposed_path: Path, formats: Sequence[SaveFormat]
    ) -> Path | None:
        """Return the path to save a result to in one of `formats`, or None if the user cancels.

        The dialog confirms that an existing file is replaced. A file name without a suffix gets the
        suffix of the selected format; a suffix that belongs to no format is left unchanged.
        """
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
        """Return the path to write a contact sheet to, or None if the user cancels.

        The dialog confirms that an existing file is replaced.
        """
        title, name_filter = tr("Export the contact sheet"), tr("PNG files (*.png)")
        return _ask_new_file(parent, title, proposed_path, name_filter, "png")

    def ask_batch_images(self, parent: QWidget, folder: Path) -> tuple[Path, ...]:
        """Return the images to add to the batch; the tuple is empty if the user cancels."""
        dialog = QFileDialog(parent, tr("Add pictures to the list"), str(folder))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([tr(_IMAGE_FILTER), tr("All files (*)")])
        chosen = tuple(map(Path, dialog.selectedFiles())) if dialog.exec() else ()
        dialog.deleteLater()
        return chosen

    def ask_bug_report_path(self, parent: QWidget, proposed_path: Path) -> Path | None:
        """Return the path to write a bug report to, or None if the user cancels.

        The dialog confirms that an existing file is replaced.
        """
        title, name_filter = tr("Save the report"), tr("Text files (*.txt)")
        return _ask_new_file(parent, title, proposed_path, name_filter, "txt")

    def ask_folder(self, parent: QWidget, folder: Path) -> Path | None:
        """Return the folder that the user chooses, or None if the user cancels."""
        dialog = QFileDialog(parent, tr("Choose a folder"), str(existing_ancestor(folder)))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        return _run_file_dialog(dialog)

    def ask_batch_report_path(self, parent: QWidget, proposed_path: Path) -> Path | None:
        """Return the path to write a batch report to, CSV or JSON, or None if the user cancels.

        The dialog confirms that an existing file is replaced.
        """
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
        """Return the prior file to import, or None if the user cancels."""
        downloads_folder = QStandardPaths.writableLocation(
            QStandardPaths.StandardLocation.DownloadLocation
        )
        dialog = QFileDialog(parent, tr("Import a model"), downloads_folder)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([tr(_PRIOR_FILTER), tr("All files (*)")])
        return _run_file_dialog(dialog)

    def ask_about_unsaved_results(
        self, parent: QWidget, question: UserMessage, answers: Sequence[SaveAnswer]
    ) -> SaveAnswer:
        """Return the user's answer about unsaved results; the first of `answers` is the default."""
        box = _create_message_box(parent, question, QMessageBox.Icon.Warning)
        buttons = {_ANSWER_BUTTONS[answer]: answer for answer in answers}
        for button in buttons:
            box.addButton(button).setIcon(QIcon())
        box.setDefaultButton(_ANSWER_BUTTONS[answers[0]])
        box.setEscapeButton(QMessageBox.StandardButton.Cancel)
        chosen = QMessageBox.StandardButton(box.exec())
        box.deleteLater()
        return buttons.get(chosen, SaveAnswer.CANCEL)

    def show_message(self, parent: QWidget, message: UserMessage, details: str = "") -> None:
        """Show a message and return when the user closes it.

        Args:
            parent: Window over which the dialog is shown.
            message: Title and text of the dialog.
            details: Long text that a button shows in a field that scrolls; empty for no button.
        """
        box = _create_message_box(parent, message, QMessageBox.Icon.Information)
        if details:  # an empty text would add the button, too
            box.setDetailedText(details)
        box.addButton(QMessageBox.StandardButton.Ok).setIcon(QIcon())
        box.exec()
        box.deleteLater()

    def show_folder(self, folder: Path) -> bool:
        """Open `folder` in the system's file manager; return False if that fails."""
        return QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def open_folder(dialogs: Dialogs, folder: Path, message_bar: MessageBar) -> None:
    """Open a folder in the file manager, or its nearest existing parent.

    If no program opens folders, show the path in the message bar.
    """
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
    """Ask for confirmation in a dialog whose default button rejects.

    The dialog closes when `parent` is hidden or closed, since its context is no longer visible.

    Args:
        parent: The window to which the question belongs.
        question: Title and text of the dialog.
        accept_label: Text of the button that accepts.
        on_accept: Callback for acceptance.
        reject_label: Text of the button that rejects; "Cancel" if empty.
        on_reject: Callback for a dialog that ends in any other way.
    """
    box = _create_message_box(parent, question, QMessageBox.Icon.NoIcon)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    parent.installEventFilter(_ParentHideFilter(box))
    accept_button = box.addButton(accept_label, QMessageBox.ButtonRole.AcceptRole)
    # A standard button would have an icon in another style.
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
    """An event filter on a dialog's parent that rejects the dialog when the parent is hidden."""

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


def _ask_new_file(
    parent: QWidget, title: str, proposed_path: Path, name_filter: str, suffix: str
) -> Path | None:
    dialog = QFileDialog(parent, title, str(proposed_path.parent))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(name_filter)
    dialog.setDefaultSuffix(suffix)
    dialog.selectFile(proposed_path.name)
    return _run_file_dialog(dialog)


def _build_name_filter(save_format: SaveFormat) -> str:
    patterns = " ".join(f"*{suffix}" for suffix in save_format.suffixes)
    return tr("{format} files ({patterns})").format(format=save_format, patterns=patterns)


def _update_suffix(dialog: QFileDialog, chosen: SaveFormat) -> None:
    """Give the file name in a save dialog the suffix of `chosen`.

    Only a suffix of another supported format is replaced; `chosen` also becomes the default.
    """
    [name, *_] = dialog.selectedFiles()
    path = Path(name)
    if not path.is_dir() and save_format_from_path(path) not in (None, chosen):
        dialog.selectFile(path.with_suffix(chosen.suffixes[0]).name)
    dialog.setDefaultSuffix(chosen.suffixes[0])


def _run_file_dialog(dialog: QFileDialog) -> Path | None:
    chosen = Path(dialog.selectedFiles()[0]) if dialog.exec() else None
    dialog.deleteLater()
    return chosen
