"""Restoration of the images of `restore`, one after another, with one prior."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.console import format_failure, print_failure, print_note
from app.cli.inputs.input_options import InputImage
from app.cli.inputs.pipes import PIPE, copy_to_standard_output, make_private_folder
from app.cli.inputs.targets import create_target_folder
from app.cli.options import shared
from app.cli.restore.earlier_compression import assume_earlier_compression
from app.cli.restore.options import RestoreOptions
from app.cli.restore.source_notes import print_source_notes
from app.cli.run.execution import execute_run
from app.cli.run.output_files import OutputFiles
from app.cli.run_events import EventFile, Failure, name_error_kind, write_failed_file
from app.config.prior_locations import find_installed_prior
from ddrm_core.batch.outcome import FileState
from ddrm_core.batch.output_paths import PlannedFile
from ddrm_core.errors import OperationCancelled, UnknownPrior, UnwritableOutput
from ddrm_core.export.settings import ExportSettings
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.restoration.assumption import NO_ASSUMPTION
from ddrm_core.sampler.corrections.registry import CORRECTIONS
from ddrm_core.sampler.settings import SamplerSettings

if TYPE_CHECKING:  # loads torch; usage errors are reported without it
    from app.cli.run.dry_run import PlanContext, RestorePlan
    from ddrm_core.export.run_record import JpegRunRecord
    from ddrm_core.jpeg.image import JpegImage
    from ddrm_core.prior.denoiser import Prior
    from ddrm_core.restoration.source import SourceImage


class CommandPrior:
    """The prior of a command, chosen and loaded once for all its images.

    Attributes:
        failure: Error of loading the prior, which concerns every image; None without one.
        context: Description of the prior and the device; None before `describe` was called.
    """

    def __init__(self, options: RestoreOptions) -> None:
        self._options = options
        self._prior: Prior | None = None
        self._name: str | None = None
        self.failure: Exception | None = None
        self.context: PlanContext | None = None

    def load(self, record: JpegRunRecord | None) -> Prior:
        """Return the prior, loaded by the first call.

        Raise the errors of `RunOptions.load_prior` and `choose_name`.
        """
        if self._prior is None:
            try:
                self._prior = self._options.run.load_prior(self.choose_name(record))
            except Exception as error:
                self.failure = error
                raise
        return self._prior

    def describe(self, record: JpegRunRecord | None) -> PlanContext:
        """Return the description of the prior and the device, read by the first call.

        Raise the errors of `create_plan_context` and `choose_name`.
        """
        from app.cli.run.dry_run import create_plan_context  # loads torch

        if self.context is None:
            try:
                self.context = create_plan_context(self.choose_name(record), self._options.run)
            except Exception as error:
                self.failure = error
                raise
        return self.context

    def choose_name(self, record: JpegRunRecord | None) -> str:
        """Return the name or file of the prior, chosen by the first call.

        A run record's prior is preferred to the default one if it is known by its name. Raise
        PriorNotInstalled or PackagedPriorUnavailable if it is known but not installed.
        """
        if self._name is None:
            self._name = self._choose_name(record)
        return self._name

    def _choose_name(self, record: JpegRunRecord | None) -> str:
        options = self._options
        if options.run.prior is not None or record is None:
            return shared.choose_prior_name(options.run.prior, options.sampler.base_preset)
        try:
            find_installed_prior(record.prior)
        except UnknownPrior:
            return shared.choose_prior_name(None, None)
        return record.prior


@dataclass(frozen=True, slots=True, eq=False)
class _PreparedRun:
    """Everything that is known about a restoration before the prior is loaded.

    Attributes:
        image: Image with the file's levels.
        settings: Sampler settings.
        seed: Seed.
        region: Region that is restored, None for the whole image.
        export: Export settings of the result.
        files: Output files.
        result_path: Path of the result.
        record: Run record whose settings are used, None without one.
    """

    image: JpegImage
    settings: SamplerSettings
    seed: int
    region: Rectangle | None
    export: ExportSettings
    files: OutputFiles
    result_path: Path
    record: JpegRunRecord | None


@dataclass(frozen=True, slots=True, eq=False)
class ImageRestorer:
    """A restorer of images with the options of one command.

    Attributes:
        options: Options of the command.
        settings: Sampler settings; None if the option `--like` names a result with a run record.
        region: Region that is restored; None for the region in the run record or, without one, for
            the whole image.
        kept_areas: Areas that stay as in the file; none for those in the run record.
        prior: Prior of all images.
        plan: Plan to which the images are added instead of being restored; None to restore them.
        counts: Number of images by outcome so far.
        failures: Number of failed images by kind of the error so far.
    """

    options: RestoreOptions
    settings: SamplerSettings | None
    region: Rectangle | None
    kept_areas: tuple[Rectangle, ...]
    prior: CommandPrior
    plan: RestorePlan | None = None
    counts: Counter[FileState] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)

    def restore_images(self, files: Sequence[tuple[InputImage, PlannedFile]]) -> int:
        """Restore each image to its planned target, and return the number of failed ones.

        Each failure is printed. The command ends at the first failure that concerns all images: of
        the prior, or of a full disk.

        Raises:
            OperationCancelled: If a run was cancelled.
            BrokenPipeError: If the reader of standard output has ended.
            CoreError: If the prior cannot be loaded.
        """
        failed_count = 0
        for number, (image, file) in enumerate(files, 1):
            event_file = EventFile(number, image.name)
            try:
                self._restore_to_planned_target(image, file, event_file)
            except (OperationCancelled, BrokenPipeError):
                raise
            # No error of one image may end the command.
            except Exception as error:
                if error is self.prior.failure or _is_full_disk(error):
                    raise
                print_failure(image.name_in_error(error))
                self._write_failure(event_file, error)
                failed_count += 1
        return failed_count

    def restore_image(self, image: InputImage) -> None:
        """Restore the only image of a command, to the path that the options name.

        Raises the errors of reading, restoring and writing it.
        """
        try:
            source = self._open_source(image)
            if self.options.is_piped:
                self._restore_to_standard_output(image, source)
            else:
                output = self.options.output
                result_path = None if output is None else _path_from_text(output)
                files = self._create_files(image, result_path)
                self._restore_source(source, files, EventFile(1, image.name))
        except (OperationCancelled, BrokenPipeError):
            raise
        except Exception as error:
            self._write_failure(EventFile(1, image.name), image.name_in_error(error))
            raise

    def _write_failure(self, file: EventFile, error: Exception) -> None:
        """Print the event of an image that failed, or that would fail."""
        failure = Failure(name_error_kind(error), format_failure(error))
        self.counts[FileState.FAILED] += 1
        self.failures[failure.kind] += 1
        if self.plan is not None:
            self.plan.add_failure(file, failure)
        else:
            write_failed_file(file, failure)

    def _restore_to_planned_target(
        self, image: InputImage, planned: PlannedFile, event_file: EventFile
    ) -> None:
        if self.plan is None:
            create_target_folder(planned.target)
        files = self._create_files(image, planned.target)
        self._restore_source(self._open_source(image), files, event_file, planned)

    def _restore_to_standard_output(self, image: InputImage, source: SourceImage) -> None:
        with make_private_folder() as folder:
            result_path = folder / f"{image.path.stem}_restored{self.options.suffix}"
            files = replace(self._create_files(image, result_path), is_piped=True)
            self._restore_source(source, files, EventFile(1, image.name))
            copy_to_standard_output(result_path)

    def _open_source(self, image: InputImage) -> SourceImage:
        from ddrm_core.restoration.source import open_source_image

        options = self.options
        return open_source_image(
            image.path,
            tolerate_damage=options.tolerate_damage,
            max_pixels=options.max_megapixels * 1_000_000,
        )

    def _create_files(self, image: InputImage, result_path: Path | None) -> OutputFiles:
        options = self.options
        return OutputFiles(
            image.path,
            result_path,
            options.spread,
            options.samples_dir,
            options.overwrite,
            options.keep_date,
            suffix=options.suffix,
        )

    def _restore_source(
        self,
        source: SourceImage,
        files: OutputFiles,
        event_file: EventFile,
        planned: PlannedFile | None = None,
    ) -> None:
        """Restore an opened file, or add it to the plan.

        Args:
            source: Content of the file.
            files: Output files.
            event_file: Number and name of the file in events.
            planned: Planned result, whose suffix may follow from the image; None for the path in
                `files`.
        """
        from ddrm_core.export.replay import check_recorded_prior
        from ddrm_core.restoration.run import create_jpeg_run

        options = self.options
        prepared = self._prepare_run(source, event_file.name, files, planned)
        record, result_path = prepared.record, prepared.result_path
        if self.plan is not None:
            self.prior.describe(record)
            self.plan.add_image(
                *(event_file, prepared.image, prepared.region, result_path),
                *(prepared.settings, prepared.export),
            )
            return
        prior = self.prior.load(record)
        if record is not None and options.like is not None:
            check_recorded_prior(record, prior, options.like)
            architecture, origin = prior.info.architecture, prior.info.architecture_origin
            _print_origin_note(f"architecture {architecture}", record.architecture_origin, origin)
        run = create_jpeg_run(
            prepared.image, prior, prepared.settings, seed=prepared.seed, region=prepared.region
        )
        execute_run(
            run,
            prepared.files,
            result_path,
            prepared.export,
            counted_noun="levels",
            pause=options.run.compute.create_pause(),
            event_file=event_file,
        )
        self.counts[FileState.DONE] += 1

    def _prepare_run(
        self, source: SourceImage, name: str, files: OutputFiles, planned: PlannedFile | None
    ) -> _PreparedRun:
        """Check a restoration with the given settings or with those of a run record.

        The arguments are those of `_restore_source`; `name` is that of the file in notes.
        """
        from ddrm_core.batch.placement import find_supported_target
        from ddrm_core.export.replay import (
            assumption_from_record,
            read_run_record,
            region_from_record,
        )
        from ddrm_core.restoration.run import check_region
        from ddrm_core.restoration.source import jpeg_image_from_source

        options, settings, region = self.options, self.settings, self.region
        seed, assumption = options.run.seed or 0, NO_ASSUMPTION
        record = None if options.like is None else read_run_record(options.like)
        if record is not None:
            settings = options.sampler.changes.apply_to(record.sampler, options.like)
            if settings.correction == record.sampler.correction:
                correction = settings.correction
                origin = CORRECTIONS.format_origin(correction)
                _print_origin_note(f"correction {correction}", record.correction_origin, origin)
            seed = record.seed if options.run.seed is None else seed
            assumption = assumption_from_record(record, source)
            region = region or region_from_record(record)
        assert settings is not None  # without a run record, the caller passes settings
        assumption = replace(assumption, **options.assumption)
        if options.assume_earlier:
            assumption = assume_earlier_compression(source, name, assumption)
        export = _choose_export_settings(options, record, self.kept_areas)
        image = jpeg_image_from_source(source, assumption)
        print_source_notes(source, name, assumption)
        check_region(region, image)
        if planned is not None:
            files = files.with_planned_path(find_supported_target(planned, image, export))
        sample_count = settings.samples if options.samples_dir else 0
        may_lack_folder = self.plan is not None and planned is not None
        result_path = files.validate_paths(
            image, export, sample_count, region, may_lack_folder=may_lack_folder
        )
        return _PreparedRun(image, settings, seed, region, export, files, result_path, record)


def _path_from_text(output: str) -> Path:
    """Return the path that a user wrote, absolute for a file of the name "-" such as "./-"."""
    path = Path(output)
    return path.absolute() if str(path) == PIPE else path


def _is_full_disk(error: Exception) -> bool:
    """Return whether no further result can be written."""
    from ddrm_core.batch.write_result import FATAL_FAILURES  # loads torch

    return isinstance(error, UnwritableOutput) and error.reason in FATAL_FAILURES


def _choose_export_settings(
    options: RestoreOptions, record: JpegRunRecord | None, kept_areas: tuple[Rectangle, ...]
) -> ExportSettings:
    """Return the export settings of the options, preferred to those of a run record.

    `kept_areas` are those of the options; without any, those of the run record are kept.
    """
    from ddrm_core.export.replay import kept_areas_from_record

    export = options.export
    if record is not None:
        export = replace(
            export, sharpness=record.sharpness, sample=record.sample, strength=record.strength
        )
        kept_areas = kept_areas or kept_areas_from_record(record)
    return replace(export, **options.blending, kept_areas=kept_areas)


def _print_origin_note(name: str, recorded_origin: str | None, origin: str | None) -> None:
    """Print a note if the origin of a recorded plug-in differs from that of the installed one.

    Args:
        name: Kind and name of the plug-in, e.g. "correction bins".
        recorded_origin: Origin in the run record, None for a built-in one.
        origin: Origin of the installed plug-in of this name.
    """
    if origin != recorded_origin:
        print_note(f"The recorded {name} is {recorded_origin}, not {origin}; the result can differ")
