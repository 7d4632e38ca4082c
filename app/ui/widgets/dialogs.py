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
from app.config.save_choices import SaveFormat, save_format_from_path
from app.i18n.error_messages import UserMessage
from app.i18n.translation import tr, tr_noop
from app.ui.widgets.message_bar import MessageBar
from app.viewmodels.results.unsaved_results import SaveAnswer

_PRIORS = tr_noop("Priors (*.safetensors *.pt *.pth)")
_PICTURES = tr_noop("Pictures (*.jpg *.jpeg *.jpe *.jfif *.png *.tif *.tiff *.webp *.bmp)")

_BUTTONS = MappingProxyType(
    {
        SaveAnswer.SAVE: QMessageBox.StandardButton.Save,
        SaveAnswer.DISCARD: QMessageBox.StandardButton.Discard,
        SaveAnswer.CANCEL: QMessageBox.StandardButton.Cancel,
    }
)


class FileDialogs(Protocol):
    """What the window asks; tests answer without a dialog."""

    def ask_open(self, parent: QWidget, folder: Path) -> Path | None:
        """Which picture to open, None for none."""
        ...

    def ask_result(self, parent: QWidget, folder: Path) -> Path | None:
        """Which result of this program to take settings from, None for none."""
        ...

    def ask_save(
        self, parent: QWidget, proposal: Path, formats: Sequence[SaveFormat]
    ) -> Path | None:
        """Where to save as one of `formats`, None for nowhere; replacing a file was agreed to.

        A name without suffix gets that of the format chosen; another suffix is left as it is.
        """
        ...

    def ask_sheet(self, parent: QWidget, proposal: Path) -> Path | None:
        """Where to write a contact sheet, None for nowhere; replacing a file was agreed to."""
        ...

    def ask_pictures(self, parent: QWidget, folder: Path) -> tuple[Path, ...]:
        """Which pictures to add to the queue, none for none."""
        ...

    def ask_diagnostics(self, parent: QWidget, proposal: Path) -> Path | None:
        """Where to write a report of a fault, None for nowhere; replacing a file was agreed to."""
        ...

    def ask_folder(self, parent: QWidget, folder: Path) -> Path | None:
        """Which folder to take, beginning in `folder`; None for none."""
        ...

    def ask_report(self, parent: QWidget, proposal: Path) -> Path | None:
        """Where to write a report, CSV or JSON, None for nowhere; replacing was agreed to."""
        ...

    def ask_prior(self, parent: QWidget) -> Path | None:
        """Which prior's file to import, None for none."""
        ...

    def show_folder(self, folder: Path) -> bool:
        """Open it in the system's file manager; False where that does not work."""
        ...

    def ask_save_all(
        self, parent: QWidget, question: UserMessage, offered: Sequence[SaveAnswer]
    ) -> SaveAnswer:
        """Ask what is done with unsaved results; Return gives the first of what is offered."""
        ...

    def tell(self, parent: QWidget, message: UserMessage) -> None:
        """Show a message until the user has closed it."""
        ...


