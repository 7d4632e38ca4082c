"""Each type of a declared setting has a control that shows the value and reports edits."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QSpinBox, QWidget

from app.ui.parameters.setting_control import SettingControl, create_setting_control
from ddrm_core.setting_fields import Limits, list_setting_fields


class _Window(StrEnum):
    HANN = "hann"
    FLAT = "flat"


@dataclass(frozen=True)
class _Parameters:
    is_mirrored: bool = False
    radius: Annotated[int, Limits(1, 9)] = 3
    share: Annotated[float, Limits(0, 1)] = 0.5
    window: _Window = _Window.HANN
    note: str = ""


FIELDS = {field.name: field for field in list_setting_fields(_Parameters)}
VALUES: list[tuple[str, Any]] = [
    ("is_mirrored", True),
    ("radius", 7),
    ("share", 0.25),
    ("window", _Window.FLAT),
]


@pytest.fixture
def edits() -> list[Any]:
    return []


@pytest.fixture
def control(request, qtbot, edits) -> SettingControl:
    """Return the control of the setting that the test is parametrized with."""
    control = create_setting_control(FIELDS[request.param], "Label", "Tooltip", edits.append)
    qtbot.addWidget(control.widget)
    control.widget.show()
    return control


def shown_value(widget: QWidget) -> Any:
    match widget:
        case QCheckBox():
            return widget.isChecked()
        case QSpinBox() | QDoubleSpinBox():
            return widget.value()
        case QComboBox():
            return widget.currentData()
    raise TypeError(widget)


def edit(qtbot, widget: QWidget) -> None:
    """Change the value with the keyboard, by one step where the value has steps."""
    key = Qt.Key.Key_Space if isinstance(widget, QCheckBox) else Qt.Key.Key_Down
    widget.setFocus()
    qtbot.keyClick(widget, key)


@pytest.mark.parametrize(("control", "value"), VALUES, indirect=["control"])
def test_a_value_is_shown_and_not_reported_as_an_edit(control, value, edits):
    control.set_value(value)
    assert shown_value(control.widget) == value
    assert (control.widget.accessibleName(), control.widget.toolTip()) == ("Label", "Tooltip")
    assert edits == []


@pytest.mark.parametrize("control", dict(VALUES), indirect=True)
def test_an_edit_with_the_keyboard_is_reported_with_its_type(qtbot, control, request, edits):
    field = FIELDS[request.node.callspec.params["control"]]
    control.set_value(field.default)
    edit(qtbot, control.widget)
    assert edits == [shown_value(control.widget)]
    assert edits[0] != field.default
    assert field.type(edits[0]) == edits[0]


@pytest.mark.parametrize(
    ("control", "limits"), [("radius", (1, 9)), ("share", (0, 1))], indirect=["control"]
)
def test_the_control_keeps_to_the_limits(control, limits):
    assert (control.widget.minimum(), control.widget.maximum()) == limits


def test_a_setting_without_a_control_is_refused():
    with pytest.raises(TypeError, match="note"):
        create_setting_control(FIELDS["note"], "Note", "", print)
