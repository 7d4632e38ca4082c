"""`ddrm-restore batch`: restores every image of a folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from app.cli.batch.folders import BatchFolders
from app.cli.batch.places import find_stores, parse_place
from app.cli.batch.replacement_options import ReplacementOptions
from app.cli.batch.undo import undo_batch
from app.cli.batch.worker_options import WorkerOptions
from app.cli.console import ExitStatus
from app.cli.options import shared
from app.cli.options.declaration import options_of
from app.cli.options.follow import FollowOptions
from app.cli.options.sampler import SamplerOptions
from ddrm_core.batch.name_template import CUSTOM_NAME, DEFAULT_TEMPLATE, TEMPLATE_FIELD_NAMES
from ddrm_core.batch.output_paths import OutputNaming
from ddrm_core.batch.report import check_report_path
from ddrm_core.batch.selection.rule import SelectionRule
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.errors import InvalidSetting
from ddrm_core.export.settings import ExportSettings, choose_default_suffix
from ddrm_core.metadata.model import MetadataPolicy
from ddrm_core.restoration.assumption import CompressionAssumption
from ddrm_core.sampler.settings import find_preset


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOptions:
    """The arguments of `batch`, in the order of its help."""

    folder: Annotated[
        str,
        typer.Argument(
            metavar="FOLDER",
            help="Folder of images, which only --replace-originals changes, or an address of an"
            " object store such as s3://bucket/scans.",
        ),
    ]
    output: Annotated[
        str | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FOLDER",
            help="Folder or address for the results, needed unless originals are replaced; files"
            " whose results it already holds are skipped.",
        ),
    ] = None
    recursive: Annotated[
        bool,
        typer.Option(
            "--recursive",
            help="Also restore images in subfolders; their results get the same subfolders.",
        ),
    ] = False
    all_pictures: Annotated[
        bool,
        typer.Option(
            "--all-pictures",
            help="Also restore PNG, TIFF, WebP and BMP files that were a JPEG before.",
        ),
    ] = False
    template: Annotated[
        str,
        typer.Option(
            help="Name template of the results with the fields "
            + ", ".join(f"{{{name}}}" for name in TEMPLATE_FIELD_NAMES)
            + "; / separates subfolders, and a suffix instead of {ext} chooses the format."
        ),
    ] = DEFAULT_TEMPLATE
    report: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Also write the outcome of each file to this file, by its suffix as .csv, .json,"
            " .jsonl, or .parquet if pyarrow is installed; replaces an earlier report.",
        ),
    ] = None
    watch: Annotated[
        bool,
        typer.Option(
            "--watch",
            help="Afterwards restore files that are added to FOLDER, until Ctrl+C is pressed.",
        ),
    ] = False
    replacement: ReplacementOptions
    workers: WorkerOptions
    sampler: SamplerOptions
    run: shared.RunOptions
    assumption: Annotated[CompressionAssumption, options_of(CompressionAssumption, "quality")]
    selection: Annotated[
        SelectionRule, options_of(SelectionRule, "below_quality", "others", "assume_earlier")
    ]
    export: Annotated[
        ExportSettings,
        options_of(
            ExportSettings,
            *("sharpness", "strength", "policy", "bits", "jpeg_quality", "bake_orientation"),
        ),
    ]
    tolerate_damage: shared.TolerateDamageOption = False
    max_megapixels: shared.MaxMegapixelsOption = shared.DEFAULT_MAX_MEGAPIXELS
    overwrite: Annotated[
        bool,
        typer.Option(
            "--overwrite",
            help="Replace existing files at the targets, including results of other images.",
        ),
    ] = False
    redo: Annotated[
        bool,
        typer.Option(
            "--redo", help="Replace results that were made with other settings or another prior."
        ),
    ] = False
    keep_date: shared.KeepDateOption = True
    follow: FollowOptions

    def to_settings(self) -> BatchSettings:
        """Return the settings that every file of the batch is restored with.

        Raises the errors of `SamplerOptions.to_settings`.
        """
        return BatchSettings(
            sampler=self.sampler.to_settings(),
            seed=self.run.seed or 0,
            assumption=self.assumption,
            export=self.export,
            tolerate_damage=self.tolerate_damage,
            max_pixels=self.max_megapixels * 1_000_000,
            overwrite=self.overwrite,
            redo=self.redo,
            keep_date=self.keep_date,
            selection=self.selection,
        )

    def list_conflicts(self) -> dict[str, bool]:
        """Return whether each option was given that results without an output folder exclude."""
        return {
            "--output": self.output is not None,
            "--watch": self.watch,
            "--template": self.template != DEFAULT_TEMPLATE,
            "--metadata": self.export.policy is not MetadataPolicy.ALL,
            "--overwrite": self.overwrite,
            "--redo": self.redo,
            "--no-keep-date": not self.keep_date,
            "--workers": self.workers.count != 1,
            "--cluster": self.workers.cluster is not None,
            "--shard": self.workers.shard is not None,
            "--others copy": self.selection.copies_others,
        }


def batch(options: BatchOptions) -> None:
    """Restore all images in a folder.

    A file that cannot be restored does not end the batch. The same command continues a batch that
    was stopped.
    """
    with options.follow.start():
        failed_count = _run_batch(options)
    if failed_count:
        raise typer.Exit(ExitStatus.FAILED)


def _run_batch(options: BatchOptions) -> int:
    """Restore the images and return the number of failed files."""
    sources = parse_place(options.folder)
    sources.check_no_file("FOLDER")
    if options.replacement.undo:
        options.replacement.check_undo(
            {
                "--output": options.output is not None,
                "--watch": options.watch,
                "--report": options.report is not None,
                "--json-lines": options.follow.json_lines,
                "--dry-run": options.follow.dry_run,
            }
        )
        return undo_batch(sources.require_folder("--undo"))
    settings = options.to_settings()
    chosen_prior = shared.choose_prior(options.run.prior, options.sampler.base_preset)
    naming = OutputNaming(
        options.template,
        choose_default_suffix(settings.export),
        preset_name=find_preset(settings.sampler) or CUSTOM_NAME,
        seed=settings.seed,
        prior_name=Path(chosen_prior.name).name.removesuffix(".safetensors"),
        assumed_quality=options.assumption.quality,
    )
    originals = options.replacement.create_originals(
        sources, options.list_conflicts(), is_dry_run=options.follow.dry_run
    )
    if originals is None and options.output is None:
        raise InvalidSetting("output", "missing", "-o FOLDER, --replace-originals or --undo")
    results = sources if options.output is None else parse_place(options.output)
    folders = BatchFolders(
        sources.path,
        results.path,
        options.recursive,
        options.all_pictures,
        () if originals is None else originals.list_excluded(),
        find_stores(sources, results),
    )
    streamed_plan = options.workers.create_streamed_plan(folders, naming, is_watching=options.watch)
    folders.check_sources(streamed_plan)
    # Invalid options are reported before the slow import of torch.
    if options.follow.dry_run:
        from app.cli.batch.dry_run import DryRun

        if options.report is not None:
            check_report_path(options.report, overwrite=options.overwrite)
        dry_run = DryRun(folders, settings, naming, chosen_prior.name, originals, streamed_plan)
        return dry_run.print_plan(options.run)
    from app.cli.batch.executor import BatchExecutor

    executor = BatchExecutor(
        *(folders, settings, naming, options.report, streamed_plan, originals),
        is_watching=options.watch,
    )
    return executor.run_batch(chosen_prior, options.run, options.workers)
