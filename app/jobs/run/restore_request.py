"""What a restoration is asked to do, and the run that this makes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from app.i18n.translation import tr_noop
from app.jobs.run.prior_cache import PriorCache
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.problems.bit_depth.settings import ReconstructionPoint
from ddrm_core.restoration.assumption import NO_ASSUMPTION, CompressionAssumption
from ddrm_core.sampler.settings import SamplerSettings

# Functions below import what needs torch when they run, for the reason given in `PriorCache`.
if TYPE_CHECKING:
    from app.jobs.run.result import RunResult
    from ddrm_core.problems.bit_depth.image import QuantizedImage
    from ddrm_core.problems.protocols import MeasuredImage
    from ddrm_core.restoration.run import Run
    from ddrm_core.restoration.source import SourceImage


class ProblemKind(StrEnum):
    """What is to be put right in a picture."""

    JPEG = tr_noop("JPEG artifacts")
    BANDING = tr_noop("Banding")


@dataclass(frozen=True, slots=True, eq=False)
class RestoreRequest:
    """Everything that one restoration will use.

    Attributes:
        source: The file.
        sampler_settings: Of the sampler.
        seed: 0 to 2**63 - 1.
        device_name: A name that `choose_device` knows.
        assumption: Assumption about the compression, which counts for a JPEG problem only.
        problem: What is to be put right.
        bits_per_channel: Per channel, that are left in a picture with banding, 1 to 7; None
            estimates them.
        region: The only pixels to restore, of a JPEG problem's picture as stored; None for all.
        prior_name: Name of one that was imported, None for the bundled one.
        region_result: A region that was restored with the same choices, to be shown as it is while
            the whole picture is.
        preview_interval: Every how many-th of its pictures is wanted while it runs; 0 for the last
            alone, and then no estimates are kept.
    """

    source: SourceImage
    sampler_settings: SamplerSettings
    seed: int
    device_name: str
    assumption: CompressionAssumption = NO_ASSUMPTION
    problem: ProblemKind = ProblemKind.JPEG
    bits_per_channel: int | None = None
    region: Rectangle | None = None
    prior_name: str | None = None
    region_result: RunResult | None = None
    preview_interval: int = 1


def create_run_from_request(prior_cache: PriorCache, request: RestoreRequest) -> Run[MeasuredImage]:
    """Measure the file, load the prior, and capture both.

    Raises:
        NoSignOfJpeg, InvalidSetting: See `measure`; also a seed that is out of range.
        NotQuantized, NotEightBits: See `quantized_image_from_pixels`; of a JPEG, as
            `load_quantized_image`.
        UnknownDevice, BadPrior, UnreadableFile, NoRoomForPrior: The prior cannot be loaded there.
        PriorNotHere: See `find_prior_file`.
        OutOfMemory: Not even the levels fit.
    """
    from ddrm_core.device.execution_limits import DEFAULT_PIXEL_LIMITS

    pixel_limits = prior_cache.pixel_limits or DEFAULT_PIXEL_LIMITS
    if request.problem is ProblemKind.BANDING:
        from ddrm_core.restoration.run import create_bit_depth_run

        return create_bit_depth_run(
            _open_quantized_image(request.source, request.bits_per_channel),
            prior_cache.load(request.device_name, request.prior_name),
            request.sampler_settings,
            seed=request.seed,
            initial_value=ReconstructionPoint.MIDDLE,
            limits=pixel_limits,
        )
    from ddrm_core.restoration.run import create_jpeg_run
    from ddrm_core.restoration.source import jpeg_image_from_source

    return create_jpeg_run(
        jpeg_image_from_source(request.source, request.assumption),
        prior_cache.load(request.device_name, request.prior_name),
        request.sampler_settings,
        seed=request.seed,
        region=request.region,
        limits=pixel_limits,
    )


def _open_quantized_image(source: SourceImage, bits: int | None) -> QuantizedImage:
    from ddrm_core.problems.bit_depth.image import load_quantized_image, quantized_image_from_pixels

    if isinstance(source, JpegImage):
        # What was agreed to when it was opened holds here too.
        return load_quantized_image(source.path, bits=bits, max_pixels=source.width * source.height)
    return quantized_image_from_pixels(
        source.pixels, path=source.path, metadata=source.metadata, bits=bits
    )
