"""The form for the options of saving."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.i18n.translation import tr, tr_noop
from app.ui.widgets.collapsible import CollapsibleSection
from app.ui.widgets.form_controls import (
    add_form_row,
    create_check_box,
    create_choice_field,
    create_form_layout,
    create_integer_field,
    create_secondary_label,
)
from app.ui.widgets.theme import SPACING
from app.viewmodels.export.save_options import SaveOptionsState, SaveOptionsViewModel
from ddrm_core.export.settings import JPEG_QUALITY_RANGE
from ddrm_core.formats.capabilities import BIT_DEPTHS
from ddrm_core.metadata.model import MetadataPolicy

_FLOAT_BITS = 32
_POLICY_LABELS = {
    MetadataPolicy.ALL: tr_noop("All"),
    MetadataPolicy.NO_GPS: tr_noop("Without GPS"),
    MetadataPolicy.NONE: tr_noop("None"),
}


class SaveOptionsForm(QWidget):
    """A collapsible form for bit depth, metadata, orientation and JPEG options, with a summary."""

    def __init__(self, options: SaveOptionsViewModel) -> None:
        super().__init__()
        self._options = options
        self.bits = create_choice_field(
            tr("Bits"),
            tr(
                "Bits per channel: 8; 10 or 12 for AVIF; 16 for PNG, TIFF and JPEG XL; "
                "32 for a TIFF of floats, "
                "neither rounded nor clipped"
            ),
        )
        for bits in BIT_DEPTHS:
            label = tr("{bits}, floats") if bits == _FLOAT_BITS else "{bits}"
            self.bits.addItem(label.format(bits=bits), bits)
        self.bits.activated.connect(self._on_bits_selected)
        self.metadata = create_choice_field(
            tr("Metadata"),
            tr(
                "What the result takes over of the file's metadata; "
                "its color profile and orientation in any case"
            ),
        )
        for policy, label in _POLICY_LABELS.items():
            self.metadata.addItem(tr(label), policy)
        self.metadata.activated.connect(self._on_metadata_selected)
        self.upright = create_check_box(tr("Turn &upright"))
        self.upright.clicked.connect(options.set_upright)
        self.keep_date = create_check_box(
            tr("&Keep the file's date"),
            tr("Give the result the file's date of change, by which photo libraries sort"),
        )
        self.keep_date.clicked.connect(options.set_keep_date)
        self.same_levels = create_check_box(tr("The file's o&wn tables"))
        self.same_levels.clicked.connect(options.set_same_levels)
        first, last = JPEG_QUALITY_RANGE
        self.jpeg_quality = create_integer_field(
            tr("JPEG quality"),
            tr("Of a JPEG, {first} to {last} on libjpeg's scale").format(first=first, last=last),
            JPEG_QUALITY_RANGE,
        )
        self.jpeg_quality.valueChanged.connect(options.set_jpeg_quality)
        self.summary_label = create_secondary_label()
        self.summary_label.setWordWrap(True)
        self.section = self._lay_out()
        options.state_changed.connect(self._render)
        self._render(options.state)

    def _lay_out(self) -> CollapsibleSection:
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
        section = CollapsibleSection(tr("Saving"), content, tooltip=tip)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(section)
        layout.addWidget(self.summary_label)
        return section

    @Slot(int)
    def _on_bits_selected(self, index: int) -> None:
        self._options.set_bits(self.bits.itemData(index))

    @Slot(int)
    def _on_metadata_selected(self, index: int) -> None:
        self._options.set_metadata_policy(MetadataPolicy(self.metadata.itemData(index)))

    @Slot(object)
    def _render(self, state: SaveOptionsState) -> None:
        self.bits.setCurrentIndex(self.bits.findData(state.bits))
        self._set_row_enabled(self.bits, not state.should_use_same_levels)
        self.metadata.setCurrentIndex(self.metadata.findData(state.choices.export.policy))
        self.upright.setChecked(state.should_bake_orientation)
        self.upright.setEnabled(state.can_bake_orientation)
        self.keep_date.setChecked(state.choices.keep_date)
        self.jpeg_quality.setValue(state.choices.export.jpeg_quality)
        self._set_row_enabled(self.jpeg_quality, state.has_jpeg_quality)
        self.same_levels.setChecked(state.should_use_same_levels)
        self.same_levels.setEnabled(state.can_use_same_levels)
        self.upright.setToolTip(_upright_tooltip(state))
        self.same_levels.setToolTip(_same_levels_tooltip(state))
        self.summary_label.setText(state.summary_text())

    def _set_row_enabled(self, field: QWidget, enabled: bool) -> None:
        field.setEnabled(enabled)
        self._form_layout.labelForField(field).setEnabled(enabled)


def _upright_tooltip(state: SaveOptionsState) -> str:
    if not state.subject.is_reoriented:
        return tr("The picture is upright as it is stored")
    if state.should_use_same_levels:
        return tr("With the file's own tables pixels stay as they are stored")
    return tr("Turn the pixels, instead of saying how they are to be turned")


def _same_levels_tooltip(state: SaveOptionsState) -> str:
    if state.subject.is_region:
        return tr(
            "Only a whole picture can be written with the file's own tables, not a part of one"
        )
    if not state.subject.has_file_levels:
        return tr("The levels of this result were assumed, not read from a JPEG's own tables")
    return tr(
        "Write a JPEG with the tables and sampling of the source: it holds the source's levels"
    )
