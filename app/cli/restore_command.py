"""`ddrm-restore restore`: restores one image."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import options as shared
from app.cli.console import print_note
from app.cli.execute_run import execute_run
from app.cli.output_files import OutputFiles
from app.cli.sampler_options import SamplerOptions, check_spread
from app.cli.setting_options import Changes, changes_of, options_of, parse_whole_numbers
from app.config.prior_locations import find_installed_prior
from app.i18n.formatting import damage_text, estimated_compression_text
from ddrm_core.errors import InvalidSetting, UnknownPrior
from ddrm_core.export.settings import ExportSettings
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.restoration.assumption import NO_ASSUMPTION, CompressionAssumption
from ddrm_core.sampler.corrections.registry import CORRECTIONS
from ddrm_core.sampler.settings import SamplerSettings

if TYPE_CHECKING:  # loads torch; usage errors are reported without it
    from ddrm_core.export.run_record import JpegRunRecord
    from ddrm_core.restoration.source import SourceImage


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreOptions:
    """The arguments of `restore`, in the order of its help."""

    image: Annotated[
        Path,
        typer.Argument(
            help="JPEG, or an image of another format that was a JPEG before; it is never changed."
        ),
    ]
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            help="File of the result: .png, .tiff, .webp, .jpg, .jxl or .avif; default:"
            " IMAGE's name with _restored.png, or .tiff if PNG cannot hold the result.",
        ),
    ] = None
    sampler: SamplerOptions
    run: shared.RunOptions
    assumption: Annotated[Changes, changes_of(CompressionAssumption, "quality", "grid", "sampling")]
    region: Annotated[
        str | None,
        typer.Option(
            metavar="X,Y,W,H",
            help="Restore and write only this rectangle: left, top, width and height in pixels of"
            " the stored image, before its EXIF orientation is applied.",
        ),
    ] = None
    blending: Annotated[Changes, changes_of(ExportSettings, "sharpness", "strength")]
    keep: Annotated[
        list[str] | None,
        typer.Option(
            metavar="X,Y,W,H",
            help="Leave this rectangle as in the file, such as text or a face, enlarged to whole"
            " blocks of 8x8 to 32x16 pixels: left, top, width and height in pixels of the stored"
            " image; can be repeated.",
        ),
    ] = None
    like: Annotated[
        Path | None,
        typer.Option(
            help="Result of an earlier run that is repeated with the settings in its run record."
        ),
    ] = None
    export: Annotated[
        ExportSettings,
        options_of(
            ExportSettings, "policy", "bits", "jpeg_quality", "same_levels", "bake_orientation"
        ),
    ]
    spread: shared.SpreadOption = None
    samples_dir: shared.SamplesFolderOption = None
    tolerate_damage: shared.TolerateDamageOption = False
    max_megapixels: shared.MaxMegapixelsOption = shared.DEFAULT_MAX_MEGAPIXELS
    keep_date: shared.KeepDateOption = True
    overwrite: shared.OverwriteOption = False


def restore(options: RestoreOptions) -> None:
    """Restore one image."""
    region, settings = None, None
    if options.region is not None:
        region = _parse_rectangle("region", options.region)
    kept_areas = tuple(_parse_rectangle("keep", text) for text in options.keep or ())
    if options.like is None:
        settings = options.sampler.to_settings()
        check_spread(options.spread, settings)
    elif options.sampler.preset is not None:
        raise InvalidSetting("preset", options.sampler.preset, "left out together with --like")
    # The file is read first, so that its errors are reported before a prior is loaded.
    from ddrm_core.restoration.source import open_source_image

    max_pixels = options.max_megapixels * 1_000_000
    source = open_source_image(
        options.image, tolerate_damage=options.tolerate_damage, max_pixels=max_pixels
    )
    _restore_source(options, source, settings, region, kept_areas)


def _parse_rectangle(name: str, text: str) -> Rectangle:
    """Return the rectangle in the value of an option such as "200,100,640,480".

    Raise InvalidSetting if the text is not a list of four integers; `name` is the option's name.
    """
    example = "four whole numbers such as 200,100,640,480"
    return Rectangle(*parse_whole_numbers(name, text, count=4, max_digits=6, example=example))


def _restore_source(
    options: RestoreOptions,
    source: SourceImage,
    settings: SamplerSettings | None,
    region: Rectangle | None,
    kept_areas: tuple[Rectangle, ...],
) -> None:
    """Restore an opened file with the given settings or with those of a run record.

    Args:
        options: Options of the command.
        source: Content of the file.
        settings: Sampler settings; None if the option `--like` names a result with a run record.
        region: Region that is restored; None for the region in the run record or, without one, for
            the whole image.
        kept_areas: Areas that stay as in the file; none for those in the run record.
    """
    from ddrm_core.export.replay import (
        assumption_from_record,
        check_recorded_prior,
        read_run_record,
        region_from_record,
    )
    from ddrm_core.restoration.run import check_region, create_jpeg_run
    from ddrm_core.restoration.source import jpeg_image_from_source

    seed, assumption = options.run.seed or 0, NO_ASSUMPTION
    record = None if options.like is None else read_run_record(options.like)
    if record is not None:
        settings = options.sampler.changes.apply_to(record.sampler, options.like)
        if settings.correction == record.sampler.correction:
            name, origin = settings.correction, CORRECTIONS.format_origin(settings.correction)
            _print_origin_note(f"correction {name}", record.correction_origin, origin)
        seed = record.seed if options.run.seed is None else seed
        assumption = assumption_from_record(record, source)
        region = region or region_from_record(record)
    assert settings is not None  # without a run record, the caller passes settings
    assumption = replace(assumption, **options.assumption)
    export = _choose_export_settings(options, record, kept_areas)
    image = jpeg_image_from_source(source, assumption)
    _print_source_notes(source, assumption)
    check_region(region, image)
    files = OutputFiles(
        options.image,
        options.output,
        options.spread,
        options.samples_dir,
        options.overwrite,
        options.keep_date,
    )
    sample_count = settings.samples if options.samples_dir else 0
    result_path = files.validate_paths(image, export, sample_count, region)
    prior = options.run.load_prior(_choose_prior(options, record))
    if record is not None and options.like is not None:
        check_recorded_prior(record, prior, options.like)
        architecture, origin = prior.info.architecture, prior.info.architecture_origin
        _print_origin_note(f"architecture {architecture}", record.architecture_origin, origin)
    run = create_jpeg_run(image, prior, settings, seed=seed, region=region)
    pause = options.run.compute.create_pause()
    execute_run(run, files, result_path, export, counted_noun="levels", pause=pause)


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


def _choose_prior(options: RestoreOptions, record: JpegRunRecord | None) -> str:
    """Return the name or file of the prior of a run.

    A run record's prior is preferred to the default one if it is known by its name. Raise
    PriorNotInstalled or PackagedPriorUnavailable if it is known but not installed.
    """
    if options.run.prior is not None or record is None:
        return shared.choose_prior_name(options.run.prior, options.sampler.base_preset)
    try:
        find_installed_prior(record.prior)
    except UnknownPrior:
        return shared.choose_prior_name(None, None)
    return record.prior


def _print_origin_note(name: str, recorded_origin: str | None, origin: str | None) -> None:
    """Print a note if the origin of a recorded plug-in differs from that of the installed one.

    Args:
        name: Kind and name of the plug-in, e.g. "correction bins".
        recorded_origin: Origin in the run record, None for a built-in one.
        origin: Origin of the installed plug-in of this name.
    """
    if origin != recorded_origin:
        print_note(f"The recorded {name} is {recorded_origin}, not {origin}; the result can differ")


def _print_source_notes(source: SourceImage, assumption: CompressionAssumption) -> None:
    """Print a note about the damage of a JPEG, or about the estimated compression of pixels."""
    from ddrm_core.jpeg.image import JpegImage

    if isinstance(source, JpegImage):
        if source.damage is not None:
            print_note(f"{source.path} is damaged: {damage_text(source.damage.description)}")
    elif source.previous_compression is not None and assumption.quality is None:
        print_note(
            f"{source.path} is not a JPEG:"
            f" {estimated_compression_text(source.previous_compression)}"
        )
