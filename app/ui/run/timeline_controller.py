"""What the user goes through to see how a run came about."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from app.ui.compare.image_presenter import ImagePresenter
from app.ui.run.actions import RunActions
from app.ui.run.timeline_strip import TimelineStrip
from app.viewmodels.compare.gallery import EstimateKey, ResultKey
from app.viewmodels.run.timeline import TimelineState, TimelineViewModel, can_use_estimate

# Four estimates a second: slow enough to see each of them.
_PLAY_INTERVAL_MS = 250


class TimelineController(QObject):
    """Shows the estimate that is looked at on the after side, once its picture is there."""

    def __init__(
        self,
        window: QWidget,
        actions: RunActions,
        timeline: TimelineViewModel,
        presenter: ImagePresenter,
        *,
        strip: TimelineStrip,
    ) -> None:
        super().__init__(window)
        self._actions = actions
        self._timeline = timeline
        self._presenter = presenter
        self._strip = strip
        self._selected_number: int | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_PLAY_INTERVAL_MS)
        self._timer.timeout.connect(self._on_playback_tick)
        strip.scrub_requested.connect(timeline.scrub)
        strip.playback_toggled.connect(timeline.toggle_playback)
        strip.use_estimate_requested.connect(timeline.use_selected_estimate)
        action_handlers = (
            (actions.play_estimates, timeline.toggle_playback),
            (actions.previous_estimate, lambda: timeline.move_by(-1)),
            (actions.next_estimate, lambda: timeline.move_by(1)),
            (actions.use_estimate, timeline.use_selected_estimate),
        )
        for action, handler in action_handlers:
            action.triggered.connect(lambda _checked, do=handler: do())
        timeline.state_changed.connect(self._on_timeline_changed)
        self._render(timeline.state)

    @Slot(object)
    def _on_timeline_changed(self, state: TimelineState) -> None:
        self._render(state)
        if state.selected_number != self._selected_number:
            self._selected_number = state.selected_number
            self._presenter.show(
                ResultKey() if state.selected_number is None else EstimateKey(state.selected_number)
            )

    @Slot()
    def _on_playback_tick(self) -> None:
        # A picture that is still fetched is waited for: none is left out.
        if not self._presenter.is_waiting:
            self._timeline.advance_playback()

    def _render(self, state: TimelineState) -> None:
        self._strip.show_timeline(state)
        has_estimates, last_position = bool(state.estimates), len(state.estimates)
        self._actions.play_estimates.setEnabled(has_estimates)
        self._actions.previous_estimate.setEnabled(has_estimates and state.position > 0)
        self._actions.next_estimate.setEnabled(has_estimates and state.position < last_position)
        self._actions.use_estimate.setEnabled(can_use_estimate(state))
        if state.is_playing != self._timer.isActive():
            self._timer.start() if state.is_playing else self._timer.stop()
