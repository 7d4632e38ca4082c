"""Where a queue's results go, and what counts as a picture."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from app.i18n.translation import tr
from app.jobs.batch.batch_items import Place
from app.ui.widgets.form_controls import faint
from app.ui.widgets.theme import SPACING
from app.viewmodels.batch.batch_state import QueueState
from app.viewmodels.batch.batch_text import example_words, in_force_words
from ddrm_core.batch.name_template import BLANKS


class QueueOptions(QWidget):
    """Target folder, names, folders and formats; the settings in force.

    Signals:
        place_wanted: Results are to go elsewhere. arg1: Place.
        folder_wanted: The user wants to choose the target folder.
        recursive_wanted: arg1: Whether folders in folders are looked through.
        every_wanted: arg1: Whether other pictures than JPEGs count.
        damaged_wanted: arg1: Whether what can be read of damaged files is restored.
        renew_wanted: The window's present settings are to be taken.
    """

    place_wanted = Signal(object)
    folder_wanted = Signal()
    recursive_wanted = Signal(bool)
    every_wanted = Signal(bool)
    damaged_wanted = Signal(bool)
    renew_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._place = Place()
        self.folder = QLineEdit()
        self.folder.setAccessibleName(tr("Target folder"))
        self.folder.setToolTip(tr("Where results go; the folder is made when the first arrives"))
        self.folder.setPlaceholderText(tr("Beside what is added first"))
        self.choose = QPushButton(tr("Choose…"))
        self.choose.setAccessibleName(tr("Choose the target folder"))
        self.choose.setToolTip(tr("Choose the folder that results go to"))
        self.template = QLineEdit()
        self.template.setAccessibleName(tr("Name template"))
        blanks = ", ".join(f"{{{name}}}" for name in BLANKS)
        tip = tr("Names of results, with the blanks {blanks}; a / makes a folder")
        self.template.setToolTip(tip.format(blanks=blanks))
        self.example = faint()
        self.settings = faint()
        for label in (self.example, self.settings):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.tree = QCheckBox(tr("Same folders"))
        self.tree.setToolTip(
            tr("Make the folders inside an added folder again in the target folder")
        )
        self.recursive = QCheckBox(tr("Folders in folders"))
        self.recursive.setToolTip(tr("Look also into the folders inside a folder that is added"))
        self.every = QCheckBox(tr("PNG, TIFF, WebP, BMP"))
        self.every.setToolTip(
            tr("Of a folder that is added, take also pictures that once may have been JPEGs")
        )
        self.damaged = QCheckBox(tr("Damaged files"))
        self.damaged.setToolTip(tr("Restore what can be read of damaged files, and say so"))
        for box in (self.tree, self.recursive, self.every, self.damaged):
            box.setAccessibleName(box.text())
        self.renew = QPushButton(tr("Use the window's settings"))
        self.renew.setAccessibleName(tr("Use the window's settings for what is left"))
        self.renew.setToolTip(
            tr("Restore and save what is left with what the window is set to when it goes on")
        )
        self._lay_out()
        self._connect()

    def show_state(self, state: QueueState) -> None:
        """Render them; what is being typed stays."""
        self._place = state.place
        folder = "" if state.place.folder is None else str(state.place.folder)
        for edit, text in ((self.folder, folder), (self.template, state.place.template)):
            typed = edit.hasFocus() and edit.isModified()
            if not typed and edit.text() != text:
                edit.setText(text)
        for box, checked in (
            (self.tree, state.place.tree),
            (self.recursive, state.recursive),
            (self.every, state.every_format),
            (self.damaged, state.damaged),
        ):
            box.blockSignals(True)
            box.setChecked(checked)
            box.blockSignals(False)
        name = "faint" if state.problem is None else "alarm"
        if self.example.objectName() != name:
            self.example.setObjectName(name)
            self.example.style().polish(self.example)
        self.example.setText(example_words(state))
        self.settings.setText(in_force_words(state))
        self.renew.setVisible(state.settings is not None)
        self.renew.setEnabled(not state.active)
        for widget in (self.folder, self.choose, self.template, self.tree):
            widget.setEnabled(not state.active)

    def take_typed(self) -> None:
        """Take the target folder as it is typed so far; a key that starts does not leave it."""
        self._on_folder()

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(SPACING, 4, SPACING, 4)
        grid.setHorizontalSpacing(SPACING)
        grid.setVerticalSpacing(4)
        into = QHBoxLayout()
        into.setSpacing(SPACING)
        into.addWidget(self.folder, 1)
        into.addWidget(self.choose)
        for line, (label, field) in enumerate(
            ((tr("Into"), self.folder), (tr("Names"), self.template))
        ):
            name = QLabel(label)
            name.setBuddy(field)
            grid.addWidget(name, line, 0)
        grid.addLayout(into, 0, 1, 1, 2)
        grid.addWidget(self.template, 1, 1, 1, 2)
        grid.addWidget(self.example, 2, 1, 1, 2)
        boxes = QHBoxLayout()
        boxes.setSpacing(SPACING)
        for box in (self.tree, self.recursive, self.every, self.damaged):
            boxes.addWidget(box)
        boxes.addStretch(1)
        grid.addLayout(boxes, 3, 1, 1, 2)
        grid.addWidget(self.settings, 4, 1)
        grid.addWidget(self.renew, 4, 2)
        grid.setColumnStretch(1, 1)

    def _connect(self) -> None:
        self.choose.clicked.connect(self.folder_wanted)
        self.folder.editingFinished.connect(self._on_folder)
        self.template.textEdited.connect(self._on_template)
        self.tree.toggled.connect(self._on_tree)
        self.recursive.toggled.connect(self.recursive_wanted)
        self.every.toggled.connect(self.every_wanted)
        self.damaged.toggled.connect(self.damaged_wanted)
        self.renew.clicked.connect(self.renew_wanted)

    @Slot()
    def _on_folder(self) -> None:
        if not self.folder.isModified():
            return
        self.folder.setModified(False)
        text = self.folder.text().strip()
        # As Path has it, a home that is nobody's is an error.
        folder = Path(os.path.expanduser(text)).absolute() if text else None
        if folder != self._place.folder:
            self.place_wanted.emit(replace(self._place, folder=folder))

    @Slot(str)
    def _on_template(self, text: str) -> None:
        self.place_wanted.emit(replace(self._place, template=text))

    @Slot(bool)
    def _on_tree(self, tree: bool) -> None:
        self.place_wanted.emit(replace(self._place, tree=tree))
