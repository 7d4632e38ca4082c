"""What each part of the view shows, from the shared view and the pictures there are."""

from __future__ import annotations

from dataclasses import dataclass

from app.i18n.translation import figures, tr
from app.imaging.overlay import Overlay
from app.imaging.pyramid import SPREAD_RANGE, Pyramid, SpreadMap
from app.viewmodels.compare.compare import AFTER, BEFORE, CompareState, Mode, panes
from app.viewmodels.compare.gallery import Entry, GalleryState, Key, Original, Result
from app.viewmodels.run.labels import after_label, overlay_label
from app.viewmodels.run.run import Done, RunState, overlay_of
from ddrm_core.imaging.rectangle import Rectangle


@dataclass(frozen=True, slots=True)
class Plain:
    """A picture as it is, with tints over its blocks or None."""

    picture: Pyramid
    tints: Overlay | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """After minus before, so many times enlarged."""

    before: Pyramid
    after: Pyramid
    gain: int


@dataclass(frozen=True, slots=True)
class Heat:
    """How far samples differ, so many times enlarged."""

    map: SpreadMap
    gain: int


@dataclass(frozen=True, slots=True)
class Words:
    """No picture, and why."""

    text: str


Drawn = Plain | Difference | Heat


@dataclass(frozen=True, slots=True)
class Findings:
    """What a result says besides its picture.

    Attributes:
        tints: For its blocks outside their bins; None where there are none to look at.
        spread: How far its samples differ; None where that is not known.
        no_spread: Why, in words.
        no_result: What to call what stands for the result while there is none.
    """

    tints: Overlay | None = None
    spread: SpreadMap | None = None
    no_spread: str = ""
    no_result: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture of the view.

    Attributes:
        pane: Its whole place, device pixels.
        seen: The part of it that is painted.
        drawn: What, or why there is nothing.
        label: What it is called.
        slots: Those whose pictures can be chosen at its label.
        right: Whether the label belongs at its right side, whatever the language.
    """

    pane: Rectangle
    seen: Rectangle
    drawn: Drawn | Words
    label: str
    slots: tuple[int, ...]
    right: bool = False


@dataclass(frozen=True, slots=True)
class Lens:
    """One half of the loupe."""

    drawn: Plain
    label: str


@dataclass(frozen=True, slots=True)
class Legend:
    """What the colours of a difference or of the spread say.

    Attributes:
        least: The value of the first colour, grey levels.
        middle: Of the one between.
        most: Of the last.
        words: All of it in a sentence.
    """

    least: str
    middle: str
    most: str
    words: str


def legend(state: CompareState, findings: Findings) -> Legend | None:
    """Of what is shown, None where colours are the picture's own."""
    if state.original or state.gain is None:
        return None
    if state.mode is Mode.SPREAD:
        if findings.spread is None:
            return None
        most, half = (figures(f"{SPREAD_RANGE / state.gain / part:g}") for part in (1, 2))
        words = tr("Spread from 0 to {most} grey levels or more").format(most=most)
        return Legend("0", half, f"≥ {most}", words)
    most = figures(f"{128 / state.gain:g}")
    words = tr("Differences {gain} times enlarged: grey is 0, white is +{most} grey levels")
    if state.gain == 1:
        words = tr("Differences as they are: grey is 0, white is +{most} grey levels")
    words = words.format(gain=state.gain, most=most)
    return Legend(f"\N{MINUS SIGN}{most}", "0", f"+{most}", words)


def findings_of(run: RunState) -> Findings:
    """What the present result says."""
    tints, spread, words = overlay_of(run), None, ""
    match run:
        case Done(restored=restored) if restored.spread_map is not None:
            spread = restored.spread_map
        case Done(restored=restored) if not restored.restoration.complete:
            words = tr("The run was stopped, so it is not known how far its samples differ.")
        case Done():
            words = tr("One sample has no other to differ from. Restore with two or more.")
        case _:
            words = tr("Restore with two samples or more to see where the samples differ.")
    return Findings(tints, spread, words, after_label(run))


