"""Regions that were marked, to be seen large in several pictures at once."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject

from app.i18n.translation import tr
from app.imaging.scaling import IntegerScale
from app.viewmodels.compare.compare import MAX_SCALE, CompareState
from app.viewmodels.compare.gallery import (
    GalleryItem,
    GalleryState,
    ImageKey,
    OriginalKey,
    ResultKey,
)
from app.viewmodels.state_view_model import StateViewModel
from ddrm_core.imaging.rectangle import Rectangle

MAX_REGIONS = 6
# Of the view's width or height, that a region takes once one has gone there.
_VIEW_FRACTION = 0.5


@dataclass(frozen=True, slots=True)
class NumberedRegion:
    """A marked region.

    Attributes:
        number: 1 to 6; it stays with the region.
        rectangle: In pixels of the picture as shown.
    """

    number: int
    rectangle: Rectangle


@dataclass(frozen=True, slots=True)
class RegionsState:
    """What is marked, and where it is looked at.

    Attributes:
        regions: In the order of their numbers.
        compared_keys: Pictures that are wanted side by side, whether or not there are such now.
    """

    regions: tuple[NumberedRegion, ...] = ()
    compared_keys: tuple[ImageKey, ...] = (OriginalKey(), ResultKey())

    @property
    def is_full(self) -> bool:
        """Whether no more can be marked."""
        return len(self.regions) == MAX_REGIONS


def with_region(state: RegionsState, rectangle: Rectangle) -> RegionsState:
    """One more region, under the lowest free number; the same where none is free."""
    taken_numbers = {region.number for region in state.regions}
    free_numbers = [number for number in range(1, MAX_REGIONS + 1) if number not in taken_numbers]
    if (
        not free_numbers
        or rectangle.pixel_count == 0
        or rectangle in (region.rectangle for region in state.regions)
    ):
        return state
    regions = (*state.regions, NumberedRegion(free_numbers[0], rectangle))
    return replace(state, regions=tuple(sorted(regions, key=lambda region: region.number)))


def without_region(state: RegionsState, number: int) -> RegionsState:
    return replace(
        state, regions=tuple(region for region in state.regions if region.number != number)
    )


def with_compared_key(state: RegionsState, key: ImageKey, *, is_compared: bool) -> RegionsState:
    """One more picture beside the others, or one less."""
    other_keys = tuple(other_key for other_key in state.compared_keys if other_key != key)
    return replace(state, compared_keys=(*other_keys, key) if is_compared else other_keys)


def compared_items(state: RegionsState, gallery: GalleryState) -> tuple[GalleryItem, ...]:
    """The pictures that are wanted and there are, in the order of all pictures."""
    return tuple(item for item in gallery.items if item.key in state.compared_keys)


def format_region_rectangle(rectangle: Rectangle) -> str:
    """Size and place of a region."""
    return tr("{width} × {height} px at {left}, {top}").format(  # noqa: RUF001
        width=rectangle.width, height=rectangle.height, left=rectangle.left, top=rectangle.top
    )


def format_enlargement(enlargement: IntegerScale) -> str:
    """How large a region is shown."""
    if enlargement.reduction > 1:
        return tr("reduced to 1/{parts}").format(parts=enlargement.reduction)
    if enlargement.enlargement == 1:
        return tr("at its own size")
    return tr("enlarged {times} times").format(times=enlargement.enlargement)


def scale_and_center_for_region(
    rectangle: Rectangle, compare_state: CompareState
) -> tuple[float, float, float]:
    """Scale and centre with which a region lies in the middle of the view, seen well."""
    pane_size = compare_state.pane_size
    scale = _VIEW_FRACTION * min(
        pane_size.width / rectangle.width, pane_size.height / rectangle.height
    )
    if scale >= 1:
        scale = min(float(int(scale)), MAX_SCALE)
    return scale, rectangle.left + rectangle.width / 2, rectangle.top + rectangle.height / 2


class RegionsViewModel(StateViewModel[RegionsState]):
    """The marked regions as one value that changes."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(RegionsState(), parent)

    def add(self, rectangle: Rectangle) -> None:
        """Mark a region of the picture as shown; nothing where six are marked."""
        self._set_state(with_region(self._state, rectangle))

    def remove(self, number: int) -> None:
        self._set_state(without_region(self._state, number))

    def clear(self) -> None:
        """Forget every region: they belong to one file."""
        self._set_state(replace(self._state, regions=()))

    def set_image_compared(self, key: ImageKey, *, is_compared: bool) -> None:
        self._set_state(with_compared_key(self._state, key, is_compared=is_compared))
