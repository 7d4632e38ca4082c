"""Regions that were marked, to be seen large in several pictures at once."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject

from app.i18n.translation import tr
from app.imaging.scaling import Enlargement
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

MOST_CROPS = 6
# Of the view's width or height, that a region takes once one has gone there.
_SHARE_OF_VIEW = 0.5


@dataclass(frozen=True, slots=True)
class Crop:
    """A marked region.

    Attributes:
        number: 1 to 6; it stays with the region.
        place: In pixels of the picture as shown.
    """

    number: int
    place: Rectangle


@dataclass(frozen=True, slots=True)
class CropsState:
    """What is marked, and where it is looked at.

    Attributes:
        crops: In the order of their numbers.
        versions: Pictures that are wanted side by side, whether or not there are such now.
    """

    crops: tuple[Crop, ...] = ()
    versions: tuple[ImageKey, ...] = (OriginalKey(), ResultKey())

    @property
    def full(self) -> bool:
        """Whether no more can be marked."""
        return len(self.crops) == MOST_CROPS


def with_region(state: CropsState, place: Rectangle) -> CropsState:
    """One more region, under the lowest free number; the same where none is free."""
    taken = {crop.number for crop in state.crops}
    free = [number for number in range(1, MOST_CROPS + 1) if number not in taken]
    if not free or place.pixels == 0 or place in (crop.place for crop in state.crops):
        return state
    crops = (*state.crops, Crop(free[0], place))
    return replace(state, crops=tuple(sorted(crops, key=lambda crop: crop.number)))


def without_region(state: CropsState, number: int) -> CropsState:
    return replace(state, crops=tuple(crop for crop in state.crops if crop.number != number))


def with_version(state: CropsState, key: ImageKey, *, wanted: bool) -> CropsState:
    """One more picture beside the others, or one less."""
    others = tuple(version for version in state.versions if version != key)
    return replace(state, versions=(*others, key) if wanted else others)


def columns(state: CropsState, gallery: GalleryState) -> tuple[GalleryItem, ...]:
    """The pictures that are wanted and there are, in the order of all pictures."""
    return tuple(entry for entry in gallery.items if entry.key in state.versions)


def place_words(place: Rectangle) -> str:
    """Size and place of a region."""
    return tr("{width} × {height} px at {left}, {top}").format(  # noqa: RUF001
        width=place.width, height=place.height, left=place.left, top=place.top
    )


def enlargement_words(by: Enlargement) -> str:
    """How large a region is shown."""
    if by.parts > 1:
        return tr("reduced to 1/{parts}").format(parts=by.parts)
    if by.times == 1:
        return tr("at its own size")
    return tr("enlarged {times} times").format(times=by.times)


def view_of(place: Rectangle, view: CompareState) -> tuple[float, float, float]:
    """Scale and centre with which a region lies in the middle of the view, seen well."""
    pane = view.pane_size
    scale = _SHARE_OF_VIEW * min(pane.width / place.width, pane.height / place.height)
    if scale >= 1:
        scale = min(float(int(scale)), MAX_SCALE)
    return scale, place.left + place.width / 2, place.top + place.height / 2


class CropsViewModel(StateViewModel[CropsState]):
    """The marked regions as one value that changes."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(CropsState(), parent)

    def mark(self, place: Rectangle) -> None:
        """Mark a region of the picture as shown; nothing where six are marked."""
        self._set(with_region(self._state, place))

    def remove(self, number: int) -> None:
        self._set(without_region(self._state, number))

    def clear(self) -> None:
        """Forget every region: they belong to one file."""
        self._set(replace(self._state, crops=()))

    def choose_version(self, key: ImageKey, *, wanted: bool) -> None:
        self._set(with_version(self._state, key, wanted=wanted))
