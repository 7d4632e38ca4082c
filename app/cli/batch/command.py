"""`ddrm-restore batch`: a folder of pictures, each as `restore` would."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli import options
from app.cli.batch.folders import BatchFolders
from app.cli.console import ExitStatus, report_failures
from app.cli.restore_command import DEFAULT_MAX_MEGAPIXELS
from app.cli.sampler_options import SamplerOptions
from ddrm_core.batch.name_template import CUSTOM_NAME, DEFAULT_TEMPLATE, TEMPLATE_FIELD_NAMES
from ddrm_core.batch.output_paths import OutputNaming
from ddrm_core.formats.defaults import DEFAULT_JPEG_QUALITY
from ddrm_core.metadata.policy import MetadataPolicy
from ddrm_core.sampler.settings import PRESETS, Preset

_FolderArgument = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="Pictures; none of them is ever changed.")
]
_OutputFolderOption = Annotated[
    Path,
    typer.Option(
        "-o",
        "--output",
        metavar="FOLDER",
        help="Where results go; started again, what is done is skipped.",
    ),
]
_RecursiveOption = Annotated[
    bool,
    typer.Option("--recursive", help="Folders inside FOLDER too; made again among the results."),
]
_AllImagesOption = Annotated[
    bool,
    typer.Option(
        "--all-pictures", help="Also PNG, TIFF, WebP and BMP files that once were a JPEG."
    ),
]
_TemplateOption = Annotated[
    str,
    typer.Option(
        help="Names of results, with "
        + ", ".join(f"{{{name}}}" for name in TEMPLATE_FIELD_NAMES)
        + "; / makes"
        " folders, and a suffix instead of {ext} chooses the format.",
    ),
]
_ReportOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Also write what became of each file: .csv or .json; an earlier report gives way.",
    ),
]
_OverwriteOption = Annotated[
    bool,
    typer.Option(
        "--overwrite", help="Replace other files, and results of other pictures, in the way."
    ),
]
_RedoOption = Annotated[
    bool,
    typer.Option("--redo", help="Replace results that other settings or another prior made."),
]
_WatchOption = Annotated[
    bool,
    typer.Option("--watch", help="Then restore what arrives in FOLDER, until stopped by Ctrl+C."),
]


def batch(
    folder: _FolderArgument,
    output: _OutputFolderOption,
    recursive: _RecursiveOption = False,
    all_pictures: _AllImagesOption = False,
    template: _TemplateOption = DEFAULT_TEMPLATE,
    report: _ReportOption = None,
    watch: _WatchOption = False,
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
    sharpness: options.SharpnessOption = None,
    metadata: options.MetadataPolicyOption = MetadataPolicy.ALL,
    bits: options.BitsOption = 8,
    jpeg_quality: options.JpegQualityOption = DEFAULT_JPEG_QUALITY,
    bake_orientation: options.BakeOrientationOption = False,
    tolerate_damage: options.TolerateDamageOption = False,
    max_megapixels: options.MaxMegapixelsOption = DEFAULT_MAX_MEGAPIXELS,
    overwrite: _OverwriteOption = False,
    redo: _RedoOption = False,
) -> None:
    """Restore every picture in a folder; a bad one ends nothing, a stopped batch goes on later."""
    with report_failures():
        sampler_options = SamplerOptions(
            preset, steps, samples, start, correction, eta, eta_b, correction_parameter or ()
        )
        naming = _create_naming(template, sampler_options, seed or 0, prior, quality)
        batch_folders = BatchFolders(folder, output, recursive, all_pictures)
        batch_folders.find_sources()
        # What is wrong so far is said at once; from here on torch is needed.
        from app.cli.batch.executor import BatchExecutor
        from ddrm_core.batch.settings import BatchSettings
        from ddrm_core.export.settings import ExportSettings
        from ddrm_core.restoration.assumption import CompressionAssumption

        export_settings = ExportSettings(
            bits, metadata, bake_orientation, jpeg_quality, sharpness=sharpness or 0.0
        )
        settings = BatchSettings(
            sampler=sampler_options.to_settings(),
            seed=seed or 0,
            assumption=CompressionAssumption(quality),
            export=export_settings,
            tolerate_damage=tolerate_damage,
            max_pixels=max_megapixels * 1_000_000,
            overwrite=overwrite,
            redo=redo,
        )
        executor = BatchExecutor(batch_folders, settings, naming, report)
        if executor.run_batch(prior, device, watch=watch):
            raise typer.Exit(ExitStatus.FAILED)


def _create_naming(
    template: str, sampler_options: SamplerOptions, seed: int, prior: str, quality: int | None
) -> OutputNaming:
    """Raises InvalidSetting, also for the sampler's settings."""
    preset = sampler_options.preset or Preset.BALANCED
    return OutputNaming(
        template,
        preset_name=preset if sampler_options.to_settings() == PRESETS[preset] else CUSTOM_NAME,
        seed=seed,
        prior_name=Path(prior).name.removesuffix(".safetensors"),
        assumed_quality=quality,
    )
