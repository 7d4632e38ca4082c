"""`ddrm-restore dequantize`: lower bits for a picture that has lost them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import options
from app.cli.console import failures_reported, note
from app.cli.execute_run import carry_out
from app.cli.output_files import Outputs
from app.cli.restore_command import DEFAULT_JPEG_QUALITY, DEFAULT_MEGAPIXELS
from app.cli.sampler_options import Choices, check_spread
from app.config.prior_locations import prior_on
from ddrm_core.metadata.policy import MetadataPolicy
from ddrm_core.problems.bit_depth.settings import BinPoint, check_bits
from ddrm_core.sampler.settings import SamplerSettings, check_seed

if TYPE_CHECKING:  # import torch, which wrong usage should not wait for
    from ddrm_core.export.deliver import DeliverySettings
    from ddrm_core.problems.bit_depth.image import QuantizedImage


@dataclass(frozen=True, slots=True)
class _Wish:
    """What was asked of the run."""

    settings: SamplerSettings
    seed: int
    prior: str
    device: str
    shown_as: BinPoint


_Source = Annotated[
    Path, typer.Argument(help="A picture with banding, of any format; it is never changed.")
]
_Output = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--output",
        help="The result: .png, .tiff, .webp or .jpg; IMAGE's name and _dequantized.png if left"
        " out.",
    ),
]
_BitsLeft = Annotated[
    int | None,
    typer.Option(help="That are left in IMAGE, 1 to 7; estimated from its values if left out."),
]
_ShownAs = Annotated[
    BinPoint,
    typer.Option(
        help="What the run starts from: the middle or, as the paper's authors do, the lower edge"
        " of the bins."
    ),
]


def dequantize(
    image: _Source,
    bits_per_channel: _BitsLeft = None,
    output: _Output = None,
    preset: options.PresetName = None,
    steps: options.Steps = None,
    samples: options.Samples = None,
    start: options.Start = None,
    correction: options.Correction = None,
    eta: options.Eta = None,
    eta_b: options.EtaB = None,
    shown_as: _ShownAs = BinPoint.MIDDLE,
    seed: options.Seed = None,
    prior: options.Prior = options.BUNDLED_NAME,
    device: options.Device = "auto",
    metadata: options.Policy = MetadataPolicy.ALL,
    bits: options.Bits = 8,
    jpeg_quality: options.JpegQuality = DEFAULT_JPEG_QUALITY,
    bake_orientation: options.Bake = False,
    spread: options.Spread = None,
    samples_dir: options.SamplesFolder = None,
    max_megapixels: options.MaxMegapixels = DEFAULT_MEGAPIXELS,
    overwrite: options.Overwrite = False,
) -> None:
    """Give the pixels of one picture their lower bits back."""
    with failures_reported():
        choices = Choices(preset, steps, samples, start, correction, eta, eta_b)
        settings = choices.settings()
        check_seed(seed or 0)
        if spread is not None:
            check_spread(settings)
        if bits_per_channel is not None:
            check_bits(bits_per_channel)
        wish = _Wish(settings, seed or 0, prior, device, shown_as)
        # Reading first: what is wrong with the file is said before a prior is loaded.
        from ddrm_core.export.deliver import DeliverySettings
        from ddrm_core.problems.bit_depth.image import open_quantized

        max_pixels = max_megapixels * 1_000_000
        source = open_quantized(image, bits=bits_per_channel, max_pixels=max_pixels)
        delivery = DeliverySettings(bits, metadata, bake_orientation, jpeg_quality)
        outputs = Outputs(image, output, spread, samples_dir, overwrite, "_dequantized")
        _say_what_was_read(source, estimated=bits_per_channel is None)
        _dequantize(source, wish, outputs, delivery)


def _say_what_was_read(image: QuantizedImage, *, estimated: bool) -> None:
    if estimated:
        note(f"{image.path} has {image.bits} bits per channel, estimated from its values")
    elif image.expansion is None:
        note(f"{image.path} has more than {image.bits} bits per channel; the lower are not used")


def _dequantize(
    image: QuantizedImage, wish: _Wish, outputs: Outputs, delivery: DeliverySettings
) -> None:
    from ddrm_core.restoration.run import make_dequantize_run

    count = wish.settings.samples if outputs.samples else 0
    picture = outputs.check(image, delivery, count)
    prior = prior_on(wish.prior, wish.device, note)
    run = make_dequantize_run(image, prior, wish.settings, seed=wish.seed, shown_as=wish.shown_as)
    carry_out(run, outputs, picture, delivery, counted="pixel values")
