"""Jobs of the inspector and the readout: the values of one pixel and of one band."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from app.jobs.run.result import RunResult
from ddrm_core.cancel import CancelToken
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.image import JpegImage

# torch takes seconds to import, so the functions below import it when they run; see `PriorCache`.
if TYPE_CHECKING:
    from torch import Tensor

    from ddrm_core.restoration.source import SourceImage
    from ddrm_core.verification.band_statistics import (
        CoefficientHistogram,
        CoefficientReading,
        LevelCounts,
    )


class ResultPixelReader:
    """A reader of the pixels that a result shows, one rectangle at a time.

    Not thread-safe.
    """

    def __init__(self, result: RunResult) -> None:
        self._result = result
        self._sample_pixels: NDArray[Any] | None = None

    @property
    def output_region(self) -> Rectangle:
        """Rectangle of the result, in pixels of the image as stored."""
        return self._result.restoration.run.output_region

    def __call__(self, rectangle: Rectangle) -> Tensor:
        """Return the pixels (n, h, w) of a rectangle inside `output_region`, in gray levels.

        Raises:
            UnreadableFile: See `StoredArray.load`.
        """
        import torch

        result = self._result
        rows, columns = rectangle.slices_in(self.output_region)
        if result.blended_image is not None:
            return result.blended_image[:, rows, columns]
        mean = result.restoration.image[:, rows, columns]
        if not result.sharpness:
            return mean
        if self._sample_pixels is None:
            # A sample that was moved to disk is read once and not for every pixel.
            self._sample_pixels = result.samples[result.sample_number - 1].load()
        sample_pixels = torch.from_numpy(self._sample_pixels[:, rows, columns].copy())
        return torch.lerp(mean, sample_pixels, result.sharpness)


@dataclass(frozen=True, slots=True, eq=False)
class BandInspectionRequest:
    """A request to inspect one band of a JPEG and of a result.

    Attributes:
        jpeg_image: Levels of the file, or levels computed under an assumption.
        result_pixels: Pixels of the result, None without a result.
        component: Index of the component, from 0.
        band: Index of the band, 0 to 63: 8 times the vertical frequency plus the horizontal one.
    """

    jpeg_image: JpegImage
    result_pixels: ResultPixelReader | None
    component: int
    band: int


@dataclass(frozen=True, slots=True, eq=False)
class BandInspection:
    """Statistics of one band.

    Attributes:
        request: Request that the statistics answer.
        level_counts: Counts of the levels in the file.
        result_histogram: Histogram of the result's coefficients, None without a result.
    """

    request: BandInspectionRequest
    level_counts: LevelCounts
    result_histogram: CoefficientHistogram | None


@dataclass(frozen=True, slots=True, eq=False)
class PixelInspectionRequest:
    """A request to inspect one pixel of a file and of a result.

    Attributes:
        source: Content of the file.
        jpeg_image: Levels of the file, or levels computed under an assumption; None without
            levels.
        result_pixels: Pixels of the result, None without a result.
        stored_position: Column and row of the pixel in the image as stored.
        displayed_position: Column and row of the pixel in the image as displayed.
        component: Index of the component, from 0, of the coefficient that is read.
        band: Band of the coefficient that is read; see `BandInspectionRequest`.
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
    """Values of one pixel.

    Attributes:
        request: Request that the values answer.
        before_values: Channels of the file's pixel as stored: gray, RGB or ink, 0 to 255.
        after_values: Channels of the result's pixel; None without a result at this pixel.
        coefficient_reading: Coefficient of the pixel's block; None without levels.
    """

    request: PixelInspectionRequest
    before_values: tuple[int, ...]
    after_values: tuple[int, ...] | None
    coefficient_reading: CoefficientReading | None


def inspect_band_job(
    request: BandInspectionRequest, token: CancelToken
) -> Generator[None, None, BandInspection]:
    """Count the levels of one band and compute the histogram of the result's coefficients.

    Raises:
        OperationCancelled: If `token` was cancelled.
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
    """Read the values of one pixel before and after the run, and one coefficient of its block.

    Raises:
        UnreadableFile: See `ResultPixelReader`.
    """
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
    """Return the channels (n, 1, 1) of one pixel in gray levels, decoded from nearby levels.

    `pixel_rectangle` is the rectangle of the pixel.
    """
    import torch

    from ddrm_core.jpeg.crop import crop_jpeg
    from ddrm_core.jpeg.operator import create_jpeg_operator, levels_to_tensors

    operator = create_jpeg_operator(jpeg_image)
    mcu_width, mcu_height = operator.mcu_size
    canvas_rectangle = Rectangle(0, 0, operator.width, operator.height)
    # One more MCU on every side is decoded, because the chroma upsampling filter reads it.
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
    """Return the channels of a pixel, rounded and clipped to 0..255."""
    return tuple(int(value) for value in pixel.flatten().round().clamp(0, 255))
