"""Creation of controls for declared settings."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QWidget

from app.ui.widgets.form_controls import (
    create_choice_field,
    create_decimal_field,
    create_integer_field,
    describe_control,
)
from ddrm_core.setting_fields import Limits, SettingField

_MAX_INTEGER = 2**31 - 1  # limit of QSpinBox


@dataclass(frozen=True, slots=True)
class SettingControl:
    """A control that edits one setting.

    Attributes:
        widget: The control.
        show_value: Setter of the widget's value.
    """

    widget: QWidget
    show_value: Callable[[Any], object]

    def set_value(self, value: Any) -> None:
        """Show a value without emitting the widget's signals.

        Otherwise, the rounding of the value by the widget would be reported as an edit by the user.
        """
        with QSignalBlocker(self.widget):
            self.show_value(value)


def create_setting_control(
    field: SettingField, label: str, tooltip: str, on_edit: Callable[[Any], None]
) -> SettingControl:
    """Return a control for a setting of type bool, int, float or StrEnum.

    Args:
        field: Declaration of the setting, with its type and limits.
        label: Accessible name of the control.
        tooltip: Explanation of the setting.
        on_edit: Receiver of each new value.

    Raises:
        TypeError: If the setting has another type.
    """
    if field.type is bool:
        check_box = QCheckBox()
        describe_control(check_box, label, tooltip)
        check_box.toggled.connect(on_edit)
        return SettingControl(check_box, check_box.setChecked)
    if field.type is int:
        limits = field.limits or Limits(-_MAX_INTEGER, _MAX_INTEGER)
        spin_box = create_integer_field(label, tooltip, (int(limits.low), int(limits.high)))
        spin_box.valueChanged.connect(on_edit)
        return SettingControl(spin_box, spin_box.setValue)
    if field.type is float:
        limits = field.limits or Limits(-sys.float_info.max, sys.float_info.max)
        decimal_box = create_decimal_field(label, tooltip, (limits.low, limits.high))
        decimal_box.valueChanged.connect(on_edit)
        return SettingControl(decimal_box, decimal_box.setValue)
    if issubclass(field.type, StrEnum):
        combo_box = create_choice_field(label, tooltip)
        for choice in field.type:
            combo_box.addItem(choice, choice)
        combo_box.activated.connect(lambda index: on_edit(combo_box.itemData(index)))
        return SettingControl(
            combo_box, lambda value: combo_box.setCurrentIndex(combo_box.findData(value))
        )
    raise TypeError(f"no control for {field.name}: {field.type}")
