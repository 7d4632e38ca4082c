"""Strength of a result: blends of the decoded image and the result that stay in the bins.

The decoded image of a JPEG is not in its bins, because decoders round samples and smooth chroma.
Its projection, the nearest image in the bins, is strength 0. Bins are convex, so every linear
interpolation between this image and a result in the bins is in the bins, too.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.imaging.rectangle import Rectangle, rectangle_from_edges
from ddrm_core.problems.protocols import MeasuredImage, PixelTensor, ProblemTile
from ddrm_core.restoration.restore import Restoration
from ddrm_core.restoration.run import Run, check_region, compute_tile_region, plan_run_tiles
from ddrm_core.verification.consistency import Consistency

FULL_STRENGTH = 1.0
_CPU = torch.device("cpu")
_STRIP_PIXELS = 1 << 20  # pixels moved at once, to limit memory


@torch.no_grad()
def project_decoded_image(run: Run[MeasuredImage]) -> PixelTensor:
    """Return the decoded image of a run's output region, moved into the bins.

    The change is the smallest in the components' samples, except in blocks that reach past the
    edge. Damaged areas stay as decoded. The image is computed tile by tile on the CPU.

    Raises:
        OutOfMemory: If memory does not suffice for a tile.
    """
    problem, region = run.problem.to(_CPU), run.output_region
    image: Tensor | None = None
    for tile in plan_run_tiles(run):
        problem_tile, tile_region = problem.create_tile(tile.outer), compute_tile_region(run, tile)
        pixels = problem_tile.to_pixels(
            _move_into_bins(problem_tile, problem_tile.decoded_image), tile_region
        )
        if tile_region == region:
            return pixels
        if image is None:
            image = torch.empty(len(pixels), region.height, region.width)
        image[:, *tile_region.slices_in(region)] = pixels
    assert image is not None  # there is at least one tile
    return image


@torch.no_grad()
def apply_strength(
    run: Run[MeasuredImage],
    image: PixelTensor,
    strength: float,
    kept_areas: Sequence[Rectangle] = (),
    *,
    projected_decoded_image: PixelTensor | None = None,
) -> PixelTensor:
    """Return the blend of the projected decoded image and an image of a run's result.

    In the MCUs of a kept area, the strength is 0. In the MCUs around, it rises to `strength`; they
    are moved into the bins afterwards, because a strength that varies inside a block can leave
    them. MCUs that the output region cuts have one strength each.

    Args:
        run: Run of the result.
        image: Image of the result, such as the mean or one sample, in the output region.
        strength: Strength outside kept areas, from 0 (file) to 1 (result).
        kept_areas: Areas in pixels of the stored image; parts outside the output region have no
            effect.
        projected_decoded_image: Image of `project_decoded_image`, None to compute it.

    Raises:
        InvalidSetting: If a kept area is not inside the image.
        OutOfMemory: If memory does not suffice for a tile.
    """
    for area in kept_areas:
        check_region(area, run.image, name="keep")
    if strength == FULL_STRENGTH and not kept_areas:
        return image
    if projected_decoded_image is None:
        projected_decoded_image = project_decoded_image(run)
    weights = torch.full(image.shape[1:], float(strength))
    ramp_areas = []
    for area in expand_to_mcus(run, kept_areas):
        ramp = _compute_ramp(run, area)
        weights = torch.minimum(weights, strength * ramp)
        ramp_areas.append(_find_ramp_area(run, area))
    blend = torch.lerp(projected_decoded_image, image, weights)
    is_ramp = (weights > 0) & (weights < strength)
    for area in ramp_areas:
        _move_area_into_bins(run, blend, area, is_ramp)
    return blend


def measure_unrounded_consistency(
    result: Restoration[MeasuredImage], image: PixelTensor
) -> Consistency:
    """Return the consistency of an image of a result before rounding and clipping.

    Blocks that continue past the visible image cannot be measured from its pixels. With a
    correction that projects to the bins, the mean, the samples and their blends are all in the bins
    (bins are convex), so the consistency of the mean holds for such a file.

    Args:
        result: Result of a run.
        image: The result's mean, a sample, or a blend by `apply_strength`.
    """
    run = result.run
    if image is result.image:
        return result.consistency
    visible_area = Rectangle(0, 0, *run.image.size).translated(*run.problem.image_origin)
    if visible_area != run.problem.canvas and run.correction_parameters.projects_to_bins:
        return result.consistency
    return run.problem.verify(image, run.region).consistency


def expand_to_mcus(
    run: Run[MeasuredImage], kept_areas: Sequence[Rectangle]
) -> tuple[Rectangle, ...]:
    """Return kept areas enlarged to whole MCUs, in pixels of the canvas."""
    problem = run.problem
    return tuple(
        area.translated(*problem.image_origin)
        .aligned_outward(*problem.tile_alignment)
        .intersection(problem.canvas)
        for area in kept_areas
    )


def _move_into_bins(
    problem_tile: ProblemTile, x: Float[Tensor, "1 c h w"]
) -> Float[Tensor, "1 c h w"]:
    """Return `x` moved into the bins by the smallest change, then projected at the edges."""
    moved, levels, (height, width) = torch.empty_like(x), problem_tile.levels, x.shape[2:]
    for strip in problem_tile.operator.split_into_strips(height, width, _STRIP_PIXELS):
        strip_x = x[:, :, strip.rows]
        offsets = tuple(
            c - k[:, :, rows]
            for c, k, rows in zip(
                strip.operator.coefficients(strip_x), levels, strip.level_rows, strict=True
            )
        )
        moved[:, :, strip.rows] = strip.operator.shift_coefficients(
            strip_x, tuple(o.clamp(-0.5, 0.5) - o for o in offsets)
        )
    return problem_tile.project_to_bins(moved)


def _compute_ramp(run: Run[MeasuredImage], kept_area: Rectangle) -> Float[Tensor, "h w"]:
    """Return the factor of the strength: 0 in a kept area, rising to 1 across the next MCUs.

    `kept_area` consists of whole MCUs, in pixels of the canvas. MCUs that the output region cuts
    have the factor 1 outside the kept area.
    """
    region = run.output_region.translated(*run.problem.image_origin)
    mcu_width, mcu_height = run.problem.tile_alignment
    columns, rows = torch.arange(region.left, region.right), torch.arange(region.top, region.bottom)
    column_distances = torch.maximum(kept_area.left - columns, columns - kept_area.right + 1)
    row_distances = torch.maximum(kept_area.top - rows, rows - kept_area.bottom + 1)
    ramp = torch.maximum(
        column_distances[None] / (mcu_width + 1), row_distances[:, None] / (mcu_height + 1)
    ).clamp(0, 1)
    whole_mcus = _find_whole_mcus(run)
    is_whole = torch.zeros(ramp.shape, dtype=torch.bool)
    if whole_mcus.pixel_count:
        is_whole[whole_mcus.slices_in(region)] = True
    return torch.where(is_whole | (ramp == 0), ramp, 1.0)


def _find_whole_mcus(run: Run[MeasuredImage]) -> Rectangle:
    """Return the rectangle of the MCUs entirely in the output region, in pixels of the canvas."""
    region = run.output_region.translated(*run.problem.image_origin)
    mcu_width, mcu_height = run.problem.tile_alignment
    return rectangle_from_edges(
        -(-region.left // mcu_width) * mcu_width,
        -(-region.top // mcu_height) * mcu_height,
        region.right // mcu_width * mcu_width,
        region.bottom // mcu_height * mcu_height,
    )


def _find_ramp_area(run: Run[MeasuredImage], kept_area: Rectangle) -> Rectangle:
    """Return the rectangle of a kept area with the next MCUs around, all of them whole."""
    mcu_width, mcu_height = run.problem.tile_alignment
    return rectangle_from_edges(
        kept_area.left - mcu_width,
        kept_area.top - mcu_height,
        kept_area.right + mcu_width,
        kept_area.bottom + mcu_height,
    ).intersection(_find_whole_mcus(run))


def _move_area_into_bins(
    run: Run[MeasuredImage], image: PixelTensor, area: Rectangle, is_ramp: Tensor
) -> None:
    """Move the MCUs of an area into the bins, in place; pixels outside `is_ramp` stay unchanged.

    `area` consists of whole MCUs, in pixels of the canvas.
    """
    if not area.pixel_count:
        return
    left, top = run.problem.image_origin
    visible_area = area.translated(-left, -top)
    rows, columns = visible_area.slices_in(run.output_region)
    problem_tile = run.problem.to(_CPU).create_tile(area)
    pixels = image[:, rows, columns]
    x = problem_tile.from_pixels(pixels)
    moved = problem_tile.to_pixels(_move_into_bins(problem_tile, x), visible_area)
    image[:, rows, columns] = torch.where(is_ramp[rows, columns], moved, pixels)
