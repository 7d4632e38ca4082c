"""A result: what a run gave, ready to be shown."""

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
from app.jobs.storage.array_store import ArrayStore, StoredArray
from ddrm_core.cancel import CancelToken
from ddrm_core.imaging.rectangle import Rectangle

# Functions below import what needs torch when they run, for the reason given in `PriorCache`.
if TYPE_CHECKING:
    from ddrm_core.problems.protocols import MeasuredImage, PixelTensor
    from ddrm_core.restoration.restore import Restoration
    from ddrm_core.restoration.run import Run
    from ddrm_core.verification.consistency import Consistency

THUMBNAIL_SIDE = 256
"""Device pixels, about: twice what the strip of samples shows."""


@dataclass(frozen=True, slots=True, eq=False)
class RunResult:
    """A result, ready to be shown.

    Attributes:
        restoration: The result itself.
        sharpness: Of what is shown: from the mean of the samples (0) to one of them (1).
        image: For the screen: the whole picture, as decoded where only a region was restored.
        exact_consistency: Consistency of what is shown, before rounding and clipping.
        rounded_consistency: The same as 8-bit pixels.
        distance_map: How far those are from their bins in grey levels, 0 inside: a value for each
            8x8 pixels as stored, the worst of all components. Empty where no block is wholly
            restored.
        overlay: The same for the screen, None where it is empty.
        full_image_buffer: Where the result was put into the picture, and another can be.
        sample_number: The sharp end of what is shown, from 1.
        samples: Pictures of the first samples, those that there was room for: (n, h, w), grey
            levels. None with fewer than two, or of an estimate; `restoration` has none itself.
        spread: Standard deviation over all samples, likewise; None without samples.
        thumbnails: Of the mean and of each of `samples`, small.
        spread_map: The spread for the screen; None where it is not known.
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

    def image_at_sharpness(self, sharpness: float, sample_number: int) -> PixelTensor:
        """The picture so far from the mean (0) to a sample that is kept (1).

        Raises:
            UnreadableFile: See `StoredArray.load`.
        """
        return blend_mean_with_sample(
            self.restoration.image, self.samples, sharpness, sample_number
        )


class FullImageBuffer:
    """The whole picture's pixels as stored, of which a run restores one place after another."""

    def __init__(self, run: Run[MeasuredImage]) -> None:
        self._run = run
        self._pixels: NDArray[np.uint8] | None = None

    def paste(self, pixels: NDArray[np.uint8], rectangle: Rectangle) -> NDArray[np.uint8]:
        """All pixels once a place has these; what no place covered is as decoded."""
        full_rectangle = Rectangle(0, 0, *self._run.image.size)
        if rectangle == full_rectangle:
            self._pixels = None  # nothing of it will be seen any more
            return pixels
        if self._pixels is None:
            self._pixels = _decode_full_image(self._run)
        self._pixels[rectangle.slices_in(full_rectangle)] = pixels
        return self._pixels


def _decode_full_image(run: Run[MeasuredImage]) -> NDArray[np.uint8]:
    """What a decoder shows, part by part."""
    from ddrm_core.imaging.quantize_pixels import to_uint8
    from ddrm_core.restoration.run import compute_tile_region, plan_run_tiles

    run = replace(run, region=None)
    full_rectangle = run.output_region
    shape = (full_rectangle.height, full_rectangle.width, run.image.channels)
    pixels = np.empty(shape if run.image.channels > 1 else shape[:2], np.uint8)
    for tile in plan_run_tiles(run):
        problem_tile, tile_region = (
            run.problem.create_tile(tile.outer),
            compute_tile_region(run, tile),
        )
        pixels[tile_region.slices_in(full_rectangle)] = to_uint8(
            problem_tile.to_pixels(problem_tile.decoded_image, tile_region)
        )
    return pixels


def change_sharpness_job(
    result: RunResult, sharpness: float, sample_number: int, token: CancelToken
) -> Generator[None, None, RunResult]:
    """The same result at another place between safest (0) and sharpest (1), a sample.

    Raises:
        Cancelled: Another place was asked for meanwhile.
        UnreadableFile: See `StoredArray.load`.
    """
    yield from ()
    changed = build_result(
        result.restoration,
        sharpness,
        result.full_image_buffer,
        token,
        sample_number=sample_number,
        samples=result.samples,
    )
    return replace(
        changed,
        spread=result.spread,
        thumbnails=result.thumbnails,
        spread_map=result.spread_map,
    )


