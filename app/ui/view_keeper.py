"""What the user does to look at the pictures."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from app.ui.actions import Actions
from app.ui.run_bar import RunBar
from app.viewmodels.compare import ZOOM_STEP, CompareState, CompareViewModel, Mode
from app.viewmodels.document import DocumentViewModel
from app.viewmodels.run import Done, RunViewModel


class ViewKeeper(QObject):
    """Connects the actions that change the view, and shows in them how it is."""

    def __init__(
        self,
        window: QWidget,
        actions: Actions,
        compare: CompareViewModel,
        document: DocumentViewModel,
        run: RunViewModel,
        *,
        run_bar: RunBar,
    ) -> None:
        super().__init__(window)
        self._actions = actions
        self._compare = compare
        self._document = document
        self._run = run
        self._run_bar = run_bar
        wiring = (
            (actions.slider, partial(compare.choose_mode, Mode.SLIDER)),
            (actions.side_by_side, partial(compare.choose_mode, Mode.SIDE_BY_SIDE)),
            (actions.fit, compare.fit),
            (actions.full_size, partial(compare.scale_to, 1.0)),
            (actions.zoom_in, partial(compare.zoom, ZOOM_STEP)),
            (actions.zoom_out, partial(compare.zoom, 1 / ZOOM_STEP)),
            (actions.consistency, compare.toggle_overlay),
            (actions.split_left, partial(compare.move_split, 0.0)),
            (actions.split_middle, partial(compare.move_split, 0.5)),
            (actions.split_right, partial(compare.move_split, 1.0)),
        )
        for action, intent in wiring:
            action.triggered.connect(lambda _checked, do=intent: do())
        compare.state_changed.connect(self.render)

    @Slot(object)
    def render(self, _state: CompareState | None = None) -> None:
        """Show which actions are on, and which do something now."""
        state, actions = self._compare.state, self._actions
        slider = state.mode is Mode.SLIDER
        actions.slider.setChecked(slider)
        actions.side_by_side.setChecked(not slider)
        actions.consistency.setChecked(state.overlay)
        actions.consistency.setEnabled(isinstance(self._run.state, Done))
        opened = self._document.document is not None
        if opened:
            self._run_bar.show_view(state)
        for action in actions.on_a_picture:
            action.setEnabled(opened)
        for action in actions.splits:
            action.setEnabled(opened and slider)
