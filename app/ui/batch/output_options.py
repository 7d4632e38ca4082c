"""The output options of the batch."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from app.i18n.translation import tr
from app.jobs.batch.batch_items import OutputLocation
from app.ui.batch.replacement.replacement_fields import ReplacementFields
from app.ui.widgets.form_controls import create_check_box, create_secondary_label
from app.ui.widgets.theme import SPACING
from app.viewmodels.batch.batch_state import BatchState
from app.viewmodels.batch.batch_text import effective_settings_text, example_path_text
from ddrm_core.batch.name_template import TEMPLATE_FIELD_NAMES

_REPLACEMENT_ROW = 3
_FORMAT_ROW = 4


class BatchOutputOptions(QWidget):
    """A form for the output location and the accepted files of a batch.

    The form also shows the settings that the batch uses.

    Signals:
        output_location_changed: The output location was edited. arg1: OutputLocation.
        choose_folder_requested: The button to choose the target folder was clicked.
        recursive_changed: The check box for subfolders was toggled. arg1: whether checked.
        all_formats_changed: The check box for other formats than JPEG was toggled. arg1: whether
            checked.
        tolerate_damage_changed: The check box for damaged files was toggled. arg1: whether checked.
        new_settings_requested: The button to use the window's current settings was clicked.
    """

    output_location_changed = Signal(object)
    choose_folder_requested = Signal()
    recursive_changed = Signal(bool)
    all_formats_changed = Signal(bool)
    tolerate_damage_changed = Signal(bool)
    new_settings_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._output_location = OutputLocation()
        self.folder_edit = QLineEdit()
        self.folder_edit.setAccessibleName(tr("Output folder"))
        self.folder_edit.setToolTip(
            tr("Folder of the results; it is created with the first result")
        )
        self.folder_edit.setPlaceholderText(tr("Next to the first file or folder"))
        self.choose_button = QPushButton(tr("Choose…"))
        self.choose_button.setAccessibleName(tr("Choose the output folder"))
        self.choose_button.setToolTip(tr("Choose the folder of the results"))
        self.template_edit = QLineEdit()
        self.template_edit.setAccessibleName(tr("File names"))
        placeholders = ", ".join(f"{{{name}}}" for name in TEMPLATE_FIELD_NAMES)
        tip = tr("Names of results, with the fields {fields}; a / creates a folder")
        self.template_edit.setToolTip(tip.format(fields=placeholders))
        self.example_label = create_secondary_label()
        self.settings_label = create_secondary_label()
        for label in (self.example_label, self.settings_label):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.keep_subfolders_box = create_check_box(
            tr("Keep subfolders"),
            tr("Create the subfolders of an added folder in the output folder, too"),
        )
        self.recursive_box = create_check_box(
            tr("Include subfolders"), tr("Also add the pictures in the subfolders of a folder")
        )
        self.all_formats_box = create_check_box(
            tr("PNG, TIFF, WebP, BMP"),
            tr("Also add pictures of a folder that may have been JPEGs before"),
        )
        self.tolerate_damage_box = create_check_box(
            tr("Restore damaged files partly"),
            tr("Restore the readable part of damaged files, and mark the files"),
        )
        self.replacement_fields = ReplacementFields()
        self.new_settings_button = QPushButton(tr("Use the window's settings"))
        self.new_settings_button.setAccessibleName(
            tr("Use the window's settings for the remaining files")
        )
        self.new_settings_button.setToolTip(
            tr("Restore and save the remaining files with the window's settings")
        )
        self._lay_out()
        self._connect_signals()

    def show_state(self, state: BatchState) -> None:
        """Show the options of a batch; a text that the user is editing is left unchanged."""
        self._output_location = state.output_location
        folder = "" if state.output_location.folder is None else str(state.output_location.folder)
        for edit, text in (
            (self.folder_edit, folder),
            (self.template_edit, state.output_location.name_template),
        ):
            is_edited = edit.hasFocus() and edit.isModified()
            if not is_edited and edit.text() != text:
                edit.setText(text)
        for box, checked in (
            (self.keep_subfolders_box, state.output_location.keep_subfolders),
            (self.recursive_box, state.recursive),
            (self.all_formats_box, state.include_all_formats),
            (self.tolerate_damage_box, state.tolerate_damage),
        ):
            box.setChecked(checked)
        object_name = "faint" if state.output_problem is None else "alarm"
        if self.example_label.objectName() != object_name:
            self.example_label.setObjectName(object_name)
            self.example_label.style().polish(self.example_label)
        self.example_label.setText(example_path_text(state))
        self.settings_label.setText(effective_settings_text(state))
        self.new_settings_button.setVisible(state.captured_settings is not None)
        self.new_settings_button.setEnabled(not state.is_active)
        for widget in (
            self.folder_edit,
            self.choose_button,
            self.template_edit,
            self.keep_subfolders_box,
        ):
            widget.setEnabled(not state.is_active and state.replacement is None)
        self.replacement_fields.show_state(state)

    def commit_folder_edit(self) -> None:
        """Apply the text in the field of the target folder now.

        The field applies an edit when it loses the focus, but a keyboard shortcut that starts the
        batch does not move the focus.
        """
        self._on_folder_edited()

    def add_output_fields(self, fields: QWidget) -> None:
        """Add the fields for the format of the results."""
        caption = QLabel(tr("Format"))
        caption.setBuddy(fields.focusProxy() or fields)
        self._grid.addWidget(caption, _FORMAT_ROW, 0)
        self._grid.addWidget(fields, _FORMAT_ROW, 1, 1, 2)

    def _lay_out(self) -> None:
        grid = self._grid = QGridLayout(self)
        grid.setContentsMargins(SPACING, 4, SPACING, 4)
        grid.setHorizontalSpacing(SPACING)
        grid.setVerticalSpacing(4)
        folder_row = QHBoxLayout()
        folder_row.setSpacing(SPACING)
        folder_row.addWidget(self.folder_edit, 1)
        folder_row.addWidget(self.choose_button)
        for row, (label, field) in enumerate(
            ((tr("Output folder"), self.folder_edit), (tr("File names"), self.template_edit))
        ):
            caption = QLabel(label)
            caption.setBuddy(field)
            grid.addWidget(caption, row, 0)
        grid.addLayout(folder_row, 0, 1, 1, 2)
        grid.addWidget(self.template_edit, 1, 1, 1, 2)
        grid.addWidget(self.example_label, 2, 1, 1, 2)
        grid.addWidget(self.replacement_fields, _REPLACEMENT_ROW, 1, 1, 2)
        boxes = QGridLayout()  # one row of all boxes is wider than the page in a small window
        boxes.setHorizontalSpacing(SPACING)
        boxes.setVerticalSpacing(4)
        boxes.addWidget(self.keep_subfolders_box, 0, 0)
        boxes.addWidget(self.recursive_box, 0, 1)
        boxes.addWidget(self.all_formats_box, 1, 0)
        boxes.addWidget(self.tolerate_damage_box, 1, 1)
        boxes.setColumnStretch(2, 1)
        grid.addLayout(boxes, _FORMAT_ROW + 1, 1, 1, 2)
        grid.addWidget(self.settings_label, _FORMAT_ROW + 2, 1)
        grid.addWidget(self.new_settings_button, _FORMAT_ROW + 2, 2)
        grid.setColumnStretch(1, 1)

    def _connect_signals(self) -> None:
        self.choose_button.clicked.connect(self.choose_folder_requested)
        self.folder_edit.editingFinished.connect(self._on_folder_edited)
        self.template_edit.textEdited.connect(self._on_template_edited)
        self.keep_subfolders_box.clicked.connect(self._on_keep_subfolders_toggled)
        self.recursive_box.clicked.connect(self.recursive_changed)
        self.all_formats_box.clicked.connect(self.all_formats_changed)
        self.tolerate_damage_box.clicked.connect(self.tolerate_damage_changed)
        self.new_settings_button.clicked.connect(self.new_settings_requested)

    @Slot()
    def _on_folder_edited(self) -> None:
        if not self.folder_edit.isModified():
            return
        self.folder_edit.setModified(False)
        text = self.folder_edit.text().strip()
        # Unlike Path.expanduser, os.path.expanduser raises no error for an unknown user.
        folder = Path(os.path.expanduser(text)).absolute() if text else None
        if folder != self._output_location.folder:
            self.output_location_changed.emit(replace(self._output_location, folder=folder))

    @Slot(str)
    def _on_template_edited(self, text: str) -> None:
        self.output_location_changed.emit(replace(self._output_location, name_template=text))

    @Slot(bool)
    def _on_keep_subfolders_toggled(self, keep_subfolders: bool) -> None:
        self.output_location_changed.emit(
            replace(self._output_location, keep_subfolders=keep_subfolders)
        )