class NativeFileDialogs:
    """The system's own dialogs."""

    def ask_open(self, parent: QWidget, folder: Path) -> Path | None:
        return _ask_picture(parent, tr("Open a JPEG, or a picture that once was one"), folder)

    def ask_result(self, parent: QWidget, folder: Path) -> Path | None:
        return _ask_picture(parent, tr("Use the settings of a result"), folder)

    def ask_save(
        self, parent: QWidget, proposal: Path, formats: Sequence[SaveFormat]
    ) -> Path | None:
        dialog = QFileDialog(parent, tr("Save the result"), str(proposal.parent))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        filters = {_name_filter(f): f for f in formats}
        dialog.setNameFilters(list(filters))
        dialog.selectFile(proposal.name)
        dialog.filterSelected.connect(lambda chosen: _follow(dialog, filters[chosen]))
        for name_filter, of_filter in filters.items():
            if of_filter is save_format_from_path(proposal):
                dialog.selectNameFilter(name_filter)
                dialog.setDefaultSuffix(of_filter.suffixes[0])
        return _answer(dialog)

    def ask_sheet(self, parent: QWidget, proposal: Path) -> Path | None:
        dialog = QFileDialog(parent, tr("Export the contact sheet"), str(proposal.parent))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(tr("PNG files (*.png)"))
        dialog.setDefaultSuffix("png")
        dialog.selectFile(proposal.name)
        return _answer(dialog)

    def ask_pictures(self, parent: QWidget, folder: Path) -> tuple[Path, ...]:
        dialog = QFileDialog(parent, tr("Add pictures to the queue"), str(folder))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([tr(_PICTURES), tr("All files (*)")])
        chosen = tuple(map(Path, dialog.selectedFiles())) if dialog.exec() else ()
        dialog.deleteLater()
        return chosen

    def ask_diagnostics(self, parent: QWidget, proposal: Path) -> Path | None:
        dialog = QFileDialog(parent, tr("Save the report"), str(proposal.parent))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(tr("Text files (*.txt)"))
        dialog.setDefaultSuffix("txt")
        dialog.selectFile(proposal.name)
        return _answer(dialog)

    def ask_folder(self, parent: QWidget, folder: Path) -> Path | None:
        dialog = QFileDialog(parent, tr("Choose a folder"), str(existing_ancestor(folder)))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        return _answer(dialog)

    def ask_report(self, parent: QWidget, proposal: Path) -> Path | None:
        dialog = QFileDialog(parent, tr("Save the report"), str(existing_ancestor(proposal.parent)))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([tr("CSV files (*.csv)"), tr("JSON files (*.json)")])
        dialog.setDefaultSuffix("csv")
        dialog.filterSelected.connect(
            lambda chosen: dialog.setDefaultSuffix("json" if ".json" in chosen else "csv")
        )
        dialog.selectFile(proposal.name)
        return _answer(dialog)

    def ask_prior(self, parent: QWidget) -> Path | None:
        place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
        dialog = QFileDialog(parent, tr("Import a prior"), place)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([tr(_PRIORS), tr("All files (*)")])
        return _answer(dialog)

    def ask_save_all(
        self, parent: QWidget, question: UserMessage, offered: Sequence[SaveAnswer]
    ) -> SaveAnswer:
        box = _box(parent, question, QMessageBox.Icon.Warning)
        buttons = {_BUTTONS[answer]: answer for answer in offered}
        for button in buttons:
            box.addButton(button).setIcon(QIcon())
        box.setDefaultButton(_BUTTONS[offered[0]])
        box.setEscapeButton(QMessageBox.StandardButton.Cancel)
        chosen = QMessageBox.StandardButton(box.exec())
        box.deleteLater()
        return buttons.get(chosen, SaveAnswer.CANCEL)

    def tell(self, parent: QWidget, message: UserMessage) -> None:
        box = _box(parent, message, QMessageBox.Icon.Information)
        box.addButton(QMessageBox.StandardButton.Ok).setIcon(QIcon())
        box.exec()
        box.deleteLater()

    def show_folder(self, folder: Path) -> bool:
        return QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def open_folder(dialogs: FileDialogs, folder: Path, message: MessageBar) -> None:
    """Show a folder, or the nearest one where it is not made yet; say where it is if that fails."""
    if not dialogs.show_folder(existing_ancestor(folder)):
        message.show_note(
            UserMessage(
                tr("No program opens folders here"), tr("It is {folder}.").format(folder=folder)
            )
        )


def confirm(
    parent: QWidget,
    question: UserMessage,
    *,
    yes: str,
    act: Callable[[], None],
    no: str = "",
    leave: Callable[[], None] | None = None,
) -> None:
    """Ask before something is done; what is chosen at first does nothing.

    The question goes when `parent` is hidden or closed: nobody sees then what it is about.

    Args:
        parent: The window that the question belongs to.
        question: Its words.
        yes: The button that agrees.
        act: Called when the user agrees.
        no: The button that does not, "Cancel" if empty.
        leave: Called when the question ends otherwise.
    """
    box = _box(parent, question, QMessageBox.Icon.NoIcon)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    parent.installEventFilter(_WithParent(box))
    agree = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    # A standard button would have an icon of another style.
    refuse = box.addButton(no or tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(refuse)
    box.setEscapeButton(refuse)
    agree.clicked.connect(act)
    if leave is not None:
        box.rejected.connect(leave)
    box.open()


def _box(parent: QWidget, message: UserMessage, icon: QMessageBox.Icon) -> QMessageBox:
    box = QMessageBox(parent)
    box.setIcon(icon)
    box.setWindowTitle(message.title)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(message.title)
    box.setInformativeText(message.advice)
    return box


class _WithParent(QObject):
    """Closes a dialog when what it watches is hidden."""

    def __init__(self, dialog: QDialog) -> None:
        super().__init__(dialog)
        self._dialog = dialog

    def eventFilter(self, _parent: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Hide:
            self._dialog.reject()
        return False


def _ask_picture(parent: QWidget, title: str, folder: Path) -> Path | None:
    dialog = QFileDialog(parent, title, str(folder))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters([tr(_PICTURES), tr("All files (*)")])
    return _answer(dialog)


def _name_filter(of_files: SaveFormat) -> str:
    patterns = " ".join(f"*{suffix}" for suffix in of_files.suffixes)
    return tr("{format} files ({patterns})").format(format=of_files, patterns=patterns)


def _follow(dialog: QFileDialog, chosen: SaveFormat) -> None:
    """Give the name the suffix of the format, where it has one of another's."""
    [name, *_] = dialog.selectedFiles()
    path = Path(name)
    if not path.is_dir() and save_format_from_path(path) not in (None, chosen):
        dialog.selectFile(path.with_suffix(chosen.suffixes[0]).name)
    dialog.setDefaultSuffix(chosen.suffixes[0])


def _answer(dialog: QFileDialog) -> Path | None:
    chosen = Path(dialog.selectedFiles()[0]) if dialog.exec() else None
    dialog.deleteLater()
    return chosen
