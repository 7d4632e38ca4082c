"""`ddrm-restore restore`: one image, without a window."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli import options
from app.cli.console import print_note, report_failures
from app.cli.execute_run import execute_run
from app.cli.output_files import OutputFiles
from app.cli.sampler_options import SamplerOptions, check_sample_count
from app.config.prior_locations import load_prior_by_name
from app.i18n.formatting import damage_text, estimated_compression_text
from ddrm_core.errors import InvalidSetting
from ddrm_core.formats.defaults import DEFAULT_JPEG_QUALITY, MAX_PIXELS
from ddrm_core.metadata.policy import MetadataPolicy
from ddrm_core.sampler.corrections.registry import CORRECTIONS
from ddrm_core.sampler.settings import check_seed

if TYPE_CHECKING:  # import torch, which wrong usage should not wait for
    from ddrm_core.export.settings import ExportSettings
    from ddrm_core.restoration.assumption import CompressionAssumption
    from ddrm_core.restoration.source import SourceImage

DEFAULT_MAX_MEGAPIXELS = MAX_PIXELS // 1_000_000


@dataclass(frozen=True, slots=True)
class _RunOptions:
    """What was asked of the run besides; None follows the record or the file."""

    sampler_options: SamplerOptions
    seed: int | None
    prior: str
    device: str
    quality: int | None
    grid: tuple[int, int] | None
    chroma_sampling: str | None
    reference_result: Path | None
    region: tuple[int, ...] | None
    sharpness: float | None


def restore(
    image: options.SourceArgument,
    output: options.OutputOption = None,
    preset: options.PresetOption = None,
    steps: options.StepsOption = None,
    samples: options.SamplesOption = None,
    start: options.StartOption = None,
    correction: options.CorrectionOption = None,
    correction_parameter: options.CorrectionParametersOption = None,
    eta: options.EtaOption = None,
    eta_b: options.EtaBOption = None,
    seed: options.SeedOption = None,
    prior: options.PriorOption = options.BUNDLED_PRIOR_NAME,
    device: options.DeviceOption = "auto",
    quality: options.QualityOption = None,
    grid: options.GridOption = None,
    sampling: options.ChromaSamplingOption = None,
    region: options.RegionOption = None,
    sharpness: options.SharpnessOption = None,
    like: options.LikeOption = None,
    metadata: options.MetadataPolicyOption = MetadataPolicy.ALL,
    bits: options.BitsOption = 8,
    jpeg_quality: options.JpegQualityOption = DEFAULT_JPEG_QUALITY,
    jpeg_same_levels: options.SameLevelsOption = False,
    bake_orientation: options.BakeOrientationOption = False,
    spread: options.SpreadOption = None,
    samples_dir: options.SamplesFolderOption = None,
    tolerate_damage: options.TolerateDamageOption = False,
    max_megapixels: options.MaxMegapixelsOption = DEFAULT_MAX_MEGAPIXELS,
    overwrite: options.OverwriteOption = False,
) -> None:
    """Restore one picture."""
    with report_failures():
        run_options = _RunOptions(
            SamplerOptions(
                preset, steps, samples, start, correction, eta, eta_b, correction_parameter or ()
            ),
            seed,
            prior,
            device,
            quality,
            _parse_grid(grid),
            sampling,
            like,
            _parse_region(region),
            sharpness,
        )
        _check_options(run_options, wants_spread=spread is not None)
        # Reading first: what is wrong with the file is said before a prior is loaded.
        from ddrm_core.export.settings import ExportSettings
        from ddrm_core.restoration.source import open_source_image

        source = open_source_image(
            image, tolerate_damage=tolerate_damage, max_pixels=max_megapixels * 1_000_000
        )
        export_settings = ExportSettings(
            bits, metadata, bake_orientation, jpeg_quality, jpeg_same_levels
        )
        output_files = OutputFiles(image, output, spread, samples_dir, overwrite)
        _restore_source(source, run_options, output_files, export_settings)


def _parse_grid(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    parts = text.split(",")
    if len(parts) != 2 or not all(p.isascii() and p.isdecimal() and len(p) < 4 for p in parts):
        raise InvalidSetting("grid", text, "two numbers such as 3,5")
    return int(parts[0]), int(parts[1])


def _parse_region(text: str | None) -> tuple[int, ...] | None:
    if text is None:
        return None
    parts = text.split(",")
    if len(parts) != 4 or not all(p.isascii() and p.isdecimal() and len(p) < 7 for p in parts):
        raise InvalidSetting("region", text, "four whole numbers such as 200,100,640,480")
    return tuple(map(int, parts))


def _check_options(run_options: _RunOptions, *, wants_spread: bool) -> None:
    """Raises InvalidSetting for what can be known to be wrong before a file is read."""
    check_seed(run_options.seed or 0)
    preset = run_options.sampler_options.preset
    sampler_options = run_options.sampler_options
    if run_options.reference_result is not None and sampler_options.correction is None:
        # They are parameters of the record's correction.
        sampler_options = replace(sampler_options, correction_parameters=())
    settings = sampler_options.to_settings()
    if run_options.reference_result is not None and preset is not None:
        raise InvalidSetting("preset", preset, "left out together with --like")
    if run_options.sharpness is not None and not 0 <= run_options.sharpness <= 1:
        raise InvalidSetting("sharpness", run_options.sharpness, "0 to 1")
    if run_options.reference_result is None and wants_spread:
        check_sample_count(settings)


def _restore_source(
    source: SourceImage,
    run_options: _RunOptions,
    output_files: OutputFiles,
    export_settings: ExportSettings,
) -> None:
    from ddrm_core.export.replay import (
        assumption_from_record,
        check_recorded_prior,
        read_run_record,
        region_from_record,
    )
    from ddrm_core.imaging.rectangle import Rectangle
    from ddrm_core.restoration.assumption import CompressionAssumption
    from ddrm_core.restoration.run import check_region, create_jpeg_run
    from ddrm_core.restoration.source import jpeg_image_from_source

    assumption = CompressionAssumption(
        run_options.quality, run_options.grid, run_options.chroma_sampling
    )
    seed = run_options.seed or 0
    record = (
        None
        if run_options.reference_result is None
        else read_run_record(run_options.reference_result)
    )
    region = None if run_options.region is None else Rectangle(*run_options.region)
    sharpness, sample = run_options.sharpness, 1
    if record is None:
        settings = run_options.sampler_options.to_settings()
    else:
        region = region or region_from_record(record)
        sharpness = record.sharpness if sharpness is None else sharpness
        sample = record.sample
        settings = run_options.sampler_options.apply_to(
            record.sampler, run_options.reference_result
        )
        if settings.correction == record.sampler.correction:
            name, origin = settings.correction, CORRECTIONS.format_origin(settings.correction)
            _print_origin_note(f"correction {name}", record.correction_origin, origin)
        assumption = _merge_assumptions(assumption, assumption_from_record(record, source))
        seed = record.seed if run_options.seed is None else run_options.seed
    image = jpeg_image_from_source(source, assumption)
    _print_source_notes(source, assumption)
    check_region(region, image)
    export_settings = replace(export_settings, sharpness=sharpness or 0.0, sample=sample)
    sample_count = settings.samples if output_files.samples_folder else 0
    result_path = output_files.validate_paths(image, export_settings, sample_count, region)
    prior = load_prior_by_name(run_options.prior, run_options.device, print_note)
    if record is not None and run_options.reference_result is not None:
        check_recorded_prior(record, prior, run_options.reference_result)
        architecture, origin = prior.info.architecture, prior.info.architecture_origin
        _print_origin_note(f"architecture {architecture}", record.architecture_origin, origin)
    run = create_jpeg_run(image, prior, settings, seed=seed, region=region)
    execute_run(run, output_files, result_path, export_settings, counted_noun="levels")


def _print_origin_note(name: str, recorded_origin: str | None, origin: str | None) -> None:
    """Say it where a recorded plug-in is another one than that of the same name here."""
    if origin != recorded_origin:
        print_note(f"The recorded {name} is {recorded_origin}, not {origin}; the result can differ")


def _merge_assumptions(
    given: CompressionAssumption, recorded: CompressionAssumption
) -> CompressionAssumption:
    return replace(
        recorded,
        quality=recorded.quality if given.quality is None else given.quality,
        grid=given.grid or recorded.grid,
        sampling=given.sampling or recorded.sampling,
    )


def _print_source_notes(source: SourceImage, assumption: CompressionAssumption) -> None:
    """What the user has to know of a file that is no whole JPEG."""
    from ddrm_core.jpeg.image import JpegImage

    if isinstance(source, JpegImage):
        if source.damage is not None:
            print_note(f"{source.path} is damaged: {damage_text(source.damage.description)}")
    elif source.previous_compression is not None and assumption.quality is None:
        print_note(
            f"{source.path} is no JPEG: {estimated_compression_text(source.previous_compression)}"
        )