def result_from_restoration(
    restoration: Restoration[MeasuredImage],
    full_image_buffer: FullImageBuffer,
    array_store: ArrayStore,
) -> RunResult:
    """With as many samples as can be kept, and no others in memory."""
    samples: list[StoredArray] = []
    for number, sample_image in enumerate(restoration.samples):
        stored = array_store.store(sample_image.numpy())
        if stored is None and number:
            break
        samples.append(stored or StoredArray(sample_image.numpy()))
    spread = None if restoration.spread is None else array_store.store(restoration.spread.numpy())
    thumbnail_sources = [restoration.image, *restoration.samples[: len(samples)]] if samples else []
    image = restoration.run.image
    display = create_display_transform(image.metadata, image.channels)
    thumbnails = tuple(
        qimage_from_pixels(display.to_display_pixels(_thumbnail_pixels(sample_image)))
        for sample_image in thumbnail_sources
    )
    restoration_without_samples = replace(restoration, samples=(), spread=None)
    result = build_result(
        restoration_without_samples, 0.0, full_image_buffer, samples=tuple(samples)
    )
    return with_spread_and_thumbnails(result, spread, thumbnails)


def with_spread_and_thumbnails(
    result: RunResult, spread: StoredArray | None, thumbnails: tuple[QImage, ...]
) -> RunResult:
    """With what its samples say together."""
    rendered = None
    if spread is not None:
        rendered = _spread_map_of_run(result.restoration.run, spread.load())
    return replace(result, spread=spread, thumbnails=thumbnails, spread_map=rendered)


def _spread_map_of_run(run: Run[MeasuredImage], spread: NDArray[np.float32]) -> SpreadMap:
    """A byte for each pixel, of the mean square over channels."""
    display = create_display_transform(run.image.metadata, run.image.channels)
    deviation = display.to_upright(np.sqrt(np.square(spread).mean(0)))
    return create_spread_map(
        deviation, display.to_upright_rectangle(run.output_region, run.image.size)
    )


def _thumbnail_pixels(image: PixelTensor) -> NDArray[np.uint8]:
    """A few pixels of it: means of squares, so that grain does not alias."""
    from torch.nn.functional import avg_pool2d

    from ddrm_core.imaging.quantize_pixels import to_uint8

    cell_side = max(1, max(image.shape[1:]) // THUMBNAIL_SIDE)
    cell_side = min(cell_side, *image.shape[1:])
    return to_uint8(avg_pool2d(image[None], cell_side)[0])


def blend_mean_with_sample(
    mean: PixelTensor, samples: tuple[StoredArray, ...], sharpness: float, sample_number: int
) -> PixelTensor:
    """So far from the mean (0) to a sample (1). Raises UnreadableFile."""
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
) -> RunResult:
    from ddrm_core.imaging.quantize_pixels import EIGHT_BITS, to_uint8

    token = token or CancelToken()
    run = restoration.run
    image = blend_mean_with_sample(restoration.image, samples, sharpness, sample_number)
    # The core has measured the mean; after `paper` another picture may agree less than that.
    exact_consistency = restoration.consistency
    if sharpness:
        exact_consistency = run.problem.verify(image, run.region).consistency
        token.raise_if_cancelled()
    verification = run.problem.verify(image, run.region, bits=EIGHT_BITS)
    token.raise_if_cancelled()
    rounded_consistency, distance_map = verification.consistency, verification.distance_map.numpy()
    distance_map = np.where(distance_map <= rounded_consistency.slack, np.float32(0), distance_map)
    display = create_display_transform(run.image.metadata, run.image.channels)
    screen_image = create_mipmap_image(
        display.to_display_pixels(full_image_buffer.paste(to_uint8(image), run.output_region))
    )
    block_overlay = _overlay_from_distances(
        distance_map, verification.map_origin, run.image, display
    )
    return RunResult(
        restoration,
        sharpness,
        screen_image,
        exact_consistency,
        rounded_consistency,
        distance_map,
        overlay=block_overlay,
        full_image_buffer=full_image_buffer,
        sample_number=sample_number,
        samples=samples,
    )


def _overlay_from_distances(
    distance_map: NDArray[np.float32],
    corner: tuple[int, int],
    image: MeasuredImage,
    display: DisplayTransform,
) -> DeviationOverlay | None:
    if not distance_map.size:
        return None
    rows, columns = distance_map.shape
    shown = display.to_upright_rectangle(Rectangle(*corner, 8 * columns, 8 * rows), image.size)
    return create_deviation_overlay(
        display.to_upright(distance_map), left=shown.left, top=shown.top
    )
