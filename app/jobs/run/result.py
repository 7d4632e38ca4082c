"""Results of runs, ready to be shown."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from app.imaging.color_management import DisplayTransform, create_display_transform
from app.imaging.mipmap_image import MipmapImage, SpreadMap, create_mipmap_image, create_spread_map
from app.imaging.overlay import DeviationOverlay, create_deviation_overlay
from app.imaging.qimage import qimage_from_pixels
from app.jobs.run.result_strength import FULL_STRENGTH, ResultStrength, StrengthBlender
from app.jobs.storage.array_store import ArrayStore, StoredArray
from ddrm_core.cancel import CancelToken
from ddrm_core.imaging.rectangle import Rectangle

# torch takes seconds to import, so the functions below import it when they run; see `PriorCache`.
if TYPE_CHECKING:
    from ddrm_core.problems.protocols import MeasuredImage, PixelTensor
    from ddrm_core.restoration.restore import Restoration
    from ddrm_core.restoration.run import Run
    from ddrm_core.verification.consistency import Consistency

THUMBNAIL_SIDE = 256
"""Approximate side in device pixels, twice the size at which the samples are displayed."""


@dataclass(frozen=True, slots=True, eq=False)
class RunResult:
    """The image that a run made, with everything that the window shows of it.

    Attributes:
        restoration: Outcome of the run in the core, without samples and spread.
        sharpness: Position of the shown image between the mean (0) and one sample (1).
        image: Shown image for the screen: the whole image, decoded pixels around a region.
        exact_consistency: Consistency of the shown image before rounding and clipping.
        rounded_consistency: Consistency of the shown image as 8-bit pixels.
        distance_map: Distance in gray levels of the 8-bit pixels from their bins, 0 inside; for
            each 8x8 pixels of the image as stored the maximum over the components. Empty if no
            block is restored completely.
        overlay: Deviation overlay of `distance_map`, None if that is empty.
        full_image_buffer: Pixels of the whole image, into which the result was pasted.
        sample_number: Number of the sample at sharpness 1, from 1.
        samples: First samples, as many as were stored: (n, h, w) in gray levels. Empty for a run
            of one sample and for an estimate.
        spread: Standard deviation over all samples: (n, h, w) in gray levels; None without samples
            or without space in the array store.
        thumbnails: Thumbnails of the mean and of each of `samples`.
        spread_map: The spread for the screen, None without `spread`.
        strength: Strength and kept areas of the shown image.
        blender: Function that applies other strengths.
        blended_image: Pixels of the shown image in gray levels, None at full strength.
    """

    restoration: Restoration[MeasuredImage]
    sharpness: float
    image: MipmapImage
    exact_consistency: Consistency
    rounded_consistency: Consistency
    distance_map: NDArray[np.float32]
    overlay: DeviationOverlay | None
    full_image_buffer: FullImageBuffer
    sample_number: int = 1
    samples: tuple[StoredArray, ...] = ()
    spread: StoredArray | None = None
    thumbnails: tuple[QImage, ...] = ()
    spread_map: SpreadMap | None = None
    strength: ResultStrength = FULL_STRENGTH
    blender: StrengthBlender | None = None
    blended_image: PixelTensor | None = None

    def shown_pixels(self) -> PixelTensor:
        """Return the pixels of the shown image in gray levels.

        Raises:
            UnreadableFile: See `StoredArray.load`.
        """
        if self.blended_image is not None:
            return self.blended_image
        return self.image_at_sharpness(self.sharpness, self.sample_number)

    def image_at_sharpness(self, sharpness: float, sample_number: int) -> PixelTensor:
        """Return the mean for `sharpness` 0, a sample for 1, or an interpolated image between them.

        The image has full strength.

        Raises:
            UnreadableFile: See `StoredArray.load`.
        """
        return blend_mean_with_sample(
            self.restoration.image, self.samples, sharpness, sample_number
        )


class FullImageBuffer:
    """A buffer of the whole stored image, into which restored rectangles are pasted."""

    def __init__(self, run: Run[MeasuredImage]) -> None:
        self._run = run
        self._pixels: NDArray[np.uint8] | None = None

    def paste(self, pixels: NDArray[np.uint8], rectangle: Rectangle) -> NDArray[np.uint8]:
        """Paste 8-bit pixels into a rectangle and return the pixels of the whole image.

        Outside all pasted rectangles, the pixels are those of the decoded image.
        """
        full_rectangle = Rectangle(0, 0, *self._run.image.size)
        if rectangle == full_rectangle:
            self._pixels = None  # covered completely by `pixels`
            return pixels
        if self._pixels is None:
            self._pixels = _decode_full_image(self._run)
        self._pixels[rectangle.slices_in(full_rectangle)] = pixels
        return self._pixels


def _decode_full_image(run: Run[MeasuredImage]) -> NDArray[np.uint8]:
    """Return the 8-bit pixels of the run's whole decoded image, (h, w) or (h, w, n).

    The pixels are computed tile by tile to save memory.
    """
    from ddrm_core.imaging.quantize_pixels import to_uint8
    from ddrm_core.restoration.run import compute_tile_region, plan_run_tiles

    run = replace(run, region=None)
    full_rectangle = run.output_region
    shape = (full_rectangle.height, full_rectangle.width, run.image.channels)
    pixels = np.empty(shape if run.image.channels > 1 else shape[:2], np.uint8)
    for tile in plan_run_tiles(run):
        problem_tile = run.problem.create_tile(tile.outer)
        tile_region = compute_tile_region(run, tile)
        pixels[tile_region.slices_in(full_rectangle)] = to_uint8(
            problem_tile.to_pixels(problem_tile.decoded_image, tile_region)
        )
    return pixels


def change_sharpness_job(
    result: RunResult,
    sharpness: float,
    sample_number: int,
    token: CancelToken,
    *,
    strength: ResultStrength = FULL_STRENGTH,
) -> Generator[None, None, RunResult]:
    """Return `result` with its image changed to another sharpness, sample or strength.

    `sharpness` is a position between the mean (0) and the sample (1).

    Raises:
        OperationCancelled: If `token` was cancelled.
        UnreadableFile, OutOfMemory: See `build_result`.
    """
    yield from ()
    changed = build_result(
        result.restoration,
        sharpness,
        result.full_image_buffer,
        token,
        sample_number=sample_number,
        samples=result.samples,
        strength=strength,
        blender=result.blender,
    )
    return replace(
        changed, spread=result.spread, thumbnails=result.thumbnails, spread_map=result.spread_map
    )


def result_from_restoration(
    restoration: Restoration[MeasuredImage],
    full_image_buffer: FullImageBuffer,
    array_store: ArrayStore,
    strength: ResultStrength = FULL_STRENGTH,
) -> RunResult:
    """Build the result of a run and move its samples and spread to the array store.

    Samples for which the array store has no space are dropped, except the first one.
    """
    samples: list[StoredArray] = []
    for number, sample_image in enumerate(restoration.samples):
        stored = array_store.store(sample_image.numpy())
        if stored is None and number:
            break
        samples.append(stored or StoredArray(sample_image.numpy()))
    spread = None if restoration.spread is None else array_store.store(restoration.spread.numpy())
    thumbnail_sources = [restoration.image, *restoration.samples[: len(samples)]] if samples else []
    thumbnails = tuple(
        create_thumbnail(sample_image, restoration.run.image) for sample_image in thumbnail_sources
    )
    restoration_without_samples = replace(restoration, samples=(), spread=None)
    result = build_result(
        restoration_without_samples,
        0.0,
        full_image_buffer,
        samples=tuple(samples),
        strength=strength,
    )
    return with_spread_and_thumbnails(result, spread, thumbnails)


def with_spread_and_thumbnails(
    result: RunResult, spread: StoredArray | None, thumbnails: tuple[QImage, ...]
) -> RunResult:
    """Return `result` with a spread, the spread's map for the screen, and thumbnails.

    Raises:
        UnreadableFile: See `StoredArray.load`.
    """
    rendered = None
    if spread is not None:
        rendered = _spread_map_of_run(result.restoration.run, spread.load())
    return replace(result, spread=spread, thumbnails=thumbnails, spread_map=rendered)


def _spread_map_of_run(run: Run[MeasuredImage], spread: NDArray[np.float32]) -> SpreadMap:
    """Return a spread (n, h, w) as a map for the screen.

    The map shows the root mean square over the channels, upright.
    """
    display = create_display_transform(run.image.metadata, run.image.channels)
    deviation = display.to_upright(np.sqrt(np.square(spread).mean(0)))
    return create_spread_map(
        deviation, display.to_upright_rectangle(run.output_region, run.image.size)
    )


def create_thumbnail(pixels: PixelTensor, image: MeasuredImage) -> QImage:
    """Return the thumbnail of a mean or a sample of a run that restored `image`."""
    display = create_display_transform(image.metadata, image.channels)
    return qimage_from_pixels(display.to_display_pixels(_thumbnail_pixels(pixels)))


def _thumbnail_pixels(image: PixelTensor) -> NDArray[np.uint8]:
    """Return an image's 8-bit pixels, reduced to a longest side of about `THUMBNAIL_SIDE`.

    Square cells of pixels are averaged, which avoids aliasing.
    """
    from torch.nn.functional import avg_pool2d

    from ddrm_core.imaging.quantize_pixels import to_uint8

    cell_side = max(1, max(image.shape[1:]) // THUMBNAIL_SIDE)
    cell_side = min(cell_side, *image.shape[1:])
    return to_uint8(avg_pool2d(image[None], cell_side)[0])


def blend_mean_with_sample(
    mean: PixelTensor, samples: tuple[StoredArray, ...], sharpness: float, sample_number: int
) -> PixelTensor:
    """Return the mean for `sharpness` 0, a sample for 1, or an interpolated image between them.

    `sample_number` counts from 1.

    Raises:
        UnreadableFile: See `StoredArray.load`.
    """
    import torch

    if not sharpness:
        return mean
    sharpest_image = torch.from_numpy(samples[sample_number - 1].load())
    return torch.lerp(mean, sharpest_image, sharpness)


def build_result(
    restoration: Restoration[MeasuredImage],
    sharpness: float,
    full_image_buffer: FullImageBuffer,
    token: CancelToken | None = None,
    *,
    sample_number: int = 1,
    samples: tuple[StoredArray, ...] = (),
    strength: ResultStrength = FULL_STRENGTH,
    blender: StrengthBlender | None = None,
) -> RunResult:
    """Build a result from the outcome of a run.

    The image at `sharpness` and `strength` is computed, verified against the file, and prepared for
    the screen with its deviation overlay.

    Args:
        restoration: Outcome of the run, without samples and spread.
        sharpness: Position of the image between the mean (0) and a sample (1).
        full_image_buffer: Pixels of the whole image, into which the result is pasted.
        token: Token that is checked between the parts of the work.
        sample_number: Number of the sample at sharpness 1, from 1.
        samples: Stored samples.
        strength: Strength and kept areas.
        blender: Function that applies the strength, None for a new one.

    Raises:
        OperationCancelled: If `token` was cancelled.
        UnreadableFile, OutOfMemory: See `StoredArray.load` and `StrengthBlender.apply`.
    """
    from ddrm_core.imaging.quantize_pixels import EIGHT_BITS
    from ddrm_core.restoration.strength import measure_unrounded_consistency

    token = token or CancelToken()
    run = restoration.run
    image = blend_mean_with_sample(restoration.image, samples, sharpness, sample_number)
    blender = blender or StrengthBlender(run)
    image = blender.apply(image, strength)
    exact_consistency = measure_unrounded_consistency(restoration, image)
    token.raise_if_cancelled()
    verification = run.problem.verify(image, run.region, bits=EIGHT_BITS)
    token.raise_if_cancelled()
    distance_map = verification.distance_map.numpy().copy()
    distance_map[distance_map <= verification.consistency.slack] = 0
    display = create_display_transform(run.image.metadata, run.image.channels)
    return RunResult(
        restoration,
        sharpness,
        _render_for_screen(run, image, full_image_buffer, display),
        exact_consistency,
        verification.consistency,
        distance_map,
        overlay=_create_overlay(distance_map, verification.map_origin, run.image.size, display),
        full_image_buffer=full_image_buffer,
        sample_number=sample_number,
        samples=samples,
        strength=strength,
        blender=blender,
        blended_image=None if strength == FULL_STRENGTH else image,
    )


def _render_for_screen(
    run: Run[MeasuredImage],
    image: PixelTensor,
    full_image_buffer: FullImageBuffer,
    display: DisplayTransform,
) -> MipmapImage:
    from ddrm_core.imaging.quantize_pixels import to_uint8

    pixels = full_image_buffer.paste(to_uint8(image), run.output_region)
    return create_mipmap_image(display.to_display_pixels(pixels))


def _create_overlay(
    distance_map: NDArray[np.float32],
    corner: tuple[int, int],
    image_size: tuple[int, int],
    display: DisplayTransform,
) -> DeviationOverlay | None:
    if not distance_map.size:
        return None
    rows, columns = distance_map.shape
    shown = display.to_upright_rectangle(Rectangle(*corner, 8 * columns, 8 * rows), image_size)
    return create_deviation_overlay(
        display.to_upright(distance_map), left=shown.left, top=shown.top
    )
