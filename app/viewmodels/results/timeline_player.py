"""Playback of the timeline's estimates."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Slot

from app.viewmodels.compare.gallery import EstimateKey, ResultKey
from app.viewmodels.compare.image_presenter import ImagePresenter
from app.viewmodels.run.timeline import TimelineState, TimelineViewModel

PLAY_INTERVAL_MS = 250
"""Milliseconds for which each estimate is shown during playback, long enough to see it."""


class TimelinePlayer(QObject):
    """Player of the timeline, which shows its selected estimate and advances in playback."""

    def __init__(
        self,
        timeline: TimelineViewModel,
        presenter: ImagePresenter,
        *,
        play_interval_ms: int = PLAY_INTERVAL_MS,
    ) -> None:
        super().__init__(timeline)
        self._timeline = timeline
        self._presenter = presenter
        self._shown_number: int | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(play_interval_ms)
        self._timer.timeout.connect(self._on_timeout)
        timeline.state_changed.connect(self._on_timeline_changed)

    def stop(self) -> None:
        """Stop the playback timer before the window closes."""
        self._timer.stop()

    @Slot(object)
    def _on_timeline_changed(self, state: TimelineState) -> None:
        if state.is_playing != self._timer.isActive():
            self._timer.start() if state.is_playing else self._timer.stop()
        if state.selected_number != self._shown_number:
            self._shown_number = state.selected_number
            self._presenter.show(
                ResultKey() if state.selected_number is None else EstimateKey(state.selected_number)
            )

    @Slot()
    def _on_timeout(self) -> None:
        # Playback waits for an image that is still loading, so that no image is skipped.
        if not self._presenter.is_waiting:
            self._timeline.advance_playback()
