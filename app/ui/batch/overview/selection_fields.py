"""The fields of the selection rule of a batch."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.i18n.translation import tr
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.form_controls import (
    create_check_box,
    create_choice_field,
    create_integer_field,
)
from app.ui.widgets.theme import SPACING
from app.viewmodels.batch.batch_state import BatchState
from app.viewmodels.batch.overview.selection import SelectionSummary, selection_text
from ddrm_core.batch.selection.rule import ALL_FILES, OthersPolicy, SelectionRule

_PROPOSED_QUALITY = 80
_QUALITY_LIMITS = (2, 100)
_OTHERS_WIDTH_PX = 136


class SelectionFields(QWidget):
    """A row of fields that limit a batch to files below a quality.

    Signals:
        rule_changed: The user has changed the rule. arg1: the `SelectionRule`.
    """

    rule_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.limit_box = create_check_box(
            tr("Only below quality"),
            tr("Restore only pictures whose JPEG quality is lower, or whose tables lose as much"),
        )
        self.quality_field = create_integer_field(
            tr("Highest quality that is left as it is"),
            tr("JPEG quality from which on pictures are left as they are, 2 to 100"),
            _QUALITY_LIMITS,
        )
        self.quality_field.setValue(_PROPOSED_QUALITY)
        self.others_field = create_choice_field(
            tr("All other pictures"),
            tr("Whether all other pictures are left out, or copied to the output folder unchanged"),
        )
        self.others_field.addItem(tr("Skip the others"), OthersPolicy.SKIP)
        self.others_field.addItem(tr("Copy the others"), OthersPolicy.COPY)
        self.others_field.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.others_field.setFixedWidth(_OTHERS_WIDTH_PX)
        self.effect_label = ElidedLabel(Qt.TextElideMode.ElideRight)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        for field in (self.limit_box, self.quality_field, self.others_field):
            layout.addWidget(field)
        layout.addWidget(self.effect_label, 1)
        self.limit_box.clicked.connect(self._on_edited)
        self.quality_field.valueChanged.connect(self._on_edited)
        self.others_field.activated.connect(self._on_edited)

    def show_state(self, state: BatchState) -> None:
        """Show the rule of a batch, which cannot be changed while the batch is active."""
        rule = state.selection
        is_limited = rule.below_quality is not None
        self.limit_box.setChecked(is_limited)
        self.limit_box.setEnabled(not state.is_active)
        for field in (self.quality_field, self.others_field):
            field.setEnabled(is_limited and not state.is_active)
        if rule.below_quality is not None:
            self.quality_field.blockSignals(True)
            self.quality_field.setValue(rule.below_quality)
            self.quality_field.blockSignals(False)
            others = rule.others or OthersPolicy.SKIP
            self.others_field.setCurrentIndex(self.others_field.findData(others))

    def show_summary(self, summary: SelectionSummary) -> None:
        """Show how many files the rule selects and which time it saves."""
        text = selection_text(summary) if self.limit_box.isChecked() else ""
        self.effect_label.show_text(text)

    @Slot()
    def _on_edited(self) -> None:
        rule = ALL_FILES
        if self.limit_box.isChecked():
            others = OthersPolicy(self.others_field.currentData())
            rule = SelectionRule(self.quality_field.value(), others)
        self.rule_changed.emit(rule)
