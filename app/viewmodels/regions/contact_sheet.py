"""The contact sheet: what is on it, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from app.i18n.error_messages import Message
from app.i18n.formatting import preset_words
from app.i18n.translation import tr
from app.jobs.document.open import Document
from app.jobs.regions.contact_sheet import SheetRequest, exporting_sheet
from app.jobs.run.result import Restored
from app.jobs.worker import Outcome, Runner
from app.viewmodels.compare.gallery import GalleryItem
from app.viewmodels.document.facts import consistency_share_text, quality_factor_text
from app.viewmodels.parameters.parameters import ParametersState
from app.viewmodels.regions.regions import Crop, enlargement_words, place_words
from app.viewmodels.state_view_model import StateViewModel
from ddrm_core.jpeg.image import JpegImage

if TYPE_CHECKING:  # imports torch, see `Engine`
    from ddrm_core.problems.protocols import Measured
    from ddrm_core.restoration.run import Run


@dataclass(frozen=True, slots=True)
class NoSheet:
    """Nothing was asked for yet."""


@dataclass(frozen=True, slots=True)
class DrawingSheet:
    """A sheet is being made."""

    path: Path


@dataclass(frozen=True, slots=True)
class SheetMade:
    """The file is there."""

    path: Path


@dataclass(frozen=True, slots=True)
class SheetFailed:
    """Nothing was written."""

    error: Exception


SheetState = NoSheet | DrawingSheet | SheetMade | SheetFailed


def sheet_proposal(source: Path) -> Path:
    """Beside the picture's file."""
    return source.with_name(f"{source.stem}_crops.png")


def sheet_request(
    document: Document,
    crops: Sequence[Crop],
    versions: Sequence[GalleryItem],
    restored: Restored | None,
) -> SheetRequest:
    """What is on the sheet; pictures that are lost are left out."""
    return SheetRequest(
        source=document.source.path,
        title=document.source.path.name,
        lines=sheet_lines(document, restored),
        inset=tr("Where"),
        whole=document.image,
        versions=tuple((e.label, e.image) for e in versions if e.image is not None),
        crops=tuple((f"{crop.number}: {place_words(crop.place)}", crop.place) for crop in crops),
        words_of=enlargement_words,
    )


def sheet_lines(document: Document, restored: Restored | None) -> tuple[str, ...]:
    """The file, and the run that made the result where there is one."""
    source = document.source
    width, height = source.size
    size = tr("{width} × {height} px").format(width=width, height=height)  # noqa: RUF001
    if isinstance(source, JpegImage):
        quality = tr("quality factor {quality}").format(quality=quality_factor_text(source.quality))
        lines = [f"{size}, {quality}"]
    else:
        lines = [f"{size}, {document.format}"]
    if restored is not None:
        restoration = restored.restoration
        lines.append(run_line(restoration.run))
        levels = isinstance(restoration.run.image, JpegImage)
        consistency = consistency_share_text(restored.exact, has_levels=levels)
        lines.append(tr("Consistency: {share}").format(share=consistency))
    return tuple(lines)


def run_line(run: Run[Measured]) -> str:
    """A run's settings, seed and prior."""
    settings = run.settings
    preset = ParametersState(settings=settings).preset
    return tr(
        "{preset}: steps {steps}, samples {samples}, start {start}, seed {seed},"
        " prior {prior} on {device}"
    ).format(
        preset=tr("Own settings") if preset is None else preset_words(preset),
        steps=settings.steps,
        samples=settings.samples,
        start=run.start,
        seed=run.seed,
        prior=run.prior.info.name,
        device=run.prior.device,
    )


def sheet_message(made: SheetMade) -> Message:
    """Where it is."""
    return Message(
        tr("Saved {name}").format(name=made.path.name),
        tr("The contact sheet is in {folder}.").format(folder=made.path.parent),
    )


def after_sheet(outcome: Outcome) -> SheetState:
    """The state once the job has ended."""
    match outcome:
        case Outcome(error=None, result=Path() as path):
            return SheetMade(path)
        case Outcome(error=Exception() as error):
            return SheetFailed(error)
        case _:
            raise TypeError(f"not a sheet: {outcome.result!r}")


class SheetViewModel(StateViewModel[SheetState]):
    """The sheet as one value that changes."""

    def __init__(self, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(NoSheet(), parent)
        self._runner = runner
        self._run_id = 0
        runner.ended.connect(self._on_ended)

    def export(self, request: SheetRequest, path: Path) -> None:
        """Draw and write it, in place of a file of that name."""
        self._set(DrawingSheet(path))
        self._run_id = self._runner.start(partial(exporting_sheet, request, path), lasting=True)

    @Slot(int, object)
    def _on_ended(self, run_id: int, outcome: Outcome) -> None:
        if run_id == self._run_id:
            self._set(after_sheet(outcome))
