"""The way from the safest picture of a result to its sharpest."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from app.i18n.translation import tr
from app.ui.widgets.form_controls import faint
from app.ui.widgets.theme import SPACING

_PARTS = 20


class SharpnessSlider(QWidget):
    """From the mean of the samples to one of them.

    Signals:
        wanted: The user chose another place.
            arg1: 0 (safest) to 1 (sharpest).
    """

    wanted = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _PARTS)
        self.slider.setPageStep(_PARTS // 4)
        self.slider.setAccessibleName(tr("Sharpness, from safest to sharpest"))
        self.setToolTip(
            tr(
                "Safest is the mean of the samples, nearest to the original on average; sharpest "
                "is one sample alone, with more detail that is only plausible. All between agree "
                "with the file. 0 to 1, in twentieths."
            )
        )
        name = QLabel(tr("&Sharpness"))
        name.setBuddy(self.slider)
        self.slider.valueChanged.connect(self._on_moved)
        ends = QHBoxLayout()
        ends.addWidget(faint(tr("Safest")))
        ends.addStretch(1)
        self.sharpest = faint(tr("Sharpest"))
        ends.addWidget(self.sharpest)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING // 2)
        layout.addWidget(name)
        layout.addWidget(self.slider)
        layout.addLayout(ends)

    def show_sharpness(self, sharpness: float, sample: int) -> None:
        """Where the shown picture is on the way to which sample; asks for nothing."""
        picked = tr("Sharpest: sample {number}").format(number=sample)
        self.sharpest.setText(tr("Sharpest") if sample == 1 else picked)
        self.slider.blockSignals(True)
        self.slider.setValue(round(sharpness * _PARTS))
        self.slider.blockSignals(False)

    @Slot(int)
    def _on_moved(self, value: int) -> None:
        self.wanted.emit(value / _PARTS)
