"""How the result will be saved."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from app.config.save_choices import BITS, JPEG_QUALITIES
from app.i18n.translation import mark, tr
from app.ui.widgets.collapsible import Fold
from app.ui.widgets.form_controls import add_row, choice, faint, form, number
from app.ui.widgets.theme import SPACING
from app.viewmodels.export.save_options import SaveOptionsState, SaveOptionsViewModel
from ddrm_core.metadata.policy import MetadataPolicy

_FLOATS = 32
_POLICIES = {
    MetadataPolicy.ALL: mark("All"),
    MetadataPolicy.NO_GPS: mark("Without GPS"),
    MetadataPolicy.NONE: mark("None"),
}


class SaveOptions(QWidget):
    """Bits, metadata, orientation and what a JPEG is made with; all folds away, but for a line."""

    def __init__(self, options: SaveOptionsViewModel) -> None:
        super().__init__()
        self._options = options
        self.bits = choice(
            tr("Bits"),
            tr(
                "Bits per channel: 8; 16 for PNG and TIFF; 32 for a TIFF of floats, "
                "neither rounded nor clipped"
            ),
        )
        for bits in BITS:
            words = tr("{bits}, floats") if bits == _FLOATS else "{bits}"
            self.bits.addItem(words.format(bits=bits), bits)
        self.bits.activated.connect(self._on_bits)
        self.metadata = choice(
            tr("Metadata"),
            tr(
                "What the result takes over of the file's metadata; "
                "its colour profile and orientation in any case"
            ),
        )
        for policy, words in _POLICIES.items():
            self.metadata.addItem(tr(words), policy)
        self.metadata.activated.connect(self._on_metadata)
        self.upright = _check(tr("Turn &upright"))
        self.upright.clicked.connect(options.set_upright)
        self.same_levels = _check(tr("The file's o&wn tables"))
        self.same_levels.clicked.connect(options.set_same_levels)
        first, last = JPEG_QUALITIES
        self.quality = number(
            tr("JPEG quality"),
            tr("Of a JPEG, {first} to {last} on libjpeg's scale").format(first=first, last=last),
            JPEG_QUALITIES,
        )
        self.quality.valueChanged.connect(options.set_jpeg_quality)
        self.words = faint()
        self.words.setWordWrap(True)
        self.fold = self._lay_out()
        options.state_changed.connect(self._render)
        self._render(options.state)

    def _lay_out(self) -> Fold:
        content = QWidget()
        self._rows = form()
        add_row(self._rows, tr("&Bits"), self.bits)
        add_row(self._rows, tr("&Metadata"), self.metadata)
        self._rows.addRow(self.upright)
        add_row(self._rows, tr("&JPEG quality"), self.quality)
        self._rows.addRow(self.same_levels)
        content.setLayout(self._rows)
        tip = tr("Bits, metadata, orientation, and what a JPEG is made with")
        fold = Fold(tr("Saving"), content, tip=tip)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(fold)
        layout.addWidget(self.words)
        return fold

    @Slot(int)
    def _on_bits(self, index: int) -> None:
        self._options.set_bits(self.bits.itemData(index))

    @Slot(int)
    def _on_metadata(self, index: int) -> None:
        self._options.set_policy(MetadataPolicy(self.metadata.itemData(index)))

    @Slot(object)
    def _render(self, state: SaveOptionsState) -> None:
        self.bits.setCurrentIndex(self.bits.findData(state.bits))
        self._enable_row(self.bits, not state.same_levels)
        self.metadata.setCurrentIndex(self.metadata.findData(state.choices.policy))
        self.upright.setChecked(state.upright)
        self.upright.setEnabled(state.can_turn)
        self.quality.setValue(state.choices.jpeg_quality)
        self._enable_row(self.quality, state.has_quality)
        self.same_levels.setChecked(state.same_levels)
        self.same_levels.setEnabled(state.may_keep_levels)
        self.upright.setToolTip(_upright_tip(state))
        self.same_levels.setToolTip(_tables_tip(state))
        self.words.setText(state.words())

    def _enable_row(self, field: QWidget, enabled: bool) -> None:
        field.setEnabled(enabled)
        self._rows.labelForField(field).setEnabled(enabled)


def _check(text: str) -> QCheckBox:
    box = QCheckBox(text)
    box.setAccessibleName(text.replace("&", ""))
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return box


def _upright_tip(state: SaveOptionsState) -> str:
    if not state.subject.turned:
        return tr("The picture is upright as it is stored")
    if state.same_levels:
        return tr("With the file's own tables pixels stay as they are stored")
    return tr("Turn the pixels, instead of saying how they are to be turned")


def _tables_tip(state: SaveOptionsState) -> str:
    if state.subject.part:
        return tr(
            "Only a whole picture can be written with the file's own tables, not a part of one"
        )
    if not state.subject.own_levels:
        return tr("The levels of this result were assumed, not read from a JPEG's own tables")
    return tr(
        "Write a JPEG with the tables and sampling of the source: it holds the source's levels"
    )
