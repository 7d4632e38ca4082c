"""`ddrm-restore dequantize`: restores the lower bits of an image with banding."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.console import print_note
from app.cli.options import shared
from app.cli.options.declaration import options_of
from app.cli.options.sampler import SamplerOptions, check_spread
from app.cli.run.execution import execute_run
from app.cli.run.output_files import OutputFiles
from ddrm_core.export.settings import ExportSettings
from ddrm_core.problems.bit_depth.settings import ReconstructionPoint, check_bits_per_channel

if TYPE_CHECKING:  # loads torch; usage errors are reported without it
    from ddrm_core.problems.bit_depth.image import QuantizedImage


@dataclass(frozen=True, slots=True, kw_only=True)
class DequantizeOptions:
    """The arguments of `dequantize`, in the order of its help."""

    image: Annotated[
        Path,
        typer.Argument(
            metavar="IMAGE",
            help="Image with banding, in any readable format; it is never changed.",
        ),
    ]
    bits_per_channel: Annotated[
        int | None,
        typer.Option(
            help="Bits per channel that IMAGE has left, 1 to 7; default: estimated from its values."
        ),
    ] = None
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            help="File of the result: .png, .tiff, .webp, .jpg, .jxl or .avif; default:"
            " IMAGE's name with _dequantized.png, or .tiff if PNG cannot hold the result.",
        ),
    ] = None
    sampler: SamplerOptions
    shown_as: Annotated[
        ReconstructionPoint,
        typer.Option(
            help="Pixel values from which the run starts: the middle of the bins or, as in the code"
            " of the paper's authors, their lower edge."
        ),
    ] = ReconstructionPoint.MIDDLE
    run: shared.RunOptions
    export: Annotated[
        ExportSettings,
        options_of(ExportSettings, "policy", "bits", "jpeg_quality", "bake_orientation"),
    ]
    spread: shared.SpreadOption = None
    samples_dir: shared.SamplesFolderOption = None
    max_megapixels: shared.MaxMegapixelsOption = shared.DEFAULT_MAX_MEGAPIXELS
    keep_date: shared.KeepDateOption = True
    overwrite: shared.OverwriteOption = False


def dequantize(options: DequantizeOptions) -> None:
    """Restore the lost lower bits of the pixel values of an image."""
    settings, bits = options.sampler.to_settings(), options.bits_per_channel
    check_spread(options.spread, settings)
    if bits is not None:
        check_bits_per_channel(bits)
    # The file is read first, so that its errors are reported before a prior is loaded.
    from ddrm_core.problems.bit_depth.image import load_quantized_image
    from ddrm_core.restoration.run import create_bit_depth_run

    max_pixels = options.max_megapixels * 1_000_000
    source = load_quantized_image(options.image, bits=bits, max_pixels=max_pixels)
    files = OutputFiles(
        options.image,
        options.output,
        options.spread,
        options.samples_dir,
        options.overwrite,
        options.keep_date,
        "_dequantized",
    )
    _print_bit_depth_note(source, is_estimated=bits is None)
    sample_count = settings.samples if options.samples_dir else 0
    result_path = files.validate_paths(source, options.export, sample_count)
    prior_name = shared.choose_prior_name(options.run.prior, options.sampler.base_preset)
    run = create_bit_depth_run(
        source,
        options.run.load_prior(prior_name),
        settings,
        seed=options.run.seed or 0,
        initial_value=options.shown_as,
    )
    execute_run(
        run,
        files,
        result_path,
        options.export,
        counted_noun="pixel values",
        pause=options.run.compute.create_pause(),
    )


def _print_bit_depth_note(image: QuantizedImage, *, is_estimated: bool) -> None:
    if is_estimated:
        print_note(f"{image.path} has {image.bits} bits per channel, estimated from its values")
    elif image.expansion is None:
        print_note(
            f"{image.path} has more than {image.bits} bits per channel; the lower bits are not used"
        )
