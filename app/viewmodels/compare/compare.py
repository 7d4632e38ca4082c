"""View model of the compare view: zoom, position, mode and slots, shared by all panes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil, floor

from app.viewmodels.compare.fit_scale import limit_fit_scale
from app.viewmodels.compare.gallery import ImageKey, OriginalKey, PastRunKey, ResultKey, SampleKey
from app.viewmodels.state_view_model import StateViewModel
from ddrm_core.imaging.rectangle import Rectangle, rectangle_from_edges

MAX_SCALE = 32.0
ZOOM_STEP = 1.25
AMPLIFICATIONS = (1, 2, 4, 8, 16)
BEFORE_SLOT, AFTER_SLOT = 0, 1


class CompareMode(StrEnum):
    """Arrangement of the compared images, such as side by side or behind a slider."""

    SLIDER = "slider"
    ONE = "one"
    SIDE_BY_SIDE = "side by side"
    FOUR = "four"
    BLINK = "blink"
    DIFFERENCE = "difference"
    SPREAD = "spread"


# The slots whose images a mode shows. The image of the spread cannot be chosen.
_SLOTS_BY_MODE = {
    CompareMode.SLIDER: (BEFORE_SLOT, AFTER_SLOT),
    CompareMode.ONE: (AFTER_SLOT,),
    CompareMode.SIDE_BY_SIDE: (BEFORE_SLOT, AFTER_SLOT),
    CompareMode.FOUR: (0, 1, 2, 3),
    CompareMode.BLINK: (BEFORE_SLOT, AFTER_SLOT),
    CompareMode.DIFFERENCE: (BEFORE_SLOT, AFTER_SLOT),
    CompareMode.SPREAD: (),
}
_DEFAULT_SLOT_KEYS: tuple[ImageKey, ...] = (OriginalKey(), ResultKey(), OriginalKey(), ResultKey())


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in whole pixels, at least 1."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Point:
    """Position from the top left: image pixels in an image, device pixels in a pane or view."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class CompareState:
    """State of the compare view.

    Attributes:
        image_size: Size of the image, in image pixels.
        view_size: Size of the whole view, in device pixels.
        pane_gap: Gap between two panes, in device pixels.
        pixel_ratio: Device pixels per logical pixel.
        mode: Arrangement of the images in the view.
        split_fraction: Position of the split in slider mode, as a fraction of the view's width.
        scale: Device pixels per image pixel.
        center: Point of the image at the center of a pane, in image pixels.
        is_fitted: Whether the scale follows the view's size, so that the whole image is visible.
        is_showing_original: Whether all panes show the original.
        is_overlay_visible: Whether the deviation overlay of a result is visible.
        available_keys: Keys of the images that can be shown.
        slot_keys: Keys of the images in the four slots: before, after, and two more.
        is_showing_before: Whether blink mode shows the before image at the moment.
        difference_amplification: Factor of a difference, one of `AMPLIFICATIONS`.
        spread_amplification: Factor of the spread, one of `AMPLIFICATIONS`.
        is_smoothing_enabled: Whether pixels are interpolated below 200 %.
        is_grid_enabled: Whether lines between pixels are drawn above 800 %.
        loupe_position: Position of the loupe in the view, in device pixels; None without a loupe.
    """

    image_size: Size = Size(1, 1)
    view_size: Size = Size(1, 1)
    pane_gap: int = 0
    pixel_ratio: float = 1.0
    mode: CompareMode = CompareMode.SLIDER
    split_fraction: float = 0.5
    scale: float = 1.0
    center: Point = Point(0.5, 0.5)
    is_fitted: bool = True
    is_showing_original: bool = False
    is_overlay_visible: bool = False
    available_keys: tuple[ImageKey, ...] = ()
    slot_keys: tuple[ImageKey, ...] = _DEFAULT_SLOT_KEYS
    is_showing_before: bool = False
    difference_amplification: int = 4
    spread_amplification: int = 2
    is_smoothing_enabled: bool = True
    is_grid_enabled: bool = True
    loupe_position: Point | None = None

    @property
    def pane_size(self) -> Size:
        """Size of one pane, in device pixels."""
        columns, rows = _pane_columns_and_rows(self.mode)
        return Size(
            max((self.view_size.width - (columns - 1) * self.pane_gap) // columns, 1),
            max((self.view_size.height - (rows - 1) * self.pane_gap) // rows, 1),
        )

    @property
    def visible_slots(self) -> tuple[int, ...]:
        """Indices into `slot_keys` of the images that the mode shows, in pane order."""
        return _SLOTS_BY_MODE[self.mode]

    @property
    def amplification(self) -> int | None:
        """Amplification of the shown difference or spread; None in a mode without either."""
        match self.mode:
            case CompareMode.DIFFERENCE:
                return self.difference_amplification
            case CompareMode.SPREAD:
                return self.spread_amplification
            case _:
                return None

    @property
    def fit_scale(self) -> float:
        """Scale at which the whole image fits into a pane; see `limit_fit_scale`."""
        longest_side = max(self.image_size.width, self.image_size.height)
        return limit_fit_scale(self.filling_scale, longest_side, self.pixel_ratio)

    @property
    def filling_scale(self) -> float:
        """Scale at which the whole image is as large as a pane, at most `MAX_SCALE`."""
        pane, image = self.pane_size, self.image_size
        return min(pane.width / image.width, pane.height / image.height, MAX_SCALE)

    def pane_to_image(self, position: Point) -> Point:
        """Convert a position in a pane (device pixels) to an image point (image pixels)."""
        return Point(
            self.center.x + (position.x - self.pane_size.width / 2) / self.scale,
            self.center.y + (position.y - self.pane_size.height / 2) / self.scale,
        )


def _pane_columns_and_rows(mode: CompareMode) -> tuple[int, int]:
    """Return how many columns and rows of panes a mode has."""
    return {CompareMode.SIDE_BY_SIDE: (2, 1), CompareMode.FOUR: (2, 2)}.get(mode, (1, 1))


def pane_rectangles(state: CompareState) -> tuple[Rectangle, ...]:
    """Return the rectangle of each pane in the view, in device pixels."""
    columns, rows = _pane_columns_and_rows(state.mode)
    pane_size, view_size = state.pane_size, state.view_size
    lefts = (0, view_size.width - pane_size.width)[:columns]
    tops = (0, view_size.height - pane_size.height)[:rows]
    return tuple(Rectangle(x, y, pane_size.width, pane_size.height) for y in tops for x in lefts)


def view_to_pane(state: CompareState, position: Point) -> Point:
    """Convert a position in the view to one relative to its pane, both in device pixels."""
    for pane in pane_rectangles(state)[::-1]:
        if pane.left <= position.x and pane.top <= position.y:
            return Point(position.x - pane.left, position.y - pane.top)
    return position


def view_to_image(state: CompareState, position: Point) -> Point | None:
    """Convert a view position (device pixels) to an image point; None outside the image."""
    point = state.pane_to_image(view_to_pane(state, position))
    is_inside = 0 <= point.x < state.image_size.width and 0 <= point.y < state.image_size.height
    return point if is_inside else None


def pixel_rectangle_between(state: CompareState, start: Point, end: Point) -> Rectangle | None:
    """Return the image pixels in the rectangle between two image points; None if empty."""
    left, right = sorted((floor(start.x), floor(end.x)))
    top, bottom = sorted((floor(start.y), floor(end.y)))
    rectangle = rectangle_from_edges(left, top, right + 1, bottom + 1)
    rectangle = rectangle.intersection(
        Rectangle(0, 0, state.image_size.width, state.image_size.height)
    )
    return rectangle if rectangle.width > 0 and rectangle.height > 0 else None


def visible_image_rectangle(state: CompareState) -> Rectangle:
    """Return the rectangle of image pixels that are at least partly visible in a pane."""
    top_left = state.pane_to_image(Point(0, 0))
    bottom_right = state.pane_to_image(Point(state.pane_size.width, state.pane_size.height))
    rectangle = rectangle_from_edges(
        floor(top_left.x), floor(top_left.y), ceil(bottom_right.x), ceil(bottom_right.y)
    )
    return rectangle.intersection(Rectangle(0, 0, state.image_size.width, state.image_size.height))


def with_image_size(state: CompareState, image_size: Size) -> CompareState:
    """Return the state with an image of another size, fitted to the pane."""
    return fit_view(replace(state, image_size=image_size))


def with_view_size(
    state: CompareState, view_size: Size, *, pane_gap: int, pixel_ratio: float = 1.0
) -> CompareState:
    """Return the state with another view size; the image point at the center stays centered."""
    view = replace(state, view_size=view_size, pane_gap=pane_gap, pixel_ratio=pixel_ratio)
    return with_loupe_position(_normalize_view(view), state.loupe_position)


def with_mode(state: CompareState, mode: CompareMode) -> CompareState:
    """Return the state in another mode, without the loupe; blink mode begins with "after"."""
    changed = replace(state, mode=mode, is_showing_before=False, loupe_position=None)
    return _normalize_view(_fill_free_slots(changed))


def with_available_keys(state: CompareState, available_keys: tuple[ImageKey, ...]) -> CompareState:
    """Return the state with `available_keys`; slots with other images get their default image."""
    keys_and_defaults = zip(state.slot_keys, _DEFAULT_SLOT_KEYS, strict=True)
    slot_keys = tuple(
        key if key in available_keys else default for key, default in keys_and_defaults
    )
    return _fill_free_slots(replace(state, available_keys=available_keys, slot_keys=slot_keys))


def with_slot_key(state: CompareState, slot: int, key: ImageKey) -> CompareState:
    """Return the state with the image `key` in the slot with the index `slot`."""
    return replace(state, slot_keys=(*state.slot_keys[:slot], key, *state.slot_keys[slot + 1 :]))


def with_amplification_changed(state: CompareState, steps: int) -> CompareState:
    """Return the state with the shown amplification moved `steps` places in `AMPLIFICATIONS`."""
    if state.amplification is None:
        return state
    index = min(max(AMPLIFICATIONS.index(state.amplification) + steps, 0), len(AMPLIFICATIONS) - 1)
    if state.mode is CompareMode.DIFFERENCE:
        return replace(state, difference_amplification=AMPLIFICATIONS[index])
    return replace(state, spread_amplification=AMPLIFICATIONS[index])


def with_loupe_position(state: CompareState, position: Point | None) -> CompareState:
    """Return the state with the loupe at a position, clamped to the view; None removes it."""
    if position is not None:
        x = min(max(position.x, 0.0), float(state.view_size.width - 1))
        position = Point(x, min(max(position.y, 0.0), float(state.view_size.height - 1)))
    return replace(state, loupe_position=position)


def _fill_free_slots(state: CompareState) -> CompareState:
    """Return the state with unused samples or past runs in free slots of the last two panes."""
    if state.mode is not CompareMode.FOUR:
        return state
    unshown_keys = [
        key
        for key in state.available_keys
        if isinstance(key, SampleKey | PastRunKey) and key not in state.slot_keys
    ]
    for slot in (2, 3):
        if unshown_keys and state.slot_keys[slot] == _DEFAULT_SLOT_KEYS[slot]:
            state = with_slot_key(state, slot, unshown_keys.pop(0))
    return state


def fit_view(state: CompareState) -> CompareState:
    """Return the state with the whole image fitted to the pane."""
    return _normalize_view(replace(state, is_fitted=True))


def zoom_view(state: CompareState, factor: float, anchor: Point | None = None) -> CompareState:
    """Return the state with the scale multiplied by `factor`; `anchor` is as in `with_scale`."""
    return with_scale(state, state.scale * factor, anchor)


def with_scale(state: CompareState, scale: float, anchor: Point | None = None) -> CompareState:
    """Return the state with another scale, in device pixels per image pixel.

    The image point at `anchor`, a position in the pane, stays fixed; None is the pane's center.
    """
    min_scale = min(state.fit_scale, 1.0) / 4
    scale = min(max(scale, min_scale), MAX_SCALE)
    anchor_position = anchor or Point(state.pane_size.width / 2, state.pane_size.height / 2)
    anchor_point = state.pane_to_image(anchor_position)
    center = Point(
        anchor_point.x - (anchor_position.x - state.pane_size.width / 2) / scale,
        anchor_point.y - (anchor_position.y - state.pane_size.height / 2) / scale,
    )
    return _normalize_view(replace(state, scale=scale, center=center, is_fitted=False))


def pan_view(state: CompareState, dx: float, dy: float) -> CompareState:
    """Return the state with the image moved by `dx` and `dy` device pixels."""
    center = Point(state.center.x - dx / state.scale, state.center.y - dy / state.scale)
    return _normalize_view(replace(state, center=center))


def with_split_fraction(state: CompareState, fraction: float) -> CompareState:
    return replace(state, split_fraction=min(max(fraction, 0.0), 1.0))


def _normalize_view(state: CompareState) -> CompareState:
    """Return the state with the scale fitted if `is_fitted`, and without avoidable margins."""
    if state.is_fitted:
        state = replace(state, scale=state.fit_scale)
    center = Point(
        _clamp_center(state.center.x, state.image_size.width, state.pane_size.width / state.scale),
        _clamp_center(
            state.center.y, state.image_size.height, state.pane_size.height / state.scale
        ),
    )
    return replace(state, center=center)


def _clamp_center(center: float, image_side: int, visible_side: float) -> float:
    """Return `center` clamped to avoid margins, or the middle of an image smaller than the pane."""
    if visible_side >= image_side:
        return image_side / 2
    return min(max(center, visible_side / 2), image_side - visible_side / 2)


class CompareViewModel(StateViewModel[CompareState]):
    """View model of the compare view: mode, zoom, position and slots."""

    def __init__(self) -> None:
        super().__init__(CompareState())

    def set_image_size(self, width: int, height: int) -> None:
        self._set_state(with_image_size(self._state, Size(width, height)))

    def set_available_keys(self, keys: tuple[ImageKey, ...]) -> None:
        """Set the keys of the images that can be shown."""
        self._set_state(with_available_keys(self._state, keys))

    def show_in_slot(self, slot: int, key: ImageKey) -> None:
        self._set_state(with_slot_key(self._state, slot, key))

    def set_view_size(self, width: int, height: int, *, pane_gap: int, pixel_ratio: float) -> None:
        size = Size(max(width, 1), max(height, 1))
        view = with_view_size(self._state, size, pane_gap=pane_gap, pixel_ratio=pixel_ratio)
        self._set_state(view)

    def set_mode(self, mode: CompareMode) -> None:
        self._set_state(with_mode(self._state, mode))

    def fit(self) -> None:
        self._set_state(fit_view(self._state))

    def zoom(self, factor: float, anchor: Point | None = None) -> None:
        self._set_state(zoom_view(self._state, factor, anchor))

    def set_scale(self, scale: float, anchor: Point | None = None) -> None:
        self._set_state(with_scale(self._state, scale, anchor))

    def toggle_fit(self, anchor: Point) -> None:
        """Switch between the fitted image and a larger one with the point at `anchor` fixed.

        The larger image has 100 %. If the fitted image has 100 % already, the larger one fills the
        pane with a whole number of device pixels per image pixel, at least twice as many.
        """
        if not self._state.is_fitted:
            self.fit()
        elif self._state.fit_scale < 1:
            self.set_scale(1.0, anchor)
        else:
            larger_scale = max(floor(self._state.filling_scale), 2 * self._state.fit_scale)
            self.set_scale(larger_scale, anchor)

    def pan(self, dx: float, dy: float) -> None:
        self._set_state(pan_view(self._state, dx, dy))

    def move_split(self, fraction: float) -> None:
        self._set_state(with_split_fraction(self._state, fraction))

    def set_original_visible(self, *, visible: bool) -> None:
        self._set_state(replace(self._state, is_showing_original=visible))

    def toggle_blink_side(self) -> None:
        """Switch between the before and the after image in blink mode."""
        self._set_state(replace(self._state, is_showing_before=not self._state.is_showing_before))

    def change_amplification(self, steps: int) -> None:
        self._set_state(with_amplification_changed(self._state, steps))

    def move_loupe(self, position: Point | None) -> None:
        self._set_state(with_loupe_position(self._state, position))

    def toggle_overlay(self) -> None:
        self._set_state(replace(self._state, is_overlay_visible=not self._state.is_overlay_visible))

    def toggle_smoothing(self) -> None:
        self._set_state(
            replace(self._state, is_smoothing_enabled=not self._state.is_smoothing_enabled)
        )

    def toggle_grid(self) -> None:
        self._set_state(replace(self._state, is_grid_enabled=not self._state.is_grid_enabled))
