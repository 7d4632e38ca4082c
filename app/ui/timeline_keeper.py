"""What the user goes through to see how a run came about."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from app.ui.explore_actions import ExploreActions
from app.ui.timeline_strip import TimelineStrip
from app.viewmodels.compare import AFTER, CompareViewModel
from app.viewmodels.gallery import EstimateOf, GalleryState, GalleryViewModel, Key, Result
from app.viewmodels.timeline import TimelineState, TimelineViewModel, may_keep

# Four estimates a second: slow enough to see each of them.
_PLAY_INTERVAL_MS = 250
_VIEWER = "timeline"


class TimelineKeeper(QObject):
    """Shows the estimate that is looked at on the after side, once its picture is there."""

    def __init__(
        self,
        window: QWidget,
        actions: ExploreActions,
        timeline: TimelineViewModel,
        gallery: GalleryViewModel,
        compare: CompareViewModel,
        *,
        strip: TimelineStrip,
    ) -> None:
        super().__init__(window)
        self._actions = actions
        self._timeline = timeline
        self._gallery = gallery
        self._compare = compare
        self._strip = strip
        self._shown: Key = Result()
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
        gallery.state_changed.connect(self._on_gallery_changed)
        self._render(timeline.state)

    @Slot(object)
    def _on_timeline_changed(self, state: TimelineState) -> None:
        self._render(state)
        keys = [] if state.at is None else [EstimateOf(state.at)]
        self._gallery.want(keys, viewer=_VIEWER)
        self._show()

    @Slot(object)
    def _on_gallery_changed(self, _state: GalleryState) -> None:
        self._show()

    @Slot()
    def _on_tick(self) -> None:
        # A picture that is still fetched is waited for: none is left out.
        if self._wanted == self._shown:
            self._timeline.advance()

    @property
    def _wanted(self) -> Key:
        at = self._timeline.state.at
        return Result() if at is None else EstimateOf(at)

    def _show(self) -> None:
        """On the after side; what was there stays until the picture is at hand."""
        wanted = self._wanted
        if wanted == self._shown:
            return
        entry = self._gallery.state.find(wanted)
        if wanted == Result() or (entry is not None and entry.picture is not None):
            self._shown = wanted
            self._compare.show_in(AFTER, wanted)

    def _render(self, state: TimelineState) -> None:
        self._strip.show_timeline(state)
        there, last = bool(state.frames), len(state.frames)
        self._actions.play.setEnabled(there)
        self._actions.back.setEnabled(there and state.place > 0)
        self._actions.forward.setEnabled(there and state.place < last)
        self._actions.keep.setEnabled(may_keep(state))
        if state.playing != self._timer.isActive():
            self._timer.start() if state.playing else self._timer.stop()
