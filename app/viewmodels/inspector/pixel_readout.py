"""What the pictures hold at one place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import floor

from PySide6.QtCore import QObject, Slot

from app.i18n.translation import tr
from app.jobs.inspector.inspect import PlaceFound, PlaceRequest, look_at_place
from app.jobs.worker import Outcome, Runner, once
from app.viewmodels.compare.compare import Point
from app.viewmodels.inspector.inspector import InspectorState
from app.viewmodels.inspector.inspector_text import band_name, component_names, signed
from app.viewmodels.state_view_model import StateViewModel
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.image import JpegImage

FIGURE_SPACE = "\N{FIGURE SPACE}"
"""As wide as a digit."""


@dataclass(frozen=True, slots=True)
class ReadoutState:
    """What was found last; None where the pointer is on no picture."""

    found: PlaceFound | None = None


def request_at(inspected: InspectorState, point: Point) -> PlaceRequest | None:
    """What to look up for a point of the shown picture; None beside it, or without a file."""
    document = inspected.document
    if document is None:
        return None
    size, display = document.source.size, document.display
    x, y = floor(point.x), floor(point.y)
    stored = display.stored_rectangle(Rectangle(x, y, 1, 1), size)
    if stored.within(Rectangle(0, 0, *size)) != stored:
        return None
    return PlaceRequest(
        document.source,
        inspected.image,
        inspected.result,
        (stored.left, stored.top),
        (x, y),
        inspected.component,
        inspected.band,
    )


def readout_words(found: PlaceFound) -> tuple[str, ...]:
    """The parts of the line, the most important first."""
    x, y = found.request.shown
    parts = [
        tr("x {x}, y {y}").format(x=x, y=y),
        tr("before {values}").format(values=_values(found.before)),
    ]
    if found.after is not None:
        parts.append(tr("after {values}").format(values=_values(found.after)))
    request, at = found.request, found.coefficient
    if request.image is None or at is None:
        return (*parts, tr("no JPEG, so no levels"))
    parts.append(
        tr("{component} block {column}, {row}").format(
            component=component_names(request.image)[request.component],
            column=at.column,
            row=at.row,
        )
    )
    if not at.readable:
        return (*parts, tr("could not be read"))
    low, high = at.bin
    words = tr("{band}: level {level}, bin {low} to {high}")
    if not isinstance(request.source, JpegImage):
        words = tr("{band}: assumed level {level}, bin {low} to {high}")
    parts.append(
        words.format(
            band=band_name(request.band),
            level=signed(at.level, 0),
            low=signed(low, 1),
            high=signed(high, 1),
        )
    )
    if at.coefficient is not None:
        where = tr("result {value}, inside") if at.inside else tr("result {value}, outside")
        parts.append(where.format(value=signed(at.coefficient, 1)))
    return tuple(parts)


def readout_short(found: PlaceFound) -> tuple[str, ...]:
    """The same where there is little room: numbers in the same order, and hardly a word."""
    x, y = found.request.shown
    parts = [f"{x}, {y}", _values(found.before)]
    if found.after is not None:
        parts.append(f"→ {_values(found.after)}")
    request, at = found.request, found.coefficient
    if request.image is None or at is None or not at.readable:
        return (*parts, readout_words(found)[-1])
    low, high = at.bin
    parts.append(f"{component_names(request.image)[request.component]} {at.column}, {at.row}")
    parts.append(f"{band_name(request.band)} {signed(at.level, 0)}")
    parts.append(f"{signed(low, 1)} … {signed(high, 1)}")
    if at.coefficient is not None:
        where = tr("{value} inside") if at.inside else tr("{value} outside")
        parts.append(where.format(value=signed(at.coefficient, 1)))
    return tuple(parts)


def _values(values: tuple[int, ...]) -> str:
    """Every one as wide as the widest, so that nothing moves."""
    return " ".join(f"{value:{FIGURE_SPACE}>3}" for value in values)


class ReadoutViewModel(StateViewModel[ReadoutState]):
    """The place under the pointer, looked up one after another; only the latest counts."""

    def __init__(self, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(ReadoutState(), parent)
        self._runner = runner
        self._run_id = 0
        self._under_way = False
        self._point: Point | None = None
        self._inspected = InspectorState()
        self._stale = False
        runner.ended.connect(self._on_ended)

    def point_at(self, point: Point | None) -> None:
        """The pointer is there in the shown picture, or on none."""
        self._point = point
        self._look_up()

    def inspect(self, inspected: InspectorState) -> None:
        """Other pictures, or another band."""
        if inspected.document is not self._inspected.document:
            self._give_up()
        self._inspected = inspected
        self._look_up()

    def _look_up(self) -> None:
        request = None if self._point is None else request_at(self._inspected, self._point)
        if request is None:
            self._give_up()
        elif self._under_way:
            self._stale = True
        else:
            self._under_way, self._stale = True, False
            self._run_id = self._runner.start(once(partial(look_at_place, request)))

    def _give_up(self) -> None:
        """What was found, or is looked up, is not under the pointer any more."""
        self._runner.withdraw(self._run_id)
        self._under_way = self._stale = False
        self._set(ReadoutState())

    @Slot(int, object)
    def _on_ended(self, run_id: int, outcome: Outcome) -> None:
        if run_id != self._run_id:
            return
        self._under_way = False
        found = outcome.result if isinstance(outcome.result, PlaceFound) else None
        self._set(ReadoutState(found))
        if self._stale:
            self._look_up()
