"""The fields for the format of results, which the side panel and the folder page share."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSignalBlocker, Slot
from PySide6.QtWidgets import QComboBox

from app.i18n.translation import tr, tr_noop
from app.ui.widgets.form_controls import (
    create_check_box,
    create_choice_field,
    create_integer_field,
)
from app.viewmodels.export.save_options import SaveOptionsState, SaveOptionsViewModel
from ddrm_core.export.settings import JPEG_QUALITY_RANGE
from ddrm_core.formats.capabilities import SaveFormat
from ddrm_core.metadata.model import MetadataPolicy

_FLOAT_BITS = 32
_POLICY_LABELS = {
    MetadataPolicy.ALL: tr_noop("All"),
    MetadataPolicy.NO_GPS: tr_noop("Without GPS"),
    MetadataPolicy.NONE: tr_noop("None"),
}


class OutputFields(QObject):
    """The fields for format, bits, metadata and JPEG options of results.

    All fields of the window show and change the same view model. The widgets that contain the
    fields lay them out.

    Attributes:
        format: Field for the file format.
        bits: Field for the bits per channel that the format has.
        metadata: Field for the metadata policy.
        jpeg_quality: Field for the quality of a JPEG.
        same_levels: Check box for a JPEG with the levels of its source.
    """

    def __init__(self, options: SaveOptionsViewModel, *, is_for_folder: bool = False) -> None:
        """Create the fields.

        Args:
            options: View model of the save options.
            is_for_folder: Whether the fields are about the files of a batch, instead of the shown
                result with its limits.
        """
        super().__init__()
        self._options = options
        self._is_for_folder = is_for_folder
        self.format = create_choice_field(tr("Format"), tr("File format of the results"))
        self.format.activated.connect(self._on_format_selected)
        self.bits = create_choice_field(
            tr("Bits"),
            tr(
                "Bits per channel: 8; 10 or 12 for AVIF; 16 for PNG, TIFF and JPEG XL; "
                "32 for a TIFF of floats, "
                "neither rounded nor clipped"
            ),
        )
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
        first, last = JPEG_QUALITY_RANGE
        self.jpeg_quality = create_integer_field(
            tr("JPEG quality"),
            tr("Of a JPEG, {first} to {last} on libjpeg's scale").format(first=first, last=last),
            JPEG_QUALITY_RANGE,
        )
        self.jpeg_quality.valueChanged.connect(options.set_jpeg_quality)
        self.same_levels = create_check_box(tr("Same compression as the source"))
        self.same_levels.clicked.connect(options.set_same_levels)
        options.state_changed.connect(self._render)
        self._render(options.state)

    @Slot(int)
    def _on_format_selected(self, index: int) -> None:
        self._options.set_format(SaveFormat(self.format.itemData(index)))

    @Slot(int)
    def _on_bits_selected(self, index: int) -> None:
        self._options.set_bits(self.bits.itemData(index))

    @Slot(int)
    def _on_metadata_selected(self, index: int) -> None:
        self._options.set_metadata_policy(MetadataPolicy(self.metadata.itemData(index)))

    @Slot(object)
    def _render(self, window_state: SaveOptionsState) -> None:
        state = window_state.for_any_file() if self._is_for_folder else window_state
        _show_choices(
            self.format, {str(f): f for f in state.offered_formats}, state.proposed_format
        )
        _show_choices(
            self.bits, {_bits_label(bits): bits for bits in state.offered_bits}, state.bits
        )
        self.bits.setEnabled(len(state.offered_bits) > 1)
        self.metadata.setCurrentIndex(self.metadata.findData(state.choices.export.policy))
        with QSignalBlocker(self.jpeg_quality):
            self.jpeg_quality.setValue(state.choices.export.jpeg_quality)
        self.jpeg_quality.setEnabled(state.has_jpeg_quality)
        self.same_levels.setChecked(state.should_use_same_levels)
        self.same_levels.setEnabled(state.can_use_same_levels)
        self.same_levels.setToolTip(_same_levels_tooltip(state))


def _bits_label(bits: int) -> str:
    label = tr("{bits}-bit float (TIFF)") if bits == _FLOAT_BITS else "{bits}"
    return label.format(bits=bits)


def _show_choices(field: QComboBox, choices: dict[str, object], chosen: object) -> None:
    """Offer `choices`, values by their labels, in a combo box with `chosen` selected."""
    if [field.itemData(index) for index in range(field.count())] != list(choices.values()):
        field.clear()
        for label, value in choices.items():
            field.addItem(label, value)
    field.setCurrentIndex(field.findData(chosen))


def _same_levels_tooltip(state: SaveOptionsState) -> str:
    if state.subject.is_region:
        return tr("Only a whole picture can have the compression of its source, not a part of it")
    if not state.subject.has_file_levels:
        return tr("The levels of this result were assumed, not read from a JPEG's own tables")
    return tr(
        "Write a JPEG with the tables and sampling of the source: it holds the source's levels"
    )
