"""Restore requests and the runs that they describe."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from app.i18n.translation import tr_noop
from app.jobs.run.prior_cache import PriorCache
from app.jobs.run.restore_settings import RestoreSettings
from app.jobs.run.result_strength import FULL_STRENGTH, ResultStrength
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.problems.bit_depth.settings import ReconstructionPoint

# torch takes seconds to import, so the functions below import it when they run; see `PriorCache`.
if TYPE_CHECKING:
    from app.jobs.run.result import RunResult
    from ddrm_core.problems.bit_depth.image import QuantizedImage
    from ddrm_core.problems.protocols import InverseProblem, MeasuredImage
    from ddrm_core.restoration.run import Run
    from ddrm_core.restoration.source import SourceImage


_INITIAL_VALUE = ReconstructionPoint.MIDDLE


class ProblemKind(StrEnum):
    """The defect of an image that a run is asked to correct: JPEG compression or banding."""

    JPEG = tr_noop("JPEG artifacts")
    BANDING = tr_noop("Banding")


@dataclass(frozen=True, slots=True, eq=False)
class RestoreRequest:
    """A request for one run: the source and everything that the run is asked to use.

    Attributes:
        source: Content of the file.
        settings: Settings of the restoration; the assumption is ignored for banding.
        problem: Defect that is to be corrected.
        bits_per_channel: Remaining bits per channel of an image with banding, 1 to 7; None to
            detect them.
        region: Region of the image as stored that is restored; None for the whole image. Ignored
            for banding.
        region_result: Result of a region with the same settings, shown in the previews while the
            remaining image is restored; None without one.
        preview_interval: n to show every n-th preview that could be shown; 0 to show the last one
            only and to record no estimates.
        initial_strength: Strength and kept areas with which the result is shown first.
        is_pasted: Whether the source is an image of the clipboard, which has no file and no date.
    """

    source: SourceImage
    settings: RestoreSettings
    problem: ProblemKind = ProblemKind.JPEG
    bits_per_channel: int | None = None
    region: Rectangle | None = None
    region_result: RunResult | None = None
    preview_interval: int = 1
    initial_strength: ResultStrength = FULL_STRENGTH
    is_pasted: bool = False


def create_run_from_request(prior_cache: PriorCache, request: RestoreRequest) -> Run[MeasuredImage]:
    """Create the run that a request describes.

    The levels of the source are computed and the prior is loaded if necessary.

    Raises:
        CompressionNotDetected: See `jpeg_image_from_source`.
        InvalidSetting: If the seed, the region, the assumption or the bits per channel are out of
            range or do not fit the source.
        BitDepthNotDetected, NotEightBitImage: See `quantized_image_from_pixels`, for banding.
        UnreadableFile, UnsupportedImage: See `load_quantized_image`, for banding of a JPEG.
        UnknownDevice, InvalidPrior, UnreadableFile, InsufficientMemory: If the prior cannot be
            loaded on the device.
        PriorNotInstalled, UnknownPrior: See `find_installed_prior`.
        OutOfMemory: If the levels do not fit into memory.
    """
    from ddrm_core.device.execution_limits import DEFAULT_PIXEL_LIMITS

    settings, pixel_limits = request.settings, prior_cache.pixel_limits or DEFAULT_PIXEL_LIMITS
    if request.problem is ProblemKind.BANDING:
        from ddrm_core.restoration.run import create_bit_depth_run

        return create_bit_depth_run(
            _open_quantized_image(request.source, request.bits_per_channel),
            prior_cache.load(settings.device, settings.prior),
            settings.sampler,
            seed=settings.seed,
            initial_value=_INITIAL_VALUE,
            limits=pixel_limits,
        )
    from ddrm_core.restoration.run import create_jpeg_run
    from ddrm_core.restoration.source import jpeg_image_from_source

    return create_jpeg_run(
        jpeg_image_from_source(request.source, settings.assumption),
        prior_cache.load(settings.device, settings.prior),
        settings.sampler,
        seed=settings.seed,
        region=request.region,
        limits=pixel_limits,
    )


def create_problem_from_request(
    request: RestoreRequest, path: Path
) -> InverseProblem[MeasuredImage]:
    """Create, on the CPU, the inverse problem of the run that a request describes.

    Args:
        request: The request, whose source may be a copy of the restored file.
        path: Path of the restored file.

    Raises the errors of `create_run_from_request` about the source and the assumption.
    """
    import torch

    from ddrm_core.problems.bit_depth.problem import BitDepthProblem
    from ddrm_core.problems.jpeg import create_jpeg_problem
    from ddrm_core.restoration.source import jpeg_image_from_source

    cpu = torch.device("cpu")
    if request.problem is ProblemKind.BANDING:
        image = _open_quantized_image(request.source, request.bits_per_channel)
        return BitDepthProblem(replace(image, path=path), cpu, _INITIAL_VALUE)
    jpeg_image = jpeg_image_from_source(request.source, request.settings.assumption)
    return create_jpeg_problem(replace(jpeg_image, path=path), cpu)


def _open_quantized_image(source: SourceImage, bits: int | None) -> QuantizedImage:
    from ddrm_core.problems.bit_depth.image import load_quantized_image, quantized_image_from_pixels

    if isinstance(source, JpegImage):
        # The user agreed to the number of pixels when the file was opened.
        return load_quantized_image(source.path, bits=bits, max_pixels=source.width * source.height)
    return quantized_image_from_pixels(
        source.pixels, path=source.path, metadata=source.metadata, bits=bits
    )
