"""The jobs of a batch that run on worker threads."""

from __future__ import annotations

import os
import time
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.i18n.error_messages import message_from_error, refused_fallback_message
from app.i18n.formatting import list_outcome_notes, other_file_text
from app.i18n.translation import tr
from app.imaging.color_management import DisplayTransform
from app.imaging.mipmap_image import MipmapImage, create_mipmap_image
from app.jobs.batch.batch_items import (
    BatchItem,
    CommonSettings,
    FileSizes,
    ItemStatus,
    OutputLocation,
)
from app.jobs.batch.live_preview import BatchPreview, LivePreviewPainter
from app.jobs.batch.output_names import (
    OtherBatchItems,
    OutputPlanRequest,
    build_planned_file,
    plan_targets_job,
)
from app.jobs.batch.prior_fallback import check_prior_fallback
from app.jobs.batch.replacing import ReplacementPlan, SourceReplacer
from app.jobs.run.prior_cache import PriorCache
from app.jobs.run.restore_settings import RestoreSettings
from ddrm_core.batch.manifest.driver import find_driver
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.outcome import FileOutcome, FileState
from ddrm_core.batch.output_check import DiskSpace, check_output_folder, measure_disk_space
from ddrm_core.batch.prior_of_results import PriorFallbackRefused
from ddrm_core.batch.report import ReportRow, write_batch_report
from ddrm_core.batch.selection.rule import ALL_FILES, SelectionRule
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import CoreError, OutputExists, UnwritableOutput
from ddrm_core.sampler.settings import load_chosen_correction
from ddrm_core.step_iterator import StepIterator

# torch takes seconds to import, so the functions below import it when they run; see `PriorCache`.
if TYPE_CHECKING:
    from ddrm_core.prior.denoiser import Prior
    from ddrm_core.restoration.step import RunStep

_PROGRESS_INTERVAL_S = 0.1
_PREVIEW_INTERVAL_S = 0.3
_STATUS_OF_FILE_STATE = {
    FileState.DONE: ItemStatus.DONE,
    FileState.SKIPPED: ItemStatus.SKIPPED,
    FileState.KEPT_OTHER_SETTINGS: ItemStatus.KEPT,
    FileState.OTHER: ItemStatus.OTHER,
    FileState.COPIED: ItemStatus.COPIED,
    FileState.NOT_REPLACED: ItemStatus.NOT_REPLACED,
}


class OutputFolderUnwritable(Exception):
    """The error that ends a batch because the output folder is not writable any more.

    Attributes:
        reason: Error of the first result that could not be written.
    """

    def __init__(self, reason: UnwritableOutput) -> None:
        super().__init__(reason)
        self.reason = reason


class BatchPriorUnavailable(Exception):
    """The error that ends a batch because the prior of the common settings cannot be loaded.

    Attributes:
        reason: Error that loading the prior or its correction raised.
    """

    def __init__(self, reason: Exception) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class BatchItemProgress:
    """Progress of the batch item that is being restored.

    Attributes:
        done_steps: Evaluations of the prior so far.
        total_steps: Evaluations of the prior in the whole run.
        elapsed_seconds: Time since the restoration of the item began.
        preview: Images before and after the restoration, None if no preview is due.
    """

    done_steps: int
    total_steps: int
    elapsed_seconds: float = 0.0
    preview: BatchPreview | None = None


@dataclass(frozen=True, slots=True)
class BatchItemRequest:
    """Everything that restoring one batch item needs.

    Attributes:
        item: The item, whose target is planned.
        output_location: Folder and naming rule of the results.
        settings: Common settings of the batch.
        tolerate_damage: Whether the readable part of a damaged file is restored.
        items: All items of the batch.
        selection: Rule that selects the items that are restored.
        replacement: Plan to replace the sources, None for results in the output folder.
    """

    item: BatchItem
    output_location: OutputLocation
    settings: CommonSettings
    tolerate_damage: bool
    items: tuple[BatchItem, ...] = ()
    selection: SelectionRule = ALL_FILES
    replacement: ReplacementPlan | None = None


