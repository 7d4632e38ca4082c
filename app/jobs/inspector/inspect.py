"""Looking up what a file and a result say: of one place, and of one band of coefficients."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from app.jobs.run.result import RunResult
from ddrm_core.cancel import CancelToken
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.image import JpegImage

# Functions below import what needs torch when they run, for the reason given in `PriorCache`.
if TYPE_CHECKING:
    from torch import Tensor

    from ddrm_core.restoration.source import SourceImage
    from ddrm_core.verification.band_statistics import (
        CoefficientHistogram,
        CoefficientReading,
        LevelCounts,
    )


class ResultPixelReader:
    """What is shown of a result, piece by piece. Only one thread calls its methods."""

    def __init__(self, result: RunResult) -> None:
        self._result = result
        self._sample_pixels: NDArray[Any] | None = None

    @property
    def output_region(self) -> Rectangle:
        """What there is of it, in pixels of the picture as stored."""
        return self._result.restoration.run.output_region

    def __call__(self, rectangle: Rectangle) -> Tensor:
        """(n, h, w) in grey levels of a rectangle inside `place`. Raises UnreadableFile."""
        import torch

        result = self._result
        rows, columns = rectangle.slices_in(self.output_region)
        mean = result.restoration.image[:, rows, columns]
        if not result.sharpness:
            return mean
        if self._sample_pixels is None:
            # Where it was put on disk, it is read once and not for every pixel.
            self._sample_pixels = result.samples[result.sample_number - 1].load()
        sample_pixels = torch.from_numpy(self._sample_pixels[:, rows, columns].copy())
        return torch.lerp(mean, sample_pixels, result.sharpness)


@dataclass(frozen=True, slots=True, eq=False)
class BandInspectionRequest:
    """Which band of which pictures.

    Attributes:
        jpeg_image: What was measured.
        result_pixels: None where there is none.
        component: From 0.
        band: 0 to 63, 8 times the vertical frequency plus the horizontal one.
    """

    jpeg_image: JpegImage
    result_pixels: ResultPixelReader | None
    component: int
    band: int


@dataclass(frozen=True, slots=True, eq=False)
class BandInspection:
    """What was found.

    Attributes:
        request: Of what.
        level_counts: In the file.
        result_histogram: Of the result, None where there is none.
    """

    request: BandInspectionRequest
    level_counts: LevelCounts
    result_histogram: CoefficientHistogram | None


@dataclass(frozen=True, slots=True, eq=False)
class PixelInspectionRequest:
    """Which pixel of which pictures.

    Attributes:
        source: The file.
        jpeg_image: What was measured; None where nothing has levels.
        result_pixels: None where there is none.
        stored_position: Column and row in the picture as stored.
        displayed_position: The same in the picture as shown.
        component: Of the band that is looked at.
        band: See `BandInspectionRequest`.
    """

    source: SourceImage
    jpeg_image: JpegImage | None
    result_pixels: ResultPixelReader | None
    stored_position: tuple[int, int]
    displayed_position: tuple[int, int]
    component: int
    band: int


@dataclass(frozen=True, slots=True, eq=False)
class PixelInspection:
    """What was found.

    Attributes:
        request: Of what.
        before_values: Grey, RGB or ink as stored, 0 to 255.
        after_values: The same of the result; None where there is none there.
        coefficient_reading: Of the block there; None where nothing has levels.
    """

    request: PixelInspectionRequest
    before_values: tuple[int, ...]
    after_values: tuple[int, ...] | None
    coefficient_reading: CoefficientReading | None


def inspect_band_job(
    request: BandInspectionRequest, token: CancelToken
) -> Generator[None, None, BandInspection]:
    """Count levels and a result's coefficients.

    Raises:
        Cancelled: `token` was cancelled.
        UnreadableFile: See `ResultPixelReader`.
    """
    from ddrm_core.verification.band_statistics import count_levels, measure_coefficient_histogram

    yield from ()
    level_counts = count_levels(request.jpeg_image, request.component, request.band)
    result_histogram, result_pixels = None, request.result_pixels
    if result_pixels is not None:
        result_histogram = measure_coefficient_histogram(
            request.jpeg_image,
            result_pixels,
            result_pixels.output_region,
            request.component,
            request.band,
            token,
        )
    return BandInspection(request, level_counts, result_histogram)


def inspect_pixel(request: PixelInspectionRequest) -> PixelInspection:
    """Look up one pixel. Raises UnreadableFile; see `ResultPixelReader`."""
    from ddrm_core.verification.band_statistics import read_coefficient

    x, y = request.stored_position
    pixel_rectangle, result_pixels = Rectangle(x, y, 1, 1), request.result_pixels
    after_values = None
    if (
        result_pixels is not None
        and pixel_rectangle.intersection(result_pixels.output_region) == pixel_rectangle
    ):
        after_values = _to_8_bit_values(result_pixels(pixel_rectangle))
    coefficient_reading = None
    if request.jpeg_image is not None:
        coefficient_reading = read_coefficient(
            request.jpeg_image,
            request.stored_position,
            request.component,
            request.band,
            result_pixels,
            None if result_pixels is None else result_pixels.output_region,
        )
    return PixelInspection(
        request,
        _to_8_bit_values(_read_source_pixel(request.source, pixel_rectangle)),
        after_values,
        coefficient_reading,
    )


def _read_source_pixel(source: SourceImage, pixel_rectangle: Rectangle) -> Tensor:
    if isinstance(source, JpegImage):
        return _decode_jpeg_pixel(source, pixel_rectangle)
    rows, columns = pixel_rectangle.slices_in(Rectangle(0, 0, *source.size))
    return source.pixels[:, rows, columns]


def _decode_jpeg_pixel(jpeg_image: JpegImage, pixel_rectangle: Rectangle) -> Tensor:
    """What a decoder makes of the levels there."""
    import torch

    from ddrm_core.jpeg.crop import crop_jpeg
    from ddrm_core.jpeg.operator import create_jpeg_operator, levels_to_tensors

    operator = create_jpeg_operator(jpeg_image)
    mcu_width, mcu_height = operator.mcu_size
    canvas_rectangle = Rectangle(0, 0, operator.width, operator.height)
    # An MCU more on every side: the decoder's chroma filter reaches into it.
    decoded_area = pixel_rectangle.aligned_outward(mcu_width, mcu_height)
    decoded_area = Rectangle(
        decoded_area.left - mcu_width,
        decoded_area.top - mcu_height,
        decoded_area.width + 2 * mcu_width,
        decoded_area.height + 2 * mcu_height,
    ).intersection(canvas_rectangle)
    cropped_image = crop_jpeg(jpeg_image, decoded_area)
    x = create_jpeg_operator(cropped_image).decode(
        levels_to_tensors(cropped_image, torch.device("cpu"))
    )
    rows, columns = pixel_rectangle.slices_in(decoded_area)
    return operator.color_model.to_pixels(x[:, :, rows, columns])[0]


def _to_8_bit_values(pixel: Tensor) -> tuple[int, ...]:
    """As 8 bits hold them."""
    return tuple(int(value) for value in pixel.flatten().round().clamp(0, 255))
