"""What the user does to look at the pictures."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, QPoint, Slot
from PySide6.QtWidgets import QWidget

from app.ui.compare.actions import ViewActions
from app.ui.compare.compare_view import CompareView
from app.ui.compare.image_menu import picture_menu
from app.ui.compare.legend_bar import ScaleBox
from app.viewmodels.compare.compare import (
    GAINS,
    ZOOM_STEP,
    CompareState,
    CompareViewModel,
    Mode,
)
from app.viewmodels.compare.gallery import GalleryViewModel
from app.viewmodels.compare.scene import findings_of, legend
from app.viewmodels.document.document import DocumentViewModel
from app.viewmodels.run.run import Done, RunViewModel


class ViewKeeper(QObject):
    """Connects the actions that change the view, and shows in them how it is."""

    def __init__(
        self,
        window: QWidget,
        actions: ViewActions,
        compare: CompareViewModel,
        gallery: GalleryViewModel,
        document: DocumentViewModel,
        run: RunViewModel,
        *,
        canvas: CompareView,
    ) -> None:
        super().__init__(window)
        self._actions = actions
        self._compare = compare
        self._gallery = gallery
        self._document = document
        self._run = run
        self._canvas = canvas
        wiring = (
            *((a, partial(compare.choose_mode, mode)) for mode, a in actions.modes.items()),
            (actions.choose, self._choose_by_key),
            (actions.fit, compare.fit),
            (actions.full_size, partial(compare.scale_to, 1.0)),
            (actions.zoom_in, partial(compare.zoom, ZOOM_STEP)),
            (actions.zoom_out, partial(compare.zoom, 1 / ZOOM_STEP)),
            (actions.consistency, compare.toggle_overlay),
            (actions.smooth, compare.toggle_smooth),
            (actions.grid, compare.toggle_grid),
            (actions.loupe, canvas.toggle_loupe),
            (actions.less_gain, partial(compare.change_gain, -1)),
            (actions.more_gain, partial(compare.change_gain, 1)),
            (actions.split_left, partial(compare.move_split, 0.0)),
            (actions.split_middle, partial(compare.move_split, 0.5)),
            (actions.split_right, partial(compare.move_split, 1.0)),
        )
        for action, intent in wiring:
            action.triggered.connect(lambda _checked, do=intent: do())
        self.scale_box = ScaleBox(actions.less_gain, actions.more_gain)
        canvas.add_control(self.scale_box)
        canvas.choice_wanted.connect(self._choose)
        compare.state_changed.connect(self.render)

    @Slot(object)
    def render(self, _state: CompareState | None = None) -> None:
        """Show which actions are on, and which do something now."""
        state, actions = self._compare.state, self._actions
        opened = self._document.document is not None
        actions.modes[state.mode].setChecked(True)
        actions.consistency.setChecked(state.overlay)
        tinted = state.mode not in (Mode.DIFFERENCE, Mode.SPREAD)
        actions.consistency.setEnabled(tinted and isinstance(self._run.state, Done))
        actions.smooth.setChecked(state.smooth)
        actions.grid.setChecked(state.grid)
        actions.loupe.setChecked(state.loupe is not None)
        findings = findings_of(self._run.state)
        self._canvas.show_findings(findings)
        self.scale_box.show_legend(legend(state, findings) if opened else None, state.mode)
        for action in actions.on_a_picture:
            action.setEnabled(opened)
        actions.choose.setEnabled(opened and bool(state.slots))
        actions.less_gain.setEnabled(opened and state.gain not in (None, GAINS[0]))
        actions.more_gain.setEnabled(opened and state.gain not in (None, GAINS[-1]))
        for action in actions.splits:
            action.setEnabled(opened and state.mode is Mode.SLIDER)

    @Slot(object, QPoint)
    def _choose(self, slots: Sequence[int], place: QPoint) -> None:
        menu = picture_menu(self._canvas, self._compare, self._gallery.state, slots)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def _choose_by_key(self) -> None:
        corner = self._canvas.rect().topLeft() + QPoint(12, 12)
        self._choose(self._compare.state.slots, self._canvas.mapToGlobal(corner))
