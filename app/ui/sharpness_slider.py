"""The way from the safest picture of a result to its sharpest."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from app.ui.controls import faint
from app.ui.theme import SPACING

_PARTS = 20
_SETTLES_MS = 120  # a drag asks for a picture when it rests, not on every pixel


class SharpnessSlider(QWidget):
    """From the mean of the samples to the first of them.

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
        self.slider.setAccessibleName("Sharpness, from safest to sharpest")
        self.setToolTip(
            "Safest is the mean of the samples, nearest to the original on average; sharpest is "
            "the first sample alone, with more detail that is only plausible. All between agree "
            "with the file. 0 to 1, in twentieths."
        )
        name = QLabel("&Sharpness")
        name.setBuddy(self.slider)
        self._rest = QTimer(self, singleShot=True, interval=_SETTLES_MS)
        self._rest.timeout.connect(self._on_rest)
        self.slider.valueChanged.connect(self._on_moved)
        ends = QHBoxLayout()
        ends.addWidget(faint("Safest"))
        ends.addStretch(1)
        ends.addWidget(faint("Sharpest"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING // 2)
        layout.addWidget(name)
        layout.addWidget(self.slider)
        layout.addLayout(ends)

    def show_sharpness(self, sharpness: float) -> None:
        """Where the shown picture is; asks for nothing."""
        if self._rest.isActive():
            return  # the user is on the way to somewhere else
        self.slider.blockSignals(True)
        self.slider.setValue(round(sharpness * _PARTS))
        self.slider.blockSignals(False)

    @Slot()
    def _on_moved(self) -> None:
        self._rest.start()

    @Slot()
    def _on_rest(self) -> None:
        self.wanted.emit(self.slider.value() / _PARTS)
