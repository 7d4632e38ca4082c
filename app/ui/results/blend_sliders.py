"""The sliders that blend the images of a result: sharpness and strength."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QSlider, QVBoxLayout, QWidget

from app.i18n.translation import tr
from app.ui.widgets.form_controls import create_secondary_label, lay_out_end_labels
from app.ui.widgets.theme import SPACING

_SLIDER_STEPS = 20


class _BlendSlider(QWidget):
    """A titled slider from one image of a result (0) to another one (1).

    Signals:
        position_changed: The slider was moved. arg1: 0 to 1.

    Attributes:
        slider: The slider itself.
        high_label: Label of the end at 1.
    """

    position_changed = Signal(float)

    def __init__(self, title_label: QLabel, low_label: QLabel, high_label: QLabel) -> None:
        super().__init__()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _SLIDER_STEPS)
        self.slider.setPageStep(_SLIDER_STEPS // 4)
        self.slider.valueChanged.connect(self._on_slider_moved)
        title_label.setBuddy(self.slider)
        self.high_label = high_label
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING // 2)
        layout.addWidget(title_label)
        layout.addWidget(self.slider)
        layout.addLayout(lay_out_end_labels(low_label, high_label))

    def show_position(self, position: float) -> None:
        """Show the position, 0 to 1, without emitting a signal."""
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(position * _SLIDER_STEPS))

    @Slot(int)
    def _on_slider_moved(self, value: int) -> None:
        self.position_changed.emit(value / _SLIDER_STEPS)


class SharpnessSlider(_BlendSlider):
    """A slider from the mean of the samples (safest) to one sample (sharpest)."""

    def __init__(self) -> None:
        super().__init__(
            QLabel(tr("&Sharpness")),
            create_secondary_label(tr("Safest")),
            create_secondary_label(tr("Sharpest")),
        )
        self.slider.setAccessibleName(tr("Sharpness, from safest to sharpest"))
        self.setToolTip(
            tr(
                "Safest is the mean of the versions, nearest to the original on average; sharpest "
                "is one version alone, with more detail that is only plausible. All between agree "
                "with the file. 0 to 1, in twentieths."
            )
        )

    def show_sharpness(self, sharpness: float, sample_number: int) -> None:
        """Show the sharpness, 0 to 1, and the number of the sample without emitting a signal."""
        sample_text = tr("Sharpest: version {number}").format(number=sample_number)
        self.high_label.setText(tr("Sharpest") if sample_number == 1 else sample_text)
        self.show_position(sharpness)


class StrengthSlider(_BlendSlider):
    """A slider from the picture in the file to the restored one."""

    def __init__(self) -> None:
        super().__init__(
            QLabel(tr("Strength")),
            create_secondary_label(tr("As in the file")),
            create_secondary_label(tr("Fully restored")),
        )
        self.slider.setAccessibleName(tr("Strength, from the file to the restored picture"))
        self.setToolTip(
            tr(
                "How much of the restoration the result has. Every strength is faithful to your "
                'file. At the left end the picture may differ slightly from "before": it is '
                "changed only as far as agreement with the file requires. 0 to 1, in twentieths."
            )
        )
