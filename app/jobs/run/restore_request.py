"""What a restoration is asked to do, and the run that this makes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from app.i18n.translation import mark
from app.jobs.run.prior_cache import Engine
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.problems.bit_depth.settings import BinPoint
from ddrm_core.sampler.settings import SamplerSettings

# Functions below import what needs torch when they run, for the reason given in `Engine`.
if TYPE_CHECKING:
    from app.jobs.run.result import Restored
    from ddrm_core.problems.bit_depth.image import QuantizedImage
    from ddrm_core.problems.protocols import Measured
    from ddrm_core.restoration.input import Source
    from ddrm_core.restoration.run import Run


class ProblemKind(StrEnum):
    """What is to be put right in a picture."""

    JPEG = mark("JPEG artifacts")
    BANDING = mark("Banding")


@dataclass(frozen=True, slots=True, eq=False)
class RestoreRequest:
    """Everything that one restoration will use.

    Attributes:
        source: The file.
        settings: Of the sampler.
        quality: Assumed, 1 to 100; None follows the file, as in `Assumption`.
        seed: 0 to 2**63 - 1.
        device: A name that `choose_device` knows.
        grid: Assumed; likewise.
        sampling: Assumed; likewise.
        problem: With banding, nothing is assumed of a compression.
        bits: Per channel, that are left in a picture with banding, 1 to 7; None estimates them.
        region: The only pixels to restore, of a JPEG problem's picture as stored; None for all.
        prior: Name of one that was imported, None for the bundled one.
        finished: A region that was restored with the same choices, to be shown as it is while the
            whole picture is.
        pictures: Every how many-th of its pictures is wanted while it runs; 0 for the last alone,
            and then no estimates are kept.
    """

    source: Source
    settings: SamplerSettings
    quality: int | None
    seed: int
    device: str
    grid: tuple[int, int] | None = None
    sampling: str | None = None
    problem: ProblemKind = ProblemKind.JPEG
    bits: int | None = None
    region: Rectangle | None = None
    prior: str | None = None
    finished: Restored | None = None
    pictures: int = 1


def run_for(engine: Engine, request: RestoreRequest) -> Run[Measured]:
    """Measure the file, load the prior, and capture both.

    Raises:
        NoSignOfJpeg, InvalidSetting: See `measure`; also a seed that is out of range.
        NotQuantized, NotEightBits: See `quantized_image`; of a JPEG, as `open_quantized`.
        UnknownDevice, BadPrior, UnreadableFile, NoRoomForPrior: The prior cannot be loaded there.
        PriorNotHere: See `find_prior`.
        OutOfMemory: Not even the levels fit.
    """
    from ddrm_core.device.execution_limits import USUAL_LIMITS

    limits = engine.limits or USUAL_LIMITS
    if request.problem is ProblemKind.BANDING:
        from ddrm_core.restoration.run import make_dequantize_run

        return make_dequantize_run(
            _quantized(request.source, request.bits),
            engine.prior(request.device, request.prior),
            request.settings,
            seed=request.seed,
            shown_as=BinPoint.MIDDLE,
            limits=limits,
        )
    from ddrm_core.restoration.input import Assumption, measure
    from ddrm_core.restoration.run import make_run

    image = measure(request.source, Assumption(request.quality, request.grid, request.sampling))
    return make_run(
        image,
        engine.prior(request.device, request.prior),
        request.settings,
        seed=request.seed,
        region=request.region,
        limits=limits,
    )


def _quantized(source: Source, bits: int | None) -> QuantizedImage:
    from ddrm_core.problems.bit_depth.image import open_quantized, quantized_image

    if isinstance(source, JpegImage):
        # What was agreed to when it was opened holds here too.
        return open_quantized(source.path, bits=bits, max_pixels=source.width * source.height)
    return quantized_image(source.picture, path=source.path, metadata=source.metadata, bits=bits)