def scene(state: CompareState, gallery: GalleryState, findings: Findings) -> tuple[Shown, ...]:
    """Everything that is seen now, in the order in which it is painted; nothing without a file."""
    if gallery.find(Original()) is None:
        return ()
    places = panes(state)
    match state.mode:
        case Mode.SLIDER:
            return _split(state, gallery, findings)
        case Mode.DIFFERENCE | Mode.SPREAD if not state.original:
            drawn, label = _computed(state, gallery, findings)
            return (Shown(places[0], places[0], drawn, label, state.slots),)
        case Mode.DIFFERENCE | Mode.SPREAD:
            slots: tuple[int, ...] = (BEFORE,)
        case Mode.BLINK:
            slots = (BEFORE if state.blinked else AFTER,)
        case _:
            slots = state.slots
    found = []
    for slot, place in zip(slots, places, strict=True):
        drawn, label = _plain(state, gallery, findings, slot)
        found.append(Shown(place, place, drawn, label, (slot,)))
    return tuple(found)


def lenses(state: CompareState, gallery: GalleryState, findings: Findings) -> tuple[Lens, ...]:
    """Before and after for the loupe, those that are there."""
    if state.loupe is None or gallery.find(Original()) is None:
        return ()
    found = (_plain(state, gallery, findings, slot) for slot in (BEFORE, AFTER))
    return tuple(Lens(drawn, label) for drawn, label in found if isinstance(drawn, Plain))


def wanted(state: CompareState) -> tuple[Key, ...]:
    """The pictures that are seen now."""
    slots = dict.fromkeys(state.slots)
    if state.loupe is not None:
        slots |= dict.fromkeys((BEFORE, AFTER))
    return tuple(state.shown[slot] for slot in slots)


def entry_in(
    state: CompareState, gallery: GalleryState, findings: Findings, slot: int
) -> Entry | None:
    """The picture in a slot now; while it is held, the original everywhere."""
    original = gallery.find(Original())
    if state.original or original is None:
        return original
    key = state.shown[slot]
    if key == Result() and gallery.find(key) is None:
        return Entry(key, findings.no_result, original.picture)
    return gallery.find(key) or original


def _split(state: CompareState, gallery: GalleryState, findings: Findings) -> tuple[Shown, ...]:
    (whole,) = panes(state)
    split = round(state.split * whole.width)
    places = (
        Rectangle(0, 0, split, whole.height),
        Rectangle(split, 0, whole.width - split, whole.height),
    )
    found = []
    for slot, seen in zip(state.slots, places, strict=True):
        drawn, label = _plain(state, gallery, findings, slot)
        found.append(Shown(whole, seen, drawn, label, (slot,), right=slot == AFTER))
    return tuple(found)


def _plain(
    state: CompareState, gallery: GalleryState, findings: Findings, slot: int
) -> tuple[Drawn | Words, str]:
    entry = entry_in(state, gallery, findings, slot)
    assert entry is not None  # there is an original
    if entry.picture is None:
        return _instead(entry), entry.label
    if state.overlay and entry.key == Result() and findings.tints is not None:
        return Plain(entry.picture, findings.tints), overlay_label(findings.tints)
    return Plain(entry.picture), entry.label


def _instead(entry: Entry) -> Words:
    """What is said where its picture would be."""
    if entry.lost:
        return Words(tr("This picture cannot be read any more. Choose another one at its label."))
    return Words(tr("Fetching the picture…"))


def _computed(
    state: CompareState, gallery: GalleryState, findings: Findings
) -> tuple[Drawn | Words, str]:
    if state.mode is Mode.SPREAD:
        label = tr("Where it guessed")
        if findings.spread is None:
            return Words(findings.no_spread), label
        return Heat(findings.spread, state.spread_gain), label
    before, after = (entry_in(state, gallery, findings, slot) for slot in (BEFORE, AFTER))
    assert before is not None  # there is an original
    assert after is not None
    label = tr("{after} minus {before}").format(after=after.label, before=before.label)
    if before.picture is None:
        return _instead(before), label
    if after.picture is None:
        return _instead(after), label
    if before.picture is after.picture:
        return Words(tr("Both are the same picture, so nothing differs.")), label
    return Difference(before.picture, after.picture, state.difference_gain), label
