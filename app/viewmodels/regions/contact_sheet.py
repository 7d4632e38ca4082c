"""View model of the contact sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.i18n.error_messages import UserMessage
from app.i18n.translation import tr
from app.jobs.document.open import Document
from app.jobs.regions.contact_sheet import ContactSheetRequest, export_contact_sheet_job
from app.jobs.run.result import RunResult
from app.jobs.worker import JobOutcome, JobRunner
from app.viewmodels.compare.gallery import GalleryItem
from app.viewmodels.document.facts import consistency_share_text, quality_factor_text
from app.viewmodels.parameters.texture import preset_and_texture_text
from app.viewmodels.regions.regions import (
    RegionsState,
    format_enlargement,
    format_region_rectangle,
)
from app.viewmodels.state_view_model import JobFailed, JobNotStarted, JobViewModel
from ddrm_core.jpeg.image import JpegImage

if TYPE_CHECKING:  # imports torch, see `PriorCache`
    from ddrm_core.problems.protocols import MeasuredImage
    from ddrm_core.restoration.run import Run


@dataclass(frozen=True, slots=True)
class ContactSheetExporting:
    """State while a contact sheet is being written to `path`."""

    path: Path


@dataclass(frozen=True, slots=True)
class ContactSheetExported:
    """State after a contact sheet has been written to `path`."""

    path: Path


ContactSheetState = JobNotStarted | ContactSheetExporting | ContactSheetExported | JobFailed


def suggest_contact_sheet_path(source_path: Path) -> Path:
    """Return the default path of a contact sheet, in the folder of its source file."""
    return source_path.with_name(f"{source_path.stem}_crops.png")


def build_contact_sheet_request(
    document: Document,
    regions: RegionsState,
    items: Sequence[GalleryItem],
    result: RunResult | None,
) -> ContactSheetRequest:
    """Return a request to draw a contact sheet with the same grid as the page of regions.

    Args:
        document: The opened file.
        regions: The regions with the scale and the position of their cells.
        items: Compared images; images that are not loaded are omitted.
        result: Result whose run is described, None without a result.
    """
    return ContactSheetRequest(
        source_path=document.source.path,
        title=document.source.path.name,
        info_lines=build_contact_sheet_lines(document, result),
        overview_heading=tr("Where"),
        overview_image=document.image,
        labeled_images=tuple((item.label, item.image) for item in items if item.image is not None),
        labeled_regions=tuple(
            (f"{region.number}: {format_region_rectangle(rectangle)}", rectangle)
            for region in regions.regions
            for rectangle in [regions.visible_rectangle(region)]
        ),
        scale=regions.scale,
        format_enlargement=format_enlargement,
    )


def build_contact_sheet_lines(document: Document, result: RunResult | None) -> tuple[str, ...]:
    """Return the lines that describe the file, and the run and consistency of the result."""
    source = document.source
    width, height = source.size
    size_text = tr("{width} × {height} px").format(width=width, height=height)  # noqa: RUF001
    if isinstance(source, JpegImage):
        quality_text = tr("quality factor {quality}").format(
            quality=quality_factor_text(source.quality)
        )
        lines = [f"{size_text}, {quality_text}"]
    else:
        lines = [f"{size_text}, {document.format}"]
    if result is not None:
        restoration = result.restoration
        lines.append(contact_sheet_run_line(restoration.run))
        has_levels = isinstance(restoration.run.image, JpegImage)
        consistency_text = consistency_share_text(result.exact_consistency, has_levels=has_levels)
        lines.append(tr("Consistency: {share}").format(share=consistency_text))
    return tuple(lines)


def contact_sheet_run_line(run: Run[MeasuredImage]) -> str:
    """Return the line with the settings, the seed and the prior of a run."""
    settings = run.settings
    return tr(
        "{preset}: steps {steps}, versions {samples}, start {start}, seed {seed},"
        " prior {prior} on {device}"
    ).format(
        preset=preset_and_texture_text(settings) or tr("Own settings"),
        steps=settings.steps,
        samples=settings.samples,
        start=run.start,
        seed=run.seed,
        prior=run.prior.info.name,
        device=run.prior.device,
    )


def contact_sheet_message(exported: ContactSheetExported) -> UserMessage:
    """Return the message after a contact sheet was saved."""
    return UserMessage(
        tr("Saved {name}").format(name=exported.path.name),
        tr("The contact sheet is in {folder}.").format(folder=exported.path.parent),
    )


class ContactSheetViewModel(JobViewModel[ContactSheetState]):
    """View model of the contact sheet, which draws and writes it on a worker thread."""

    def __init__(self, runner: JobRunner) -> None:
        super().__init__(JobNotStarted(), runner)

    def export(self, request: ContactSheetRequest, path: Path) -> None:
        """Draw a contact sheet and write it to `path`; an existing file is replaced."""
        self._set_state(ContactSheetExporting(path))
        self._job_id = self._runner.start(
            partial(export_contact_sheet_job, request, path), must_finish=True
        )

    def _on_job_ended(self, outcome: JobOutcome) -> None:
        self._set_state(outcome.convert(Path, ContactSheetExported, JobFailed))
