"""The pictures that can be compared: the file, its result, and all that led there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, Slot

from app.i18n.translation import tr
from app.imaging.pyramid import Pyramid
from app.jobs.worker import Outcome, Runner, once
from app.viewmodels.state_view_model import StateViewModel

MOST_BYTES = 256 << 20
"""Memory for pictures that nobody looks at any more: going back to one of them does not wait."""


@dataclass(frozen=True, slots=True)
class Original:
    """The file as an ordinary decoder shows it."""


@dataclass(frozen=True, slots=True)
class Result:
    """The best there is now: the latest estimate of a run, then its result."""


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of the samples of the present result, which need not be the result itself."""


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


Key = Original | Result | Mean | SampleOf | EstimateOf | EarlierRun


@dataclass(frozen=True, slots=True)
class Entry:
    """One of the pictures.

    Attributes:
        key: Which it is.
        label: What it is called.
        picture: As it is shown; None while it is fetched, which `GalleryViewModel.want` begins.
        lost: Whether it could not be fetched, and never will be.
    """

    key: Key
    label: str
    picture: Pyramid | None
    lost: bool = False


@dataclass(frozen=True, slots=True)
class GalleryState:
    """All of them, in the order in which they are offered."""

    entries: tuple[Entry, ...] = ()

    def find(self, key: Key) -> Entry | None:
        """None where there is no such picture any more."""
        return next((entry for entry in self.entries if entry.key == key), None)


@dataclass(frozen=True, slots=True, eq=False)
class Offer:
    """A picture that is not at hand, but can be had.

    Attributes:
        key: Which it is.
        label: What it is called.
        source: What it is made of: the same object stands for the same picture.
        fetch: Makes it, on a worker thread.
    """

    key: Key
    label: str
    source: object
    fetch: Callable[[], Pyramid]


class GalleryViewModel(StateViewModel[GalleryState]):
    """The pictures as one value that changes.

    Those that were offered are fetched when they are wanted, one after another and the latest
    wish first; those that are wanted no more stay as long as there is room for them.
    """

    def __init__(
        self, runner: Runner, parent: QObject | None = None, *, most_bytes: int = MOST_BYTES
    ) -> None:
        """Begin without a picture.

        Args:
            runner: For fetching pictures.
            parent: Qt's.
            most_bytes: Of pictures that are kept while nobody looks at them.
        """
        super().__init__(GalleryState(), parent)
        self._runner = runner
        self._most_bytes = most_bytes
        self._run_id: int | None = None
        self._fetching: Offer | None = None
        self._original: Entry | None = None
        self._result: Entry | None = None
        self._offers: dict[type[Key], tuple[Offer, ...]] = {}
        self._fetched: dict[Key, tuple[object, Pyramid]] = {}
        self._failed: list[object] = []
        self._wishes: dict[str, tuple[Key, ...]] = {}
        runner.ended.connect(self._on_ended)

    def show_original(self, picture: Pyramid, label: str) -> None:
        """Begin with another file; nothing else is left."""
        self._original, self._result = Entry(Original(), label, picture), None
        self._offers.clear()
        self._fetched.clear()
        self._failed.clear()
        self._show()

    def show_result(self, picture: Pyramid, label: str) -> None:
        """Put another picture where the result is."""
        shown = self._result
        if shown is None or (shown.picture, shown.label) != (picture, label):
            self._result = Entry(Result(), label, picture)
            self._show()

    def hide_result(self) -> None:
        """There is none any more."""
        if self._result is not None:
            self._result = None
            self._show()

    def offer(self, kind: type[Key], offers: Iterable[Offer]) -> None:
        """What there is of a kind now, in place of what there was."""
        before, now = self._offers.get(kind, ()), tuple(offers)
        if [(o.key, o.label, o.source) for o in before] == [
            (o.key, o.label, o.source) for o in now
        ]:
            return
        self._offers[kind] = now
        sources = {offer.key: offer.source for offer in now}
        for key in [k for k in self._fetched if isinstance(k, kind)]:
            if sources.get(key) is not self._fetched[key][0]:
                del self._fetched[key]
        self._show()
        self._fetch_next()

    def want(self, keys: Iterable[Key], *, viewer: str = "") -> None:
        """Have the pictures of these keys fetched where they are not at hand, and kept there.

        Args:
            keys: In the order in which they are wanted.
            viewer: Who looks at them, and at no others any more.
        """
        self._wishes.pop(viewer, None)
        self._wishes[viewer] = tuple(keys)
        for key in self._wishes[viewer]:
            if key in self._fetched:  # the last are those that were wanted last
                self._fetched[key] = self._fetched.pop(key)
        self._fetch_next()

    @property
    def _wanted(self) -> list[Key]:
        """Those of the latest wish first."""
        return [key for wish in reversed(self._wishes.values()) for key in wish]

    def _all_offers(self) -> Iterator[Offer]:
        for kind in (Mean, SampleOf, EstimateOf, EarlierRun):
            yield from self._offers.get(kind, ())

    def _fetch_next(self) -> None:
        if self._fetching is not None:
            return
        offers = {offer.key: offer for offer in self._all_offers()}
        missing = [offers[k] for k in self._wanted if k in offers and k not in self._fetched]
        waiting = [offer for offer in missing if not self._has_failed(offer)]
        if waiting:
            self._fetching = waiting[0]
            self._run_id = self._runner.start(once(waiting[0].fetch))

    @Slot(int, object)
    def _on_ended(self, run_id: int, outcome: Outcome) -> None:
        offer = self._fetching
        if run_id != self._run_id or offer is None:
            return
        self._fetching = None
        if isinstance(outcome.result, Pyramid):
            if any(offer.source is other.source for other in self._all_offers()):
                self._fetched[offer.key] = (offer.source, outcome.result)
                self._make_room()
                self._show()
        else:
            self._failed.append(offer.source)
            self._show()
        self._fetch_next()

    def _has_failed(self, offer: Offer) -> bool:
        return any(source is offer.source for source in self._failed)

    def _entry(self, offer: Offer) -> Entry:
        lost, label = self._has_failed(offer), offer.label
        if lost:
            label = tr("{picture}, which cannot be read any more").format(picture=label)
        _, picture = self._fetched.get(offer.key, (None, None))
        return Entry(offer.key, label, picture, lost)

    def _make_room(self) -> None:
        """Let go of what was wanted longest ago, and is not now."""
        wanted = self._wanted
        unwanted = [key for key in self._fetched if key not in wanted]
        excess = sum(picture.bytes for _, picture in self._fetched.values()) - self._most_bytes
        for key in unwanted:
            if excess <= 0:
                return
            excess -= self._fetched.pop(key)[1].bytes

    def _show(self) -> None:
        fixed = (entry for entry in (self._original, self._result) if entry is not None)
        offered = (self._entry(offer) for offer in self._all_offers())
        self._set(GalleryState((*fixed, *offered)))
