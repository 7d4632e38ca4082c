"""What the user can do to look at the pictures."""

from __future__ import annotations

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMainWindow

from app.i18n.translation import tr
from app.ui.widgets.action_factory import ActionMaker, Group
from app.ui.widgets.theme import Icon
from app.viewmodels.compare.compare import Mode


class ViewActions:
    """Every action of the view, made once; nothing is connected yet."""

    def __init__(self, window: QMainWindow, maker: ActionMaker) -> None:
        self._make = maker.make
        self._make_modes(window)
        self._make_zoom()
        self._make_helpers()
        self._make_splits()

    @property
    def on_a_picture(self) -> tuple[QAction, ...]:
        """Those that need an opened picture and nothing else."""
        zoom = (self.fit, self.full_size, self.zoom_in, self.zoom_out)
        helpers = (self.smooth, self.grid, self.loupe, self.full_screen)
        return (*self.modes.values(), *zoom, *helpers)

    @property
    def menu(self) -> Group:
        """The View menu's."""
        return (
            *self.modes.values(),
            None,
            *(self.choose, self.consistency, self.less_gain, self.more_gain, None),
            *(self.fit, self.full_size, self.zoom_in, self.zoom_out),
            *(self.full_screen, None, self.loupe, self.smooth, self.grid, None),
            *self.splits,
        )

    @property
    def toolbar(self) -> tuple[tuple[QAction, ...], ...]:
        """The toolbar's, in groups."""
        return (
            tuple(self.modes.values()),
            (self.consistency, self.loupe),
            (self.fit, self.full_size),
        )

    def _make_modes(self, window: QMainWindow) -> None:
        self.slider = self._make(
            tr("Slider"),
            tr("Before and after in one pane, with a line to drag"),
            ["S"],
            Icon.SLIDER,
        )
        self.one = self._make(tr("One picture"), tr("A single picture"), ["O"], Icon.ONE)
        self.side_by_side = self._make(
            tr("Side by side"), tr("Before and after in two panes"), ["D"], Icon.SIDE_BY_SIDE
        )
        self.four = self._make(
            tr("Four pictures"), tr("Any four pictures in four panes"), ["Q"], Icon.FOUR
        )
        self.blink = self._make(
            tr("Blink"), tr("Before and after in turn, twice a second"), ["B"], Icon.BLINK
        )
        self.difference = self._make(
            tr("Difference"),
            tr("After minus before, enlarged; grey where they are equal"),
            ["X"],
            Icon.DIFFERENCE,
        )
        self.spread = self._make(
            tr("Where it guessed"),
            tr("How far the samples differ: bright where detail was invented"),
            ["W"],
            Icon.SPREAD,
        )
        self.modes = {
            Mode.SLIDER: self.slider,
            Mode.ONE: self.one,
            Mode.SIDE_BY_SIDE: self.side_by_side,
            Mode.FOUR: self.four,
            Mode.BLINK: self.blink,
            Mode.DIFFERENCE: self.difference,
            Mode.SPREAD: self.spread,
        }
        group = QActionGroup(window)
        for action in self.modes.values():
            action.setCheckable(True)
            group.addAction(action)
        self.consistency = self._make(
            tr("Consistency"),
            tr("Tint the result's blocks that are outside the file's bins"),
            ["C"],
            Icon.CONSISTENCY,
            checkable=True,
        )

    def _make_zoom(self) -> None:
        self.fit = self._make(tr("Fit"), tr("See the whole picture"), ["Ctrl+0"], Icon.FIT)
        self.full_size = self._make(
            tr("100 %"), tr("One picture pixel on one screen pixel"), ["Ctrl+1"], Icon.FULL_SIZE
        )
        zoom_in = ["+", "=", "Ctrl++", "Ctrl+="]
        self.zoom_in = self._make(tr("Zoom in"), tr("See a smaller part, larger"), zoom_in)
        self.zoom_out = self._make(tr("Zoom out"), tr("See a larger part"), ["-", "Ctrl+-"])

    def _make_helpers(self) -> None:
        self.choose = self._make(
            tr("Choose pictures…"), tr("Choose which pictures are compared"), ["V"]
        )
        self.smooth = self._make(
            tr("Smooth pixels"), tr("Blend pixels below 200 %"), checkable=True
        )
        self.grid = self._make(
            tr("Pixel grid"), tr("Lines between pixels above 800 %"), ["G"], checkable=True
        )
        self.less_gain = self._make(
            tr("Enlarge less"), tr("Show differences and spread less strongly"), [","], Icon.WEAKER
        )
        self.more_gain = self._make(
            tr("Enlarge more"),
            tr("Show differences and spread more strongly"),
            ["."],
            Icon.STRONGER,
        )
        self.loupe = self._make(
            tr("Loupe"),
            tr("Before and after at the cursor, 4 times enlarged, or while L is held"),
            ["Shift+L"],
            Icon.LOUPE,
            checkable=True,
        )
        self.full_screen = self._make(
            tr("Full screen"),
            tr("The pictures alone; Escape leaves"),
            ["F", "F11"],
            Icon.FULL_SCREEN,
            checkable=True,
        )

    def _make_splits(self) -> None:
        self.split_left = self._make(tr("Split at the left"), tr("After everywhere"), ["1"])
        self.split_middle = self._make(tr("Split in the middle"), tr("Half and half"), ["2"])
        self.split_right = self._make(tr("Split at the right"), tr("Before everywhere"), ["3"])
        self.splits = (self.split_left, self.split_middle, self.split_right)
