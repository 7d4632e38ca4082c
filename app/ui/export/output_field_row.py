"""The fields for the format of a batch's results."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.i18n.translation import tr
from app.ui.export.output_fields import OutputFields
from app.ui.widgets.theme import SPACING
from app.viewmodels.export.save_options import SaveOptionsState, SaveOptionsViewModel

_FIELD_WIDTH_PX = 96


class OutputFieldRow(QWidget):
    """A row with format, bits and metadata for the results of a batch, and one for JPEG options.

    The rows change the same save options as the form beside Save.

    Attributes:
        fields: The fields of the rows.
    """

    def __init__(self, options: SaveOptionsViewModel) -> None:
        super().__init__()
        self.fields = fields = OutputFields(options, is_for_folder=True)
        self._quality_label = QLabel(tr("JPEG quality"))
        main_row, jpeg_row = QHBoxLayout(), QHBoxLayout()
        captions = (
            (main_row, QLabel(tr("Bits")), fields.bits),
            (main_row, QLabel(tr("Metadata")), fields.metadata),
            (jpeg_row, self._quality_label, fields.jpeg_quality),
        )
        for field in (fields.format, fields.bits, fields.metadata, fields.jpeg_quality):
            # The fields of a panel take its width.
            field.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            field.setFixedWidth(_FIELD_WIDTH_PX)
        main_row.addWidget(fields.format)
        for row, label, field in captions:
            label.setBuddy(field)
            row.addWidget(label)
            row.addWidget(field)
        jpeg_row.addWidget(fields.same_levels)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for row in (main_row, jpeg_row):
            row.setSpacing(SPACING)
            row.addStretch(1)
            layout.addLayout(row)
        self.setFocusProxy(fields.format)
        options.state_changed.connect(self._update_visibility)
        self._update_visibility(options.state)

    @Slot(object)
    def _update_visibility(self, state: SaveOptionsState) -> None:
        is_jpeg = state.for_any_file().is_jpeg
        for widget in (self._quality_label, self.fields.jpeg_quality, self.fields.same_levels):
            widget.setVisible(is_jpeg)
