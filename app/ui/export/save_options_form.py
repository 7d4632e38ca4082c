"""The form for the output of results."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.i18n.translation import tr
from app.ui.export.output_fields import OutputFields
from app.ui.widgets.collapsible import CollapsibleSection
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.form_controls import (
    add_form_row,
    create_check_box,
    create_choice_field,
    create_form_layout,
    create_secondary_label,
)
from app.ui.widgets.theme import SPACING
from app.ui.widgets.vertical_scroll_area import VerticalScrollArea
from app.viewmodels.export.save_options import SaveOptionsState, SaveOptionsViewModel

_MIN_OPTIONS_HEIGHT_PX = 40


class SaveOptionsForm(QWidget):
    """A form for format, folder and further options of results, with the place of the next file.

    Attributes:
        folder: Field for the folder of results.
        target_label: Name and expected size of the file that *Save* writes.

    Signals:
        choose_folder_requested: The entry to choose a folder was selected.
    """

    choose_folder_requested = Signal()

    def __init__(self, options: SaveOptionsViewModel) -> None:
        super().__init__()
        self._options = options
        self.fields = OutputFields(options)
        self.format, self.bits = self.fields.format, self.fields.bits
        self.metadata, self.jpeg_quality = self.fields.metadata, self.fields.jpeg_quality
        self.same_levels = self.fields.same_levels
        self.folder = create_choice_field(tr("Save to"), tr("Folder of the results"))
        self.folder.activated.connect(self._on_folder_selected)
        self.upright = create_check_box(tr("Rotate pixels to &upright"))
        self.upright.clicked.connect(options.set_upright)
        self.keep_date = create_check_box(
            tr("&Keep the file's date"),
            tr("Give the result the file's date of change, by which photo libraries sort"),
        )
        self.keep_date.clicked.connect(options.set_keep_date)
        self.target_label = ElidedLabel(Qt.TextElideMode.ElideMiddle)
        self.summary_label = create_secondary_label()
        self.summary_label.setWordWrap(True)
        self.section = self._lay_out()
        options.state_changed.connect(self._render)
        self._render(options.state)

    def show_target(self, path: Path | None, text: str) -> None:
        """Show the file that *Save* writes; None without a result.

        Args:
            path: Path of the file, which the tool tip shows.
            text: Name and expected size of the file.
        """
        self.target_label.setVisible(path is not None)
        self.target_label.show_text(text, tooltip="" if path is None else str(path))

    def _lay_out(self) -> CollapsibleSection:
        main_form = create_form_layout()
        add_form_row(main_form, tr("Format"), self.format)
        add_form_row(main_form, tr("Save to"), self.folder)
        content = QWidget()
        self._form_layout = create_form_layout()
        add_form_row(self._form_layout, tr("&Bits"), self.bits)
        add_form_row(self._form_layout, tr("&Metadata"), self.metadata)
        self._form_layout.addRow(self.upright)
        self._form_layout.addRow(self.keep_date)
        add_form_row(self._form_layout, tr("&JPEG quality"), self.jpeg_quality)
        self._form_layout.addRow(self.same_levels)
        content.setLayout(self._form_layout)
        tip = tr("Bits, metadata, orientation, and what a JPEG is made with")
        self._scroll_area = _create_scroll_area(content)
        section = CollapsibleSection(tr("Export options"), self._scroll_area, tooltip=tip)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addLayout(main_form)
        layout.addWidget(self.target_label)
        layout.addWidget(section)
        layout.addWidget(self.summary_label)
        return section

    @Slot(int)
    def _on_folder_selected(self, index: int) -> None:
        if index == self.folder.count() - 1:
            self._render(self._options.state)  # until a folder is chosen, the old one is shown
            self.choose_folder_requested.emit()
        else:
            self._options.set_folder(self.folder.itemData(index))

    @Slot(object)
    def _render(self, state: SaveOptionsState) -> None:
        self._render_folder(state.folder, state.subject.default_folder)
        self.upright.setChecked(state.should_bake_orientation)
        self.upright.setEnabled(state.can_bake_orientation)
        self.upright.setToolTip(_upright_tooltip(state))
        self.keep_date.setChecked(state.should_keep_date)
        self.keep_date.setEnabled(not state.subject.is_pasted)
        is_jpeg = state.is_jpeg
        for row in (self.jpeg_quality, self.same_levels):
            self._form_layout.setRowVisible(row, is_jpeg)
        self._scroll_area.updateGeometry()
        for field in (self.bits, self.jpeg_quality):
            self._form_layout.labelForField(field).setEnabled(field.isEnabled())
        self.summary_label.setText(state.summary_text())

    def _render_folder(self, folder: Path | None, default_folder: Path | None) -> None:
        self.folder.clear()
        self.folder.addItem(_folder_label(default_folder), None)
        if folder is not None:
            self.folder.addItem(_folder_label(folder), folder)
            self.folder.setItemData(1, str(folder), Qt.ItemDataRole.ToolTipRole)
        self.folder.addItem(tr("Choose a folder…"))
        self.folder.setCurrentIndex(0 if folder is None else 1)
        shown_folder = folder or default_folder
        tooltip = tr("Folder of the results") if shown_folder is None else str(shown_folder)
        self.folder.setToolTip(tooltip)


def _folder_label(folder: Path | None) -> str:
    """Return the entry of a folder, None for that of the source."""
    return tr("Next to the original") if folder is None else folder.name or str(folder)


def _create_scroll_area(content: QWidget) -> VerticalScrollArea:
    """Return a scroll area as high as its content if there is room, else with a scroll bar."""
    area = VerticalScrollArea(content)
    area.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
    area.setMinimumHeight(_MIN_OPTIONS_HEIGHT_PX)
    return area


def _upright_tooltip(state: SaveOptionsState) -> str:
    if not state.subject.is_reoriented:
        return tr("The picture is upright as it is stored")
    if state.should_use_same_levels:
        return tr("With the compression of the source, pixels stay as they are stored")
    return tr("Turn the pixels, instead of saying how they are to be turned")
