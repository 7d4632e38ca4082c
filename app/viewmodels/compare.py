"""Zoom, position and split, shared by both panes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil, floor

from PySide6.QtCore import QObject

from app.viewmodels.state import StateViewModel
from ddrm_core.rectangle import Rectangle, between

MAX_SCALE = 32.0
ZOOM_STEP = 1.25


class Mode(StrEnum):
    """How before and after share the space."""

    SLIDER = "slider"
    SIDE_BY_SIDE = "side by side"


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
    """What both panes show.

    Attributes:
        picture: Its size, picture pixels.
        space: Of the whole view, device pixels.
        gap: Between two panes side by side, device pixels.
        mode: How the panes share the space.
        split: Where after begins in slider mode, as a share of the space's width.
        scale: Device pixels per picture pixel.
        centre: Point of the picture in the middle of a pane.
        fitted: Whether the scale follows the space, so that the whole picture is seen.
        original: Whether before is shown everywhere.
        overlay: Whether blocks outside their bins are tinted on the after side.
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

    @property
    def pane(self) -> Size:
        """Of one pane, device pixels."""
        if self.mode is Mode.SLIDER:
            return self.space
        return Size(max((self.space.width - self.gap) // 2, 1), self.space.height)

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
    return _settled(replace(state, space=space, gap=gap))


def with_mode(state: CompareState, mode: Mode) -> CompareState:
    return _settled(replace(state, mode=mode))


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

    def toggle_overlay(self) -> None:
        self._set(replace(self._state, overlay=not self._state.overlay))
