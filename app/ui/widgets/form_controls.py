"""Creation of form controls with a common style."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QToolButton,
    QWidget,
)

from app.ui.widgets.action_factory import strip_mnemonic
from app.ui.widgets.theme import SPACING

_FIELD_SIZE = QSize(150, 24)
LABEL_WIDTH = 96
"""Width in pixels of the column of labels, the same in all forms and fact tables of the panel."""


class _WheelFilter(QObject):
    """An event filter that makes a field ignore the wheel while the field has no focus.

    The wheel then scrolls the panel around the field.
    """

    def eventFilter(self, field: QObject, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.Wheel
            and isinstance(field, QWidget)
            and not field.hasFocus()
        ):
            event.ignore()
            return True
        return False


def create_integer_field(accessible_name: str, tooltip: str, limits: tuple[int, int]) -> QSpinBox:
    """Return a field for an integer within `limits`, both included."""
    control = QSpinBox()
    control.setRange(*limits)
    describe_control(control, accessible_name, tooltip)
    return control


def create_decimal_field(
    accessible_name: str, tooltip: str, limits: tuple[float, float]
) -> QDoubleSpinBox:
    """Return a field for a number within `limits`, both included."""
    span = limits[1] - limits[0]
    control = QDoubleSpinBox(decimals=3 if span >= 0.5 else 6, singleStep=min(0.05, span / 20))
    control.setRange(*limits)
    describe_control(control, accessible_name, tooltip)
    return control


def create_choice_field(accessible_name: str, tooltip: str) -> QComboBox:
    """Return an empty combo box with an accessible name and a tool tip."""
    control = QComboBox()
    # Long texts are elided instead of widening the panel.
    control.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    describe_control(control, accessible_name, tooltip)
    return control


def create_push_button(text: str, tooltip: str) -> QPushButton:
    """Return a button whose text is also its accessible name."""
    button = QPushButton(text)
    button.setToolTip(tooltip)
    button.setAccessibleName(strip_mnemonic(text))
    return button


def create_check_box(text: str, tooltip: str = "") -> QCheckBox:
    """Return a check box whose text is also its accessible name."""
    box = QCheckBox(text)
    box.setToolTip(tooltip)
    box.setAccessibleName(strip_mnemonic(text))
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return box


def create_action_button(action: QAction) -> QToolButton:
    """Return a flat button that triggers `action`."""
    button = QToolButton()
    button.setDefaultAction(action)
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setAccessibleName(strip_mnemonic(action.text()))
    return button


def create_heading_label(text: str) -> QLabel:
    """Return a heading label in bold."""
    label = QLabel(text)
    label.setObjectName("heading")
    return label


def create_section_label(text: str) -> QLabel:
    """Return a heading label with a thin line above, for the next section of a panel."""
    label = QLabel(text)
    label.setObjectName("part")
    label.setIndent(0)
    return label


def create_secondary_label(text: str = "") -> QLabel:
    """Return a label in the secondary text color."""
    label = QLabel(text)
    label.setObjectName("faint")
    return label


def create_form_layout(horizontal_spacing: int = SPACING, vertical_spacing: int = 6) -> QFormLayout:
    """Return an empty form layout for `add_form_row`."""
    layout = QFormLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setHorizontalSpacing(horizontal_spacing)
    layout.setVerticalSpacing(vertical_spacing)
    layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
    layout.setFormAlignment(Qt.AlignmentFlag.AlignLeft)
    layout.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return layout


def add_form_row(
    form_layout: QFormLayout,
    label_text: str,
    field: QWidget,
    *,
    row: int = -1,
    field_size: QSize = _FIELD_SIZE,
    label_width: int = LABEL_WIDTH,
) -> None:
    """Add a labeled field to a form; by default, all fields have the same width.

    Args:
        form_layout: The layout to extend.
        label_text: Text of the label, with an optional mnemonic.
        field: The control, which becomes the label's buddy; with a focus proxy, the proxy does.
        row: Row to insert at; -1 appends.
        field_size: Width and minimum height of the field in pixels.
        label_width: Minimum width of the label in pixels.
    """
    field.setFixedWidth(field_size.width())
    # In a right-to-left layout, Qt misplaces fields whose size policy ignores the width.
    field.setSizePolicy(QSizePolicy.Policy.Fixed, field.sizePolicy().verticalPolicy())
    field.setMinimumHeight(field_size.height())
    label = QLabel(label_text)
    # A mnemonic moves the focus to a buddy only, not to the focus proxy of a buddy.
    label.setBuddy(field.focusProxy() or field)
    label.setMinimumSize(label_width, field_size.height())
    form_layout.insertRow(row, label, field)


def lay_out_side_by_side(first: QWidget, second: QWidget) -> QWidget:
    """Return a widget with two fields in one row; `first` takes the remaining width."""
    both = QWidget()
    row = QHBoxLayout(both)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(4)
    row.addWidget(first, 1)
    row.addWidget(second, 1 if isinstance(second, QSpinBox) else 0)
    both.setFocusProxy(first)
    return both


def lay_out_end_labels(low_label: QLabel, high_label: QLabel) -> QHBoxLayout:
    """Return a row with the labels of both ends of a slider."""
    row = QHBoxLayout()
    row.addWidget(low_label)
    row.addStretch(1)
    row.addWidget(high_label)
    return row


def fit_popup_to_items(combo_box: QComboBox) -> None:
    """Make the popup of a combo box as wide as its longest item."""
    combo_box.view().setMinimumWidth(combo_box.view().sizeHintForColumn(0) + SPACING)


def describe_control(control: QWidget, accessible_name: str, tooltip: str) -> None:
    """Set a control's accessible name and tool tip, and let Tab and clicks focus the control.

    A control without the focus ignores the wheel.
    """
    control.setAccessibleName(accessible_name)
    control.setToolTip(tooltip)
    control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    control.installEventFilter(_WheelFilter(control))
