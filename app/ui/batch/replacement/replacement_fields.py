"""The fields for replacing the originals of a batch."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.i18n.translation import tr
from app.jobs.batch.replacing import ReplacementChoice
from app.ui.widgets.form_controls import create_check_box, create_choice_field
from app.ui.widgets.theme import SPACING
from app.viewmodels.batch.batch_state import BatchState
from ddrm_core.batch.replacement.trash import is_trash_supported


class ReplacementFields(QWidget):
    """A row of fields that lets results replace their originals, and says where these go.

    Signals:
        choice_changed: The user has changed the choice. arg1: `ReplacementChoice`, or None if
            results do not replace their originals.
        folder_requested: The user wants to choose the folder to which the originals go.
    """

    choice_changed = Signal(object)
    folder_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.replace_box = create_check_box(
            tr("Replace the originals"),
            tr("Give results the names of their originals, which are kept elsewhere"),
        )
        self.place_field = create_choice_field(
            tr("Place of the originals"),
            tr("Where the originals are kept, so that the replacement can be undone"),
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self.replace_box)
        layout.addWidget(self.place_field, 1)
        self._choices: list[ReplacementChoice | None] = []
        self._show_places(None)
        self.replace_box.clicked.connect(self._on_toggled)
        self.place_field.activated.connect(self._on_place_chosen)

    def show_state(self, state: BatchState) -> None:
        """Show the choice of a batch, which cannot be changed while the batch is active."""
        choice = state.replacement
        self.replace_box.setChecked(choice is not None)
        self.replace_box.setEnabled(not state.is_active)
        self.place_field.setEnabled(choice is not None and not state.is_active)
        self._show_places(choice)

    def _show_places(self, choice: ReplacementChoice | None) -> None:
        """Offer the trash, the chosen folder, and the choice of a folder."""
        texts: list[str] = []
        choices: list[ReplacementChoice | None] = []
        if is_trash_supported():
            texts.append(tr("The originals go to the trash"))
            choices.append(ReplacementChoice())
        if choice is not None and choice.backup_folder is not None:
            texts.append(_folder_text(choice.backup_folder))
            choices.append(choice)
        texts.append(tr("Choose a folder for the originals…"))
        choices.append(None)
        if choices != self._choices:
            self._choices = choices
            self.place_field.clear()
            self.place_field.addItems(texts)
        if choice in choices:
            self.place_field.setCurrentIndex(choices.index(choice) if choice is not None else 0)

    @Slot(bool)
    def _on_toggled(self, is_checked: bool) -> None:
        if not is_checked:
            self.choice_changed.emit(None)
        elif is_trash_supported():
            self.choice_changed.emit(ReplacementChoice())
        else:
            self.folder_requested.emit()

    @Slot(int)
    def _on_place_chosen(self, index: int) -> None:
        choice = self._choices[index]
        if choice is None:
            self.folder_requested.emit()
        else:
            self.choice_changed.emit(choice)


def _folder_text(folder: Path) -> str:
    return tr("The originals go to {folder}").format(folder=folder)
