"""Actions of the compare view."""

from __future__ import annotations

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMainWindow, QMenu

from app.i18n.translation import tr
from app.ui.widgets.action_factory import ActionFactory
from app.ui.widgets.theme import Icon
from app.viewmodels.compare.compare import CompareMode


class ViewActions:
    """The menu and toolbar actions of the compare view; `CompareController` connects them."""

    def __init__(self, window: QMainWindow, factory: ActionFactory) -> None:
        self._create_action = factory.create
        self._create_mode_actions(window)
        self._create_zoom_actions()
        self._create_display_actions()
        self._create_split_actions(window)

    @property
    def image_actions(self) -> tuple[QAction, ...]:
        """The actions that are enabled whenever an image is open."""
        zoom_actions = (self.fit, self.actual_size, self.zoom_in, self.zoom_out)
        display_actions = (self.smooth_pixels, self.pixel_grid, self.loupe, self.full_screen)
        return (*self.mode_actions.values(), *zoom_actions, *display_actions)

    @property
    def menu_actions(self) -> tuple[QAction | QMenu | None, ...]:
        """The entries of the View menu in order, with None for each separator."""
        return (
            *self.mode_actions.values(),
            None,
            *(
                self.choose_images,
                self.consistency_overlay,
                self.decrease_amplification,
                self.increase_amplification,
                None,
            ),
            *(self.fit, self.actual_size, self.zoom_in, self.zoom_out),
            *(self.full_screen, None, self.loupe, self.smooth_pixels, self.pixel_grid, None),
            self.split_menu,
        )

    @property
    def toolbar_groups(self) -> tuple[tuple[QAction, ...], ...]:
        """The actions of the compare view that are in the toolbar, by group."""
        return (
            tuple(self.mode_actions.values()),
            (self.consistency_overlay, self.loupe),
            (self.fit, self.actual_size),
        )

    def _create_mode_actions(self, window: QMainWindow) -> None:
        self.slider = self._create_action(
            tr("&Slider"),
            tr("Before and after in one pane, with a line to drag"),
            ["S"],
            Icon.SLIDER,
        )
        self.single_image = self._create_action(
            tr("&One picture"), tr("A single picture"), ["O"], Icon.SINGLE_PANE
        )
        self.side_by_side = self._create_action(
            tr("Side &by side"), tr("Before and after in two panes"), ["D"], Icon.SIDE_BY_SIDE
        )
        self.four_images = self._create_action(
            tr("Four &pictures"), tr("Any four pictures in four panes"), ["Q"], Icon.FOUR_PANES
        )
        self.blink = self._create_action(
            tr("Blin&k"), tr("Before and after in turn, twice a second"), ["B"], Icon.BLINK
        )
        self.difference = self._create_action(
            tr("&Difference"),
            tr("After minus before, enlarged; gray where they are equal"),
            ["X"],
            Icon.DIFFERENCE,
        )
        self.spread = self._create_action(
            tr("&Uncertain areas"),
            tr("How far the versions differ: bright where detail was invented"),
            ["W"],
            Icon.SPREAD,
        )
        self.mode_actions = {
            CompareMode.SLIDER: self.slider,
            CompareMode.ONE: self.single_image,
            CompareMode.SIDE_BY_SIDE: self.side_by_side,
            CompareMode.FOUR: self.four_images,
            CompareMode.BLINK: self.blink,
            CompareMode.DIFFERENCE: self.difference,
            CompareMode.SPREAD: self.spread,
        }
        group = QActionGroup(window)
        for action in self.mode_actions.values():
            action.setCheckable(True)
            group.addAction(action)
        self.consistency_overlay = self._create_action(
            tr("Consistenc&y"),
            tr("Tint the result's blocks that are outside the file's bins"),
            ["C"],
            Icon.CONSISTENCY,
            checkable=True,
        )

    def _create_zoom_actions(self) -> None:
        self.fit = self._create_action(
            tr("&Fit"), tr("See the whole picture"), ["Ctrl+0"], Icon.FIT_TO_VIEW
        )
        self.actual_size = self._create_action(
            tr("&100 %"), tr("One picture pixel on one screen pixel"), ["Ctrl+1"], Icon.ACTUAL_SIZE
        )
        zoom_in_keys = ["+", "=", "Ctrl++", "Ctrl+="]
        self.zoom_in = self._create_action(
            tr("&Zoom in"), tr("See a smaller part, larger"), zoom_in_keys
        )
        self.zoom_out = self._create_action(
            tr("Zoo&m out"), tr("See a larger part"), ["-", "Ctrl+-"]
        )

    def _create_display_actions(self) -> None:
        self.choose_images = self._create_action(
            tr("&Choose pictures…"), tr("Choose which pictures are compared"), ["V"]
        )
        self.smooth_pixels = self._create_action(
            tr("Smooth pi&xels"), tr("Blend pixels below 200 %"), checkable=True
        )
        self.pixel_grid = self._create_action(
            tr("Pixel &grid"), tr("Lines between pixels above 800 %"), ["G"], checkable=True
        )
        self.decrease_amplification = self._create_action(
            tr("W&eaker contrast"),
            tr("Show differences and spread less strongly"),
            [","],
            Icon.AMPLIFY_LESS,
        )
        self.increase_amplification = self._create_action(
            tr("S&tronger contrast"),
            tr("Show differences and spread more strongly"),
            ["."],
            Icon.AMPLIFY_MORE,
        )
        self.loupe = self._create_action(
            tr("&Loupe"),
            tr("Before and after at the cursor, 4 times enlarged, or while L is held"),
            ["Shift+L"],
            Icon.LOUPE,
            checkable=True,
        )
        self.full_screen = self._create_action(
            tr("Full scree&n"),
            tr("The pictures alone; Escape leaves"),
            ["F", "F11"],
            Icon.FULL_SCREEN,
            checkable=True,
        )

    def _create_split_actions(self, window: QMainWindow) -> None:
        self.split_left = self._create_action(
            tr("Split &at the left"), tr("After everywhere"), ["1"]
        )
        self.split_middle = self._create_action(
            tr("Split in t&he middle"), tr("Half and half"), ["2"]
        )
        self.split_right = self._create_action(
            tr("Split at &the right"), tr("Before everywhere"), ["3"]
        )
        self.split_actions = (self.split_left, self.split_middle, self.split_right)
        self.split_menu = QMenu(tr("Split &at"), window)
        self.split_menu.addActions(self.split_actions)
