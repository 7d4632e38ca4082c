"""The slider for the strength of a result."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from app.i18n.translation import tr
from app.ui.widgets.form_controls import create_secondary_label
from app.ui.widgets.theme import SPACING

_SLIDER_STEPS = 20


class StrengthSlider(QWidget):
    """A slider from the picture in the file to the restored one.

    Signals:
        strength_changed: The slider was moved. arg1: 0 (file) to 1 (restored).
    """

    strength_changed = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _SLIDER_STEPS)
        self.slider.setPageStep(_SLIDER_STEPS // 4)
        self.slider.setAccessibleName(tr("Strength, from the file to the restored picture"))
        self.setToolTip(
            tr(
                "How much of the restoration the result has. Every strength is faithful to your "
                'file. At the left end the picture may differ slightly from "before": it is '
                "changed only as far as agreement with the file requires. 0 to 1, in twentieths."
            )
        )
        title_label = QLabel(tr("Strength"))
        title_label.setBuddy(self.slider)
        self.slider.valueChanged.connect(self._on_slider_moved)
        end_labels = QHBoxLayout()
        end_labels.addWidget(create_secondary_label(tr("As in the file")))
        end_labels.addStretch(1)
        end_labels.addWidget(create_secondary_label(tr("Fully restored")))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING // 2)
        layout.addWidget(title_label)
        layout.addWidget(self.slider)
        layout.addLayout(end_labels)

    def show_strength(self, strength: float) -> None:
        """Show the strength, 0 to 1, without emitting a signal."""
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(strength * _SLIDER_STEPS))

    @Slot(int)
    def _on_slider_moved(self, value: int) -> None:
        self.strength_changed.emit(value / _SLIDER_STEPS)
