"""The timeline: a slider over the estimates of a run."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSlider, QToolButton, QWidget

from app.i18n.translation import tr
from app.ui.widgets.theme import SPACING, Icon, Theme
from app.viewmodels.run.timeline import (
    TimelineState,
    can_use_estimate,
    timeline_position_text,
    use_estimate_tooltip,
)

_MIN_SLIDER_WIDTH = 90


class TimelineStrip(QWidget):
    """A widget that plays the recorded estimates of a run and selects one with a slider.

    A button makes a result of the selected estimate.

    The last position of the slider is the result. The strip is hidden while it has no estimates.

    Signals:
        scrub_requested: The slider was moved. arg1: index of the estimate, or their number for the
            result.
        playback_toggled: The play or pause button was clicked.
        use_estimate_requested: The button to make a result of the selected estimate was clicked.
    """

    scrub_requested = Signal(int)
    playback_toggled = Signal()
    use_estimate_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._play_icon = Icon.START
        self.play_button = QToolButton()
        self.play_button.setAutoRaise(True)
        self.play_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.play_button.clicked.connect(self.playback_toggled)
        theme.colors_changed.connect(self._update_play_icon)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setMinimumWidth(_MIN_SLIDER_WIDTH)
        self.slider.setPageStep(5)
        self.slider.setAccessibleName(tr("Steps of the run"))
        self.slider.setToolTip(
            tr(
                "The steps of the run, from the first to the last; the last place is the result. "
                "Arrows, Home and End move, too."
            )
        )
        self.slider.valueChanged.connect(self._on_slider_moved)
        slider_label = QLabel(tr("Steps"))
        slider_label.setBuddy(self.slider)
        self.position_label = QLabel()
        self.use_estimate_button = QPushButton(tr("Use this step"))
        self.use_estimate_button.setAccessibleName(tr("Use this step"))
        self.use_estimate_button.clicked.connect(self.use_estimate_requested)
        theme.set_icon(self.use_estimate_button, Icon.DONE)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self.play_button)
        layout.addWidget(slider_label)
        layout.addWidget(self.slider, 1)
        layout.addWidget(self.position_label)
        layout.addWidget(self.use_estimate_button)
        self._update_play_icon()
        self.hide()

    def show_timeline(self, state: TimelineState) -> None:
        """Show a state of the timeline without emitting signals."""
        self.setVisible(bool(state.estimates))
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, len(state.estimates))
            self.slider.setValue(state.position)
        self.position_label.setText(timeline_position_text(state))
        self.slider.setAccessibleDescription(timeline_position_text(state))
        self.use_estimate_button.setEnabled(can_use_estimate(state))
        self.use_estimate_button.setToolTip(use_estimate_tooltip(state))
        self._play_icon = Icon.PAUSE if state.is_playing else Icon.START
        self.play_button.setAccessibleName(
            tr("Pause") if state.is_playing else tr("Play the steps")
        )
        self.play_button.setToolTip(
            tr("Pause (P)") if state.is_playing else tr("Show the steps one after another (P)")
        )
        self._update_play_icon()

    @Slot(int)
    def _on_slider_moved(self, position: int) -> None:
        self.scrub_requested.emit(position)

    @Slot()
    def _update_play_icon(self) -> None:
        self.play_button.setIcon(self._theme.create_icon(self._play_icon))
