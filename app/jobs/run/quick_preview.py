"""Job that restores a small part of an image for a quick preview."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from math import lcm

import numpy as np

from app.imaging.color_management import DisplayTransform
from app.imaging.mipmap_image import MipmapImage, create_mipmap_image
from app.imaging.qimage import view_pixels
from app.jobs.run.prior_cache import PriorCache
from app.jobs.run.restore_request import RestoreRequest, create_run_from_request
from ddrm_core.cancel import CancelToken
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.image import JpegImage

# Levels under an assumption are computed for the surroundings of a patch only. The margin is larger
# than that of a tile, and the alignment keeps every grid offset.
_CROP_MARGIN_PX = 64
_CROP_ALIGNMENT_PX = 32


@dataclass(frozen=True, slots=True, eq=False)
class PreviewPatch:
    """A restored rectangle of the displayed image.

    Attributes:
        rectangle: Rectangle in pixels of the displayed image.
        image: Image of the rectangle for the screen.
    """

    rectangle: Rectangle
    image: MipmapImage


@dataclass(frozen=True, slots=True, eq=False)
class PreviewRequest:
    """A request to restore one patch of a quick preview.

    Attributes:
        request: Source, settings and, as the region, the patch in pixels of the stored image.
        display: Transform from stored pixels to pixels for the screen.
        image_size: Width and height of the stored image.
        merged_patches: Earlier patches to merge with the new one, which together cover
            `merged_rectangle`.
        merged_rectangle: Rectangle of the displayed image that all these patches cover;
            None to merge nothing.
    """

    request: RestoreRequest
    display: DisplayTransform
    image_size: tuple[int, int]
    merged_patches: tuple[PreviewPatch, ...] = ()
    merged_rectangle: Rectangle | None = None


@dataclass(frozen=True, slots=True, eq=False)
class PreviewPatchDone:
    """The outcome of a request for a patch.

    Attributes:
        patch: The patch, merged with the earlier patches of the request.
        seconds_per_pixel: Wall time per pixel that the network evaluated.
    """

    patch: PreviewPatch
    seconds_per_pixel: float


@dataclass(frozen=True, slots=True)
class PreviewNotStarted:
    """The outcome of a request that was not carried out to save energy, time or memory.

    Attributes:
        is_on_battery: Whether the computer runs on its battery. Otherwise, the prior is a large one
            that is not loaded.
    """

    is_on_battery: bool


@dataclass(frozen=True, slots=True)
class PreviewProgress:
    """Progress of the restoration of a patch.

    Attributes:
        fraction_done: Share of the evaluations of the prior that are done, 0 to 1.
    """

    fraction_done: float


def preview_patch_job(
    prior_cache: PriorCache,
    is_on_battery: Callable[[], bool] | None,
    request: PreviewRequest,
    token: CancelToken,
) -> Generator[PreviewProgress, None, PreviewPatchDone | PreviewNotStarted]:
    """Restore one patch of a quick preview; yield progress after each step.

    Args:
        prior_cache: Cache that provides the prior and loads the bundled or a packaged one.
        is_on_battery: Function that returns whether the computer runs on its battery, in which case
            nothing is restored; None to restore in any case.
        request: The patch.
        token: Cancel token, checked between blocks of the network.

    Raises:
        OperationCancelled: If `token` was cancelled.
        OutOfMemory, and the errors of `create_run_from_request`.
    """
    from ddrm_core.imaging.quantize_pixels import to_uint8
    from ddrm_core.performance.cost_estimate import MEAN_ONLY_OUTPUT, compute_workload
    from ddrm_core.restoration.restore import restore

    if is_on_battery is not None and is_on_battery():
        return PreviewNotStarted(is_on_battery=True)
    settings = request.request.settings
    if not prior_cache.is_small_or_loaded(settings.device, settings.prior):
        return PreviewNotStarted(is_on_battery=False)
    run = create_run_from_request(prior_cache, crop_around_region(request.request))
    token.raise_if_cancelled()
    start_time = time.monotonic()
    steps = restore(run, token, MEAN_ONLY_OUTPUT)
    for step in steps:
        yield PreviewProgress(step.evaluations_done / step.total_evaluations)
    seconds = time.monotonic() - start_time
    return PreviewPatchDone(
        _build_patch(to_uint8(steps.result.image), request),
        seconds / compute_workload(run).network_pixels,
    )


def crop_around_region(request: RestoreRequest) -> RestoreRequest:
    """Return a request for the same region in a crop of the source, if levels must be computed.

    The levels of pixels, and those of a JPEG under an assumption, take seconds to compute for a
    large image. A JPEG whose own levels are used is not cropped.
    """
    from ddrm_core.jpeg.crop import crop_jpeg
    from ddrm_core.jpeg.operator import find_largest_factors

    source, region = request.source, request.region
    if region is None:
        return request
    row_multiple = column_multiple = _CROP_ALIGNMENT_PX
    if isinstance(source, JpegImage):
        if request.settings.assumption.quality is None:
            return request
        row_factor, column_factor = find_largest_factors(source.components)
        row_multiple = lcm(row_multiple, 8 * row_factor)
        column_multiple = lcm(column_multiple, 8 * column_factor)
    full_rectangle = Rectangle(0, 0, *source.size)
    crop = region.expanded(_CROP_MARGIN_PX).aligned_outward(column_multiple, row_multiple)
    crop = crop.intersection(full_rectangle)
    if isinstance(source, JpegImage):
        return replace(
            request,
            source=crop_jpeg(source, crop),
            region=region.translated(-crop.left, -crop.top),
        )
    rows, columns = crop.slices_in(full_rectangle)
    return replace(
        request,
        source=replace(source, pixels=source.pixels[:, rows, columns]),
        region=region.translated(-crop.left, -crop.top),
    )


def _build_patch(pixels: np.ndarray, request: PreviewRequest) -> PreviewPatch:
    """Return stored pixels of the region as a patch, merged with earlier patches if requested."""
    region = request.request.region
    assert region is not None  # a patch is a region
    rectangle = request.display.to_upright_rectangle(region, request.image_size)
    shown_pixels = request.display.to_display_pixels(pixels)
    merged_rectangle = request.merged_rectangle
    if merged_rectangle is None:
        return PreviewPatch(rectangle, create_mipmap_image(shown_pixels))
    shape = (merged_rectangle.height, merged_rectangle.width, *shown_pixels.shape[2:])
    merged_pixels = np.empty(shape, np.uint8)
    for patch in request.merged_patches:
        common = patch.rectangle.intersection(merged_rectangle)
        if common.pixel_count:
            patch_pixels = view_pixels(patch.image.full_size)
            merged_pixels[common.slices_in(merged_rectangle)] = patch_pixels[
                common.slices_in(patch.rectangle)
            ]
    merged_pixels[rectangle.slices_in(merged_rectangle)] = shown_pixels
    return PreviewPatch(merged_rectangle, create_mipmap_image(merged_pixels))
