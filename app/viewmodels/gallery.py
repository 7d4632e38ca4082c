"""The pictures that can be compared: the file, its result, and all that led there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject

from app.convert import Pyramid
from app.viewmodels.state import StateViewModel


@dataclass(frozen=True, slots=True)
class Original:
    """The file as an ordinary decoder shows it."""


@dataclass(frozen=True, slots=True)
class Result:
    """The best there is now: the latest estimate of a run, then its result."""


@dataclass(frozen=True, slots=True)
class SampleOf:
    """One sample of the present result.

    Attributes:
        number: From 1.
    """

    number: int


@dataclass(frozen=True, slots=True)
class EstimateOf:
    """One estimate of the present run.

    Attributes:
        number: On its timeline, from 1.
    """

    number: int


@dataclass(frozen=True, slots=True)
class EarlierRun:
    """The result of an earlier run.

    Attributes:
        number: Of the run, from 1.
    """

    number: int


Key = Original | Result | SampleOf | EstimateOf | EarlierRun


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One of the pictures.

    Attributes:
        key: Which it is.
        label: What it is called.
        picture: As it is shown; None while it is fetched, which `GalleryViewModel.want` begins.
    """

    key: Key
    label: str
    picture: Pyramid | None


@dataclass(frozen=True, slots=True)
class GalleryState:
    """All of them, in the order in which they are offered."""

    entries: tuple[Entry, ...] = ()

    def find(self, key: Key) -> Entry | None:
        """None where there is no such picture any more."""
        return next((entry for entry in self.entries if entry.key == key), None)


class GalleryViewModel(StateViewModel[GalleryState]):
    """The pictures as one value that changes."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(GalleryState(), parent)

    def show_original(self, picture: Pyramid, label: str) -> None:
        """Begin with another file; nothing else is left."""
        self._set(GalleryState((Entry(Original(), label, picture),)))

    def show_result(self, picture: Pyramid, label: str) -> None:
        """Put another picture where the result is."""
        result = Entry(Result(), label, picture)
        kept = [entry for entry in self._state.entries if entry.key != Result()]
        self._set(GalleryState((*kept[:1], result, *kept[1:])))

    def want(self, keys: Iterable[Key]) -> None:
        """Have the pictures of these keys fetched where they are not at hand."""
