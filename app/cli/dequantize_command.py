"""`ddrm-restore dequantize`: lower bits for a picture that has lost them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import options
from app.cli.console import print_note, report_failures
from app.cli.execute_run import execute_run
from app.cli.output_files import OutputFiles
from app.cli.restore_command import DEFAULT_MAX_MEGAPIXELS
from app.cli.sampler_options import SamplerOptions, check_sample_count
from app.config.prior_locations import load_prior_by_name
from ddrm_core.formats.defaults import DEFAULT_JPEG_QUALITY
from ddrm_core.metadata.policy import MetadataPolicy
from ddrm_core.problems.bit_depth.settings import ReconstructionPoint, check_bits_per_channel
from ddrm_core.sampler.settings import SamplerSettings, check_seed

if TYPE_CHECKING:  # import torch, which wrong usage should not wait for
    from ddrm_core.export.settings import ExportSettings
    from ddrm_core.problems.bit_depth.image import QuantizedImage


@dataclass(frozen=True, slots=True)
class _DequantizeOptions:
    """What was asked of the run."""

    settings: SamplerSettings
    seed: int
    prior: str
    device: str
    initial_value: ReconstructionPoint


_SourceArgument = Annotated[
    Path, typer.Argument(help="A picture with banding, of any format; it is never changed.")
]
_OutputOption = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--output",
        help="The result: .png, .tiff, .webp or .jpg; IMAGE's name and _dequantized.png if left"
        " out.",
    ),
]
_BitsPerChannelOption = Annotated[
    int | None,
    typer.Option(help="That are left in IMAGE, 1 to 7; estimated from its values if left out."),
]
_InitialValueOption = Annotated[
    ReconstructionPoint,
    typer.Option(
        help="What the run starts from: the middle or, as the paper's authors do, the lower edge"
        " of the bins."
    ),
]


def dequantize(
    image: _SourceArgument,
    bits_per_channel: _BitsPerChannelOption = None,
    output: _OutputOption = None,
    preset: options.PresetOption = None,
    steps: options.StepsOption = None,
    samples: options.SamplesOption = None,
    start: options.StartOption = None,
    correction: options.CorrectionOption = None,
    correction_parameter: options.CorrectionParametersOption = None,
    eta: options.EtaOption = None,
    eta_b: options.EtaBOption = None,
    shown_as: _InitialValueOption = ReconstructionPoint.MIDDLE,
    seed: options.SeedOption = None,
    prior: options.PriorOption = options.BUNDLED_PRIOR_NAME,
    device: options.DeviceOption = "auto",
    metadata: options.MetadataPolicyOption = MetadataPolicy.ALL,
    bits: options.BitsOption = 8,
    jpeg_quality: options.JpegQualityOption = DEFAULT_JPEG_QUALITY,
    bake_orientation: options.BakeOrientationOption = False,
    spread: options.SpreadOption = None,
    samples_dir: options.SamplesFolderOption = None,
    max_megapixels: options.MaxMegapixelsOption = DEFAULT_MAX_MEGAPIXELS,
    overwrite: options.OverwriteOption = False,
) -> None:
    """Give the pixels of one picture their lower bits back."""
    with report_failures():
        sampler_options = SamplerOptions(
            preset, steps, samples, start, correction, eta, eta_b, correction_parameter or ()
        )
        settings = sampler_options.to_settings()
        check_seed(seed or 0)
        if spread is not None:
            check_sample_count(settings)
        if bits_per_channel is not None:
            check_bits_per_channel(bits_per_channel)
        dequantize_options = _DequantizeOptions(settings, seed or 0, prior, device, shown_as)
        # Reading first: what is wrong with the file is said before a prior is loaded.
        from ddrm_core.export.settings import ExportSettings
        from ddrm_core.problems.bit_depth.image import load_quantized_image

        max_pixels = max_megapixels * 1_000_000
        source = load_quantized_image(image, bits=bits_per_channel, max_pixels=max_pixels)
        export_settings = ExportSettings(bits, metadata, bake_orientation, jpeg_quality)
        output_files = OutputFiles(image, output, spread, samples_dir, overwrite, "_dequantized")
        _print_bit_depth_note(source, is_estimated=bits_per_channel is None)
        _dequantize_source(source, dequantize_options, output_files, export_settings)


def _print_bit_depth_note(image: QuantizedImage, *, is_estimated: bool) -> None:
    if is_estimated:
        print_note(f"{image.path} has {image.bits} bits per channel, estimated from its values")
    elif image.expansion is None:
        print_note(
            f"{image.path} has more than {image.bits} bits per channel; the lower are not used"
        )


def _dequantize_source(
    image: QuantizedImage,
    dequantize_options: _DequantizeOptions,
    output_files: OutputFiles,
    export_settings: ExportSettings,
) -> None:
    from ddrm_core.restoration.run import create_bit_depth_run

    sample_count = dequantize_options.settings.samples if output_files.samples_folder else 0
    result_path = output_files.validate_paths(image, export_settings, sample_count)
    prior = load_prior_by_name(dequantize_options.prior, dequantize_options.device, print_note)
    run = create_bit_depth_run(
        image,
        prior,
        dequantize_options.settings,
        seed=dequantize_options.seed,
        initial_value=dequantize_options.initial_value,
    )
    execute_run(run, output_files, result_path, export_settings, counted_noun="pixel values")
