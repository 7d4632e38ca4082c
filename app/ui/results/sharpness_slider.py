"""The slider for the sharpness of a result."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from app.i18n.translation import tr
from app.ui.widgets.form_controls import create_secondary_label
from app.ui.widgets.theme import SPACING

_SLIDER_STEPS = 20


class SharpnessSlider(QWidget):
    """A slider from the mean of the samples to one sample.

    Signals:
        sharpness_changed: The slider was moved. arg1: 0 (mean, safest) to 1 (sample, sharpest).
    """

    sharpness_changed = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _SLIDER_STEPS)
        self.slider.setPageStep(_SLIDER_STEPS // 4)
        self.slider.setAccessibleName(tr("Sharpness, from safest to sharpest"))
        self.setToolTip(
            tr(
                "Safest is the mean of the versions, nearest to the original on average; sharpest "
                "is one version alone, with more detail that is only plausible. All between agree "
                "with the file. 0 to 1, in twentieths."
            )
        )
        title_label = QLabel(tr("&Sharpness"))
        title_label.setBuddy(self.slider)
        self.slider.valueChanged.connect(self._on_slider_moved)
        end_labels = QHBoxLayout()
        end_labels.addWidget(create_secondary_label(tr("Safest")))
        end_labels.addStretch(1)
        self.sharpest_label = create_secondary_label(tr("Sharpest"))
        end_labels.addWidget(self.sharpest_label)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING // 2)
        layout.addWidget(title_label)
        layout.addWidget(self.slider)
        layout.addLayout(end_labels)

    def show_sharpness(self, sharpness: float, sample_number: int) -> None:
        """Show the sharpness, 0 to 1, and the number of the sample without emitting a signal."""
        sample_text = tr("Sharpest: version {number}").format(number=sample_number)
        self.sharpest_label.setText(tr("Sharpest") if sample_number == 1 else sample_text)
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(sharpness * _SLIDER_STEPS))

    @Slot(int)
    def _on_slider_moved(self, value: int) -> None:
        self.sharpness_changed.emit(value / _SLIDER_STEPS)
