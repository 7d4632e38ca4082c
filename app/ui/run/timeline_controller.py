"""What the user goes through to see how a run came about."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from app.ui.compare.image_presenter import ImagePresenter
from app.ui.run.actions import RunActions
from app.ui.run.timeline_strip import TimelineStrip
from app.viewmodels.compare.gallery import EstimateKey, ResultKey
from app.viewmodels.run.timeline import TimelineState, TimelineViewModel, may_keep

# Four estimates a second: slow enough to see each of them.
_PLAY_INTERVAL_MS = 250


class TimelineKeeper(QObject):
    """Shows the estimate that is looked at on the after side, once its picture is there."""

    def __init__(
        self,
        window: QWidget,
        actions: RunActions,
        timeline: TimelineViewModel,
        looking: ImagePresenter,
        *,
        strip: TimelineStrip,
    ) -> None:
        super().__init__(window)
        self._actions = actions
        self._timeline = timeline
        self._looking = looking
        self._strip = strip
        self._at: int | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_PLAY_INTERVAL_MS)
        self._timer.timeout.connect(self._on_tick)
        strip.scrub_wanted.connect(timeline.scrub)
        strip.play_wanted.connect(timeline.play)
        strip.keep_wanted.connect(timeline.keep)
        wiring = (
            (actions.play, timeline.play),
            (actions.back, lambda: timeline.move(-1)),
            (actions.forward, lambda: timeline.move(1)),
            (actions.keep, timeline.keep),
        )
        for action, intent in wiring:
            action.triggered.connect(lambda _checked, do=intent: do())
        timeline.state_changed.connect(self._on_timeline_changed)
        self._render(timeline.state)

    @Slot(object)
    def _on_timeline_changed(self, state: TimelineState) -> None:
        self._render(state)
        if state.at != self._at:
            self._at = state.at
            self._looking.show(ResultKey() if state.at is None else EstimateKey(state.at))

    @Slot()
    def _on_tick(self) -> None:
        # A picture that is still fetched is waited for: none is left out.
        if not self._looking.is_waiting:
            self._timeline.advance()

    def _render(self, state: TimelineState) -> None:
        self._strip.show_timeline(state)
        there, last = bool(state.frames), len(state.frames)
        self._actions.play.setEnabled(there)
        self._actions.back.setEnabled(there and state.place > 0)
        self._actions.forward.setEnabled(there and state.place < last)
        self._actions.keep.setEnabled(may_keep(state))
        if state.playing != self._timer.isActive():
            self._timer.start() if state.playing else self._timer.stop()
