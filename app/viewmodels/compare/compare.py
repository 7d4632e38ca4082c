"""Zoom, position, mode and what is shown where, shared by all panes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil, floor

from PySide6.QtCore import QObject

from app.viewmodels.compare.gallery import EarlierRun, Key, Original, Result, SampleOf
from app.viewmodels.state_view_model import StateViewModel
from ddrm_core.imaging.rectangle import Rectangle, between

MAX_SCALE = 32.0
ZOOM_STEP = 1.25
GAINS = (1, 2, 4, 8, 16)
BEFORE, AFTER = 0, 1


class Mode(StrEnum):
    """How the pictures share the space."""

    SLIDER = "slider"
    ONE = "one"
    SIDE_BY_SIDE = "side by side"
    FOUR = "four"
    BLINK = "blink"
    DIFFERENCE = "difference"
    SPREAD = "spread"


# The slots whose pictures a mode shows. The spread has no picture of its own to choose.
_SLOTS = {
    Mode.SLIDER: (BEFORE, AFTER),
    Mode.ONE: (AFTER,),
    Mode.SIDE_BY_SIDE: (BEFORE, AFTER),
    Mode.FOUR: (0, 1, 2, 3),
    Mode.BLINK: (BEFORE, AFTER),
    Mode.DIFFERENCE: (BEFORE, AFTER),
    Mode.SPREAD: (),
}
_FIRST_SHOWN: tuple[Key, ...] = (Original(), Result(), Original(), Result())


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in whole pixels, at least 1."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Point:
    """A place in a picture (picture pixels) or in a pane (device pixels), from its top left."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class CompareState:
    """What all panes show.

    Attributes:
        picture: Its size, picture pixels.
        space: Of the whole view, device pixels.
        gap: Between two panes, device pixels.
        mode: How the panes share the space.
        split: Where after begins in slider mode, as a share of the space's width.
        scale: Device pixels per picture pixel.
        centre: Point of the picture in the middle of a pane.
        fitted: Whether the scale follows the space, so that the whole picture is seen.
        original: Whether the original is shown everywhere.
        overlay: Whether a result's blocks outside their bins are tinted.
        known: The pictures there are.
        shown: The picture in each of the four slots: before, after, and two more.
        blinked: Whether before is the one that is seen while they alternate.
        difference_gain: How much a difference is enlarged, one of GAINS.
        spread_gain: The same for the spread.
        smooth: Whether pixels are blended below 200 %.
        grid: Whether pixels have lines between them above 800 %.
        loupe: Its place in the view, device pixels; None while it is away.
    """

    picture: Size = Size(1, 1)
    space: Size = Size(1, 1)
    gap: int = 0
    mode: Mode = Mode.SLIDER
    split: float = 0.5
    scale: float = 1.0
    centre: Point = Point(0.5, 0.5)
    fitted: bool = True
    original: bool = False
    overlay: bool = False
    known: tuple[Key, ...] = ()
    shown: tuple[Key, ...] = _FIRST_SHOWN
    blinked: bool = False
    difference_gain: int = 4
    spread_gain: int = 2
    smooth: bool = True
    grid: bool = True
    loupe: Point | None = None

    @property
    def pane(self) -> Size:
        """Of one pane, device pixels."""
        columns, rows = _panes_across(self.mode)
        return Size(
            max((self.space.width - (columns - 1) * self.gap) // columns, 1),
            max((self.space.height - (rows - 1) * self.gap) // rows, 1),
        )

    @property
    def slots(self) -> tuple[int, ...]:
        """Those whose pictures are shown in this mode, in the order of their panes."""
        return _SLOTS[self.mode]

    @property
    def gain(self) -> int | None:
        """Of what is shown, None where nothing is enlarged."""
        match self.mode:
            case Mode.DIFFERENCE:
                return self.difference_gain
            case Mode.SPREAD:
                return self.spread_gain
            case _:
                return None

    @property
    def fit_scale(self) -> float:
        """At which the whole picture just fits into a pane."""
        pane, picture = self.pane, self.picture
        fit = min(pane.width / picture.width, pane.height / picture.height)
        return min(fit, MAX_SCALE)

    def at(self, place: Point) -> Point:
        """The point of the picture at a place in the pane."""
        return Point(
            self.centre.x + (place.x - self.pane.width / 2) / self.scale,
            self.centre.y + (place.y - self.pane.height / 2) / self.scale,
        )


def _panes_across(mode: Mode) -> tuple[int, int]:
    """Columns and rows."""
    return {Mode.SIDE_BY_SIDE: (2, 1), Mode.FOUR: (2, 2)}.get(mode, (1, 1))


def panes(state: CompareState) -> tuple[Rectangle, ...]:
    """Where they are in the view, device pixels; one where the pictures share it."""
    columns, rows = _panes_across(state.mode)
    pane, space = state.pane, state.space
    lefts = (0, space.width - pane.width)[:columns]
    tops = (0, space.height - pane.height)[:rows]
    return tuple(Rectangle(x, y, pane.width, pane.height) for y in tops for x in lefts)


def in_pane(state: CompareState, place: Point) -> Point:
    """A place of the view as one in the pane under it, device pixels."""
    for pane in panes(state)[::-1]:
        if pane.left <= place.x and pane.top <= place.y:
            return Point(place.x - pane.left, place.y - pane.top)
    return place


def on_picture(state: CompareState, place: Point) -> Point | None:
    """The point of the picture at a place of the view, None beside the picture."""
    point = state.at(in_pane(state, place))
    inside = 0 <= point.x < state.picture.width and 0 <= point.y < state.picture.height
    return point if inside else None


def marked(state: CompareState, one: Point, other: Point) -> Rectangle | None:
    """Whole pixels of the shown picture between two points of it, None where there are none."""
    left, right = sorted((floor(one.x), floor(other.x)))
    top, bottom = sorted((floor(one.y), floor(other.y)))
    found = between(left, top, right + 1, bottom + 1)
    found = found.within(Rectangle(0, 0, state.picture.width, state.picture.height))
    return found if found.width > 0 and found.height > 0 else None


def visible(state: CompareState) -> Rectangle:
    """The whole pixels of the shown picture that are seen in a pane, in part or wholly."""
    first = state.at(Point(0, 0))
    last = state.at(Point(state.pane.width, state.pane.height))
    seen = between(floor(first.x), floor(first.y), ceil(last.x), ceil(last.y))
    return seen.within(Rectangle(0, 0, state.picture.width, state.picture.height))


def with_picture(state: CompareState, picture: Size) -> CompareState:
    """A new picture, seen whole."""
    return fitted(replace(state, picture=picture))


def with_space(state: CompareState, space: Size, *, gap: int) -> CompareState:
    """Another size of the view; the middle of the picture stays in the middle."""
    return with_loupe(_settled(replace(state, space=space, gap=gap)), state.loupe)


def with_mode(state: CompareState, mode: Mode) -> CompareState:
    """Another way to share the space; nothing blinks or is enlarged at first."""
    changed = replace(state, mode=mode, blinked=False, loupe=None)
    return _settled(_filled(changed))


def with_known(state: CompareState, known: tuple[Key, ...]) -> CompareState:
    """Other pictures to choose from; those that are gone give way to original or result."""
    firsts = zip(state.shown, _FIRST_SHOWN, strict=True)
    shown = tuple(key if key in known else first for key, first in firsts)
    return _filled(replace(state, known=known, shown=shown))


def with_shown(state: CompareState, slot: int, key: Key) -> CompareState:
    """Another picture in a slot."""
    return replace(state, shown=(*state.shown[:slot], key, *state.shown[slot + 1 :]))


def with_gain(state: CompareState, steps: int) -> CompareState:
    """What is enlarged so many steps of GAINS more; the last one where there is no further."""
    if state.gain is None:
        return state
    index = min(max(GAINS.index(state.gain) + steps, 0), len(GAINS) - 1)
    if state.mode is Mode.DIFFERENCE:
        return replace(state, difference_gain=GAINS[index])
    return replace(state, spread_gain=GAINS[index])


def with_loupe(state: CompareState, place: Point | None) -> CompareState:
    """The loupe at a place of the view, held inside it; None takes it away."""
    if place is not None:
        x = min(max(place.x, 0.0), float(state.space.width - 1))
        place = Point(x, min(max(place.y, 0.0), float(state.space.height - 1)))
    return replace(state, loupe=place)


def _filled(state: CompareState) -> CompareState:
    """With something to compare in the last two of four panes, where there is more than two."""
    if state.mode is not Mode.FOUR:
        return state
    spare = [
        key
        for key in state.known
        if isinstance(key, SampleOf | EarlierRun) and key not in state.shown
    ]
    for slot in (2, 3):
        if spare and state.shown[slot] == _FIRST_SHOWN[slot]:
            state = with_shown(state, slot, spare.pop(0))
    return state


def fitted(state: CompareState) -> CompareState:
    """The whole picture, as large as the pane allows."""
    return _settled(replace(state, fitted=True))


def zoomed(state: CompareState, factor: float, at: Point | None = None) -> CompareState:
    """`factor` times larger; the picture stays put at place `at` of the pane, or in its middle."""
    return scaled(state, state.scale * factor, at)


def scaled(state: CompareState, scale: float, at: Point | None = None) -> CompareState:
    """Another scale; the picture stays put at place `at` of the pane, or in its middle."""
    least = min(state.fit_scale, 1.0) / 4
    scale = min(max(scale, least), MAX_SCALE)
    place = at or Point(state.pane.width / 2, state.pane.height / 2)
    held = state.at(place)
    centre = Point(
        held.x - (place.x - state.pane.width / 2) / scale,
        held.y - (place.y - state.pane.height / 2) / scale,
    )
    return _settled(replace(state, scale=scale, centre=centre, fitted=False))


def panned(state: CompareState, dx: float, dy: float) -> CompareState:
    """The picture moved by so many device pixels."""
    centre = Point(state.centre.x - dx / state.scale, state.centre.y - dy / state.scale)
    return _settled(replace(state, centre=centre))


def with_split(state: CompareState, split: float) -> CompareState:
    return replace(state, split=min(max(split, 0.0), 1.0))


def _settled(state: CompareState) -> CompareState:
    """With the scale that fits where that is wanted, and no needless empty space."""
    if state.fitted:
        state = replace(state, scale=state.fit_scale)
    centre = Point(
        _held_in(state.centre.x, state.picture.width, state.pane.width / state.scale),
        _held_in(state.centre.y, state.picture.height, state.pane.height / state.scale),
    )
    return replace(state, centre=centre)


def _held_in(centre: float, picture: int, seen: float) -> float:
    """`centre` moved so that no empty space shows; the middle where some must."""
    if seen >= picture:
        return picture / 2
    return min(max(centre, seen / 2), picture - seen / 2)


class CompareViewModel(StateViewModel[CompareState]):
    """The shared view as one value that changes."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(CompareState(), parent)

    def show_picture(self, width: int, height: int) -> None:
        self._set(with_picture(self._state, Size(width, height)))

    def know(self, keys: tuple[Key, ...]) -> None:
        """These are the pictures that can be shown."""
        self._set(with_known(self._state, keys))

    def show_in(self, slot: int, key: Key) -> None:
        self._set(with_shown(self._state, slot, key))

    def resize(self, width: int, height: int, *, gap: int) -> None:
        self._set(with_space(self._state, Size(max(width, 1), max(height, 1)), gap=gap))

    def choose_mode(self, mode: Mode) -> None:
        self._set(with_mode(self._state, mode))

    def fit(self) -> None:
        self._set(fitted(self._state))

    def zoom(self, factor: float, at: Point | None = None) -> None:
        self._set(zoomed(self._state, factor, at))

    def scale_to(self, scale: float, at: Point | None = None) -> None:
        self._set(scaled(self._state, scale, at))

    def toggle_fit(self, at: Point) -> None:
        """Between the whole picture and 100 % at a place of the pane."""
        if self._state.fitted:
            self.scale_to(1.0, at)
        else:
            self.fit()

    def pan(self, dx: float, dy: float) -> None:
        self._set(panned(self._state, dx, dy))

    def move_split(self, split: float) -> None:
        self._set(with_split(self._state, split))

    def show_original(self, *, original: bool) -> None:
        self._set(replace(self._state, original=original))

    def blink(self) -> None:
        """Show the other one of the two that alternate."""
        self._set(replace(self._state, blinked=not self._state.blinked))

    def change_gain(self, steps: int) -> None:
        self._set(with_gain(self._state, steps))

    def move_loupe(self, place: Point | None) -> None:
        self._set(with_loupe(self._state, place))

    def toggle_overlay(self) -> None:
        self._set(replace(self._state, overlay=not self._state.overlay))

    def toggle_smooth(self) -> None:
        self._set(replace(self._state, smooth=not self._state.smooth))

    def toggle_grid(self) -> None:
        self._set(replace(self._state, grid=not self._state.grid))