class BatchWorker:
    """An object that restores batch items and keeps the output folder's manifest in memory.

    Not thread-safe.
    """

    def __init__(self, prior_cache: PriorCache) -> None:
        self._prior_cache = prior_cache
        self._manifest: Manifest | None = None
        self._replacer = SourceReplacer()

    def prepare_replacement(self, plan: ReplacementPlan) -> Mapping[int, Path]:
        """Check whether sources can be replaced; see `SourceReplacer.prepare`.

        Returns:
            No targets, since results take the paths of their sources.
        """
        self._replacer.prepare(plan)
        return {}

    def prepare_batch(
        self, request: OutputPlanRequest, _token: CancelToken
    ) -> Generator[DiskSpace, None, Mapping[int, Path]]:
        """Check the output folder of a batch, and plan the targets of its items.

        Check also whether the batch may use the prior that it fell back to. The prior is that of
        the common settings; `restore_item` checks an item's own settings.

        Yields:
            The space on the disk, if it is probably not sufficient.

        Returns:
            The targets that `plan_targets_job` plans.

        Raises:
            UnwritableOutput: If the output folder is not writable.
            PriorFallbackRefused: See `check_prior_of_results`.
            CoreError: If the prior cannot be loaded, or the manifest cannot be read.
            InvalidSetting: See `plan_targets_job`.
        """
        folder = request.output_location.folder
        assert folder is not None
        common_settings = request.common_settings
        check_output_folder(folder)
        space = measure_disk_space(
            folder,
            [item.source for item in request.items if item.status.is_pending],
            suffix=common_settings.suffix,
            bits=common_settings.export.bits,
        )
        if space.is_scarce:
            yield space
        settings = common_settings.restore
        if settings.is_prior_fallback:
            settings = _load_correction(settings)
            prior = self._prior_cache.load(settings.device, settings.prior)
            check_prior_fallback(self._open_manifest(folder), common_settings, settings, prior)
        return plan_targets_job(request)

    def restore_item(
        self, request: BatchItemRequest, token: CancelToken
    ) -> Generator[BatchItemProgress, None, BatchItem]:
        """Restore or skip one file; yield progress and return its batch item with the new status.

        Raises:
            BatchPriorUnavailable: If the prior of the common settings cannot be loaded.
            OutputFolderUnwritable: If the output folder is not writable any more.
            OperationCancelled: If `token` was cancelled; no result is written then.
        """
        item = request.item
        settings = request.settings.restore_settings_of(item)
        try:
            settings = _load_correction(settings)
            prior = self._prior_cache.load(settings.device, settings.prior)
        except CoreError as error:
            if item.own_settings is None:
                raise BatchPriorUnavailable(error) from error
            return mark_item_failed(item, error)
        folder = request.output_location.folder
        if item.own_settings is not None and folder is not None and request.replacement is None:
            try:
                check_prior_fallback(self._open_manifest(folder), request.settings, settings, prior)
            except CoreError as error:
                return mark_item_failed(item, error)
        batch_settings = build_batch_settings(request, settings)
        return (yield from self._restore_with_prior(request, batch_settings, prior, token))

    def _restore_with_prior(
        self, request: BatchItemRequest, settings: BatchSettings, prior: Prior, token: CancelToken
    ) -> Generator[BatchItemProgress, None, BatchItem]:
        steps = StepIterator(self._start_steps(request, settings, prior, token))
        painter, start_time = LivePreviewPainter(), time.monotonic()
        next_report_time = next_preview_time = 0.0
        for step in steps:
            now = time.monotonic()
            is_last_step = step.evaluations_done == step.total_evaluations
            if now >= next_report_time or is_last_step:
                next_report_time = now + _PROGRESS_INTERVAL_S
                preview = None
                if now >= next_preview_time or is_last_step:
                    next_preview_time = now + _PREVIEW_INTERVAL_S
                    preview = painter.paint(step)
                yield BatchItemProgress(
                    step.evaluations_done, step.total_evaluations, now - start_time, preview
                )
        outcome = steps.result
        if outcome.should_stop_batch and isinstance(outcome.error, UnwritableOutput):
            raise OutputFolderUnwritable(outcome.error)
        return apply_file_outcome(request.item, outcome)

    def _start_steps(
        self, request: BatchItemRequest, settings: BatchSettings, prior: Prior, token: CancelToken
    ) -> Generator[RunStep, None, FileOutcome]:
        from ddrm_core.batch.runner import restore_file

        item, output_location = request.item, request.output_location
        if request.replacement is not None:
            return self._replacer.replace(item.source, request.replacement, settings, prior, token)
        assert output_location.folder is not None
        planned_file = build_planned_file(item, output_location, request.settings)
        manifest = self._open_manifest(output_location.folder)
        other_items = OtherBatchItems(request.items, item, output_location, request.settings)
        return restore_file(planned_file, settings, prior, manifest, token, other_items)

    def _open_manifest(self, folder: Path) -> Manifest:
        if self._manifest is None or self._manifest.folder != folder:
            self._manifest = Manifest(folder, find_driver(folder), writes_index=True)
        return self._manifest


def _load_correction(settings: RestoreSettings) -> RestoreSettings:
    """Return the settings with the parameters of the plug-in that is their correction.

    Settings from a batch file do not have them.
    """
    return replace(settings, sampler=load_chosen_correction(settings.sampler))


