"""The estimates of a run on a slider, below the pictures."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSlider, QToolButton, QWidget

from app.i18n.translation import tr
from app.ui.widgets.theme import SPACING, Icon, Theme
from app.viewmodels.run.timeline import TimelineState, keep_words, may_keep, place_words

_LEAST_SLIDER = 90


class TimelineStrip(QWidget):
    """Play, a slider over the estimates whose last place is the result, and Keep this one.

    Hidden while there is no estimate.

    Signals:
        scrub_wanted: Another place. arg1: 0 for the first estimate, their number for the result.
        play_wanted: Play, or pause.
        keep_wanted: Make a result of the estimate that is looked at.
    """

    scrub_wanted = Signal(int)
    play_wanted = Signal()
    keep_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._icon = Icon.START
        self.play = QToolButton()
        self.play.setAutoRaise(True)
        self.play.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.play.clicked.connect(self.play_wanted)
        theme.changed.connect(self._draw_icon)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setMinimumWidth(_LEAST_SLIDER)
        self.slider.setPageStep(5)
        self.slider.setAccessibleName(tr("Estimates of the run"))
        self.slider.setToolTip(
            tr(
                "The estimates of the run, from the first to the last; the last place is the "
                "result. Arrows, Home and End move, too."
            )
        )
        self.slider.valueChanged.connect(self._on_moved)
        name = QLabel(tr("Estimates"))
        name.setBuddy(self.slider)
        self.words = QLabel()
        self.keep = QPushButton(tr("Keep this one"))
        self.keep.setAccessibleName(tr("Keep this estimate"))
        self.keep.clicked.connect(self.keep_wanted)
        theme.dress(self.keep, Icon.DONE)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self.play)
        layout.addWidget(name)
        layout.addWidget(self.slider, 1)
        layout.addWidget(self.words)
        layout.addWidget(self.keep)
        self._draw_icon()
        self.hide()

    def show_timeline(self, state: TimelineState) -> None:
        """Render it; asks for nothing."""
        self.setVisible(bool(state.frames))
        self.slider.blockSignals(True)
        self.slider.setRange(0, len(state.frames))
        self.slider.setValue(state.place)
        self.slider.blockSignals(False)
        self.words.setText(place_words(state))
        self.slider.setAccessibleDescription(place_words(state))
        self.keep.setEnabled(may_keep(state))
        self.keep.setToolTip(keep_words(state))
        self._icon = Icon.PAUSE if state.playing else Icon.START
        self.play.setAccessibleName(tr("Pause") if state.playing else tr("Play the estimates"))
        self.play.setToolTip(
            tr("Pause (P)") if state.playing else tr("Show the estimates one after another (P)")
        )
        self._draw_icon()

    @Slot(int)
    def _on_moved(self, place: int) -> None:
        self.scrub_wanted.emit(place)

    @Slot()
    def _draw_icon(self) -> None:
        self.play.setIcon(self._theme.icon(self._icon))