def build_batch_settings(
    request: BatchItemRequest, restore_settings: RestoreSettings
) -> BatchSettings:
    """Return the core's settings for the requested item.

    Args:
        request: The request, with export settings and options of the batch.
        restore_settings: Settings of the item, its own or the common ones.
    """
    return BatchSettings(
        restore_settings.sampler,
        restore_settings.seed,
        restore_settings.assumption,
        request.settings.export,
        tolerate_damage=request.tolerate_damage,
        redo=request.item.redo,
        keep_date=request.settings.keep_date,
        selection=request.selection,
    )


def apply_file_outcome(item: BatchItem, outcome: FileOutcome) -> BatchItem:
    """Return `item` with the status, figures and notes of its outcome."""
    if outcome.error is not None:
        return replace(mark_item_failed(item, outcome.error), seconds=outcome.seconds)
    notes = list_outcome_notes(outcome)
    if notes:
        notes = (f"{notes[0][:1].upper()}{notes[0][1:]}", *notes[1:])
    if outcome.copied_from is not None:
        notes = (tr("Copied from {name}").format(name=outcome.copied_from.name), *notes)
    if outcome.state is FileState.SKIPPED:
        notes = (tr("Done before with these settings"),)
    elif outcome.state is FileState.KEPT_OTHER_SETTINGS:
        notes = (tr("Done before with other settings"),)
    elif reason := other_file_text(outcome):
        notes = (f"{reason[:1].upper()}{reason[1:]}",)
    is_done, status = outcome.state is FileState.DONE, _STATUS_OF_FILE_STATE[outcome.state]
    return replace(
        item,
        status=status,
        target=outcome.target if outcome.state.has_target else None,
        consistency=outcome.consistency,
        seconds=outcome.seconds if is_done else None,
        evaluation_count=outcome.evaluations,
        message="; ".join(notes),
        redo=False,
        is_partial=outcome.damage is not None,
        sizes=_measure_sizes(item.source, outcome) if status.has_result else None,
    )


def _measure_sizes(source: Path, outcome: FileOutcome) -> FileSizes | None:
    """Return the sizes of a source and its result, None if one of them is gone already."""
    original = outcome.backup or source  # a result may have the name of its source
    try:
        return FileSizes(os.stat(original).st_size, os.stat(outcome.target).st_size)
    except OSError:
        return None


def mark_item_failed(item: BatchItem, error: Exception) -> BatchItem:
    """Return `item` as failed, with a message that says what to do and what went wrong."""
    text = message_from_error(error, named_file=item.source).as_row_text()
    if isinstance(error, PriorFallbackRefused):
        text = refused_fallback_message(error).as_row_text()
    if isinstance(error, OutputExists):  # the window has no option to overwrite
        advice = tr("{path} exists already. Choose other names for results, or move it away.")
        text = advice.format(path=error.path)
    return replace(item, status=ItemStatus.FAILED, message=text)


@dataclass(frozen=True, slots=True, eq=False)
class BatchResultImage:
    """The result of a batch item, loaded from its file.

    Attributes:
        item_id: Number of the batch item.
        image: Image for the screen.
    """

    item_id: int
    image: MipmapImage


def load_result_image(
    item_id: int, display: DisplayTransform, result_path: Path
) -> BatchResultImage:
    """Load a result for the screen with the display transform of its source.

    The pixels are not reoriented if the orientation is already applied to the pixels of the file.
    Raises the errors of `load_image`.
    """
    from ddrm_core.export.replay import record_from_metadata
    from ddrm_core.formats.load import load_image
    from ddrm_core.imaging.quantize_pixels import to_uint8

    loaded = load_image(result_path)
    record = record_from_metadata(loaded.metadata)
    if record is not None and record.baked_orientation != 1:
        display = DisplayTransform(display.icc_profile, 1, display.channels)
    return BatchResultImage(
        item_id, create_mipmap_image(display.to_display_pixels(to_uint8(loaded.pixels)))
    )


def _report_result(item: BatchItem) -> str:
    """Return the path of an item's result or copy for the report, empty without a file."""
    has_file = item.status is not ItemStatus.FAILED and item.target is not None
    return str(item.target) if has_file else ""


def save_batch_report_job(items: Sequence[BatchItem], report_path: Path) -> Path:
    """Write a report on the finished and failed items and return its path.

    Raises the errors of `write_batch_report`.
    """
    write_batch_report(
        report_path,
        [
            ReportRow(
                file=str(item.source),
                result=_report_result(item),
                state=item.status.name.lower(),
                consistency=item.consistency,
                seconds=round(item.seconds or 0.0, 3),
                evaluations=item.evaluation_count,
                message=item.message,
            )
            for item in items
            if not item.status.is_pending and item.status is not ItemStatus.WORKING
        ],
    )
    return report_path
