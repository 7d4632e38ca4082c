"""A denoiser made of windows, so that its memory does not grow with the picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.sampler.protocols import Denoiser
from ddrm_core.tiling.plan import Tile, plan_fixed_size_tiles, plan_tiles


@dataclass(frozen=True, slots=True)
class TilingRules:
    """How a denoiser may be cut.

    Attributes:
        halo: Pixels around a window that it sees besides. A convolutional denoiser is the same in
            windows as whole once this is its receptive field; a little less changes little.
        alignment: Windows begin at multiples of this, so that what is strided meets the same phase.
        is_blended: Whether windows fade into each other over the halo: for attention, which sees
            the whole window and differs in each.
        fixed_side: Of all windows, for a denoiser that knows pictures of one size; None where any
            is well, as large as memory allows.
    """

    halo: int
    alignment: int
    is_blended: bool = False
    fixed_side: int | None = None

    def plan(self, image_area: Rectangle, max_pixels: int) -> tuple[Tile, ...]:
        """How a denoiser of pictures of this size is cut.

        Args:
            image_area: Of a picture, from 0, 0.
            max_pixels: The most in a window of one picture, where windows may be of any size.
        """
        alignment = (self.alignment, self.alignment)
        if self.fixed_side is not None:
            return plan_fixed_size_tiles(
                image_area, tile_side=self.fixed_side, margin=self.halo, alignment=alignment
            )
        return plan_tiles(
            image_area,
            available_area=image_area,
            max_pixels=max(max_pixels, 1),
            margin=self.halo,
            alignment=alignment,
        )


@dataclass(frozen=True, slots=True, eq=False)
class TiledDenoiser:
    """A `Denoiser` that shows another one window after window.

    Attributes:
        denoise: The other; for windows of any size whose corner is at a multiple of the unit.
        tiling: How it may be cut.
        max_pixels: The most in a window of all pictures of a batch together.
        poll: Called between windows; what it raises ends the evaluation.
    """

    denoise: Denoiser
    tiling: TilingRules
    max_pixels: int
    poll: Callable[[], None]

    def __call__(self, x: Float[Tensor, "b c h w"], sigma: float) -> Float[Tensor, "b c h w"]:
        """E[x0 | x], a new tensor."""
        batch_size, _, height, width = x.shape
        tiles = self.tiling.plan(Rectangle(0, 0, width, height), self.max_pixels // batch_size)
        if len(tiles) == 1:
            return self.denoise(x, sigma)
        if self.tiling.is_blended:
            return self._denoise_blended(x, sigma, tiles)
        image_area = Rectangle(0, 0, x.shape[3], x.shape[2])
        estimate = torch.empty_like(x)
        for tile in tiles:
            self.poll()
            tile_estimate = self.denoise(x[:, :, *tile.outer.slices_in(image_area)], sigma)
            estimate[:, :, *tile.core.slices_in(image_area)] = tile_estimate[
                :, :, *tile.core.slices_in(tile.outer)
            ]
        return estimate

    def _denoise_blended(self, x: Tensor, sigma: float, tiles: tuple[Tile, ...]) -> Tensor:
        image_area = Rectangle(0, 0, x.shape[3], x.shape[2])
        weighted_sum, weights = torch.zeros_like(x), torch.zeros_like(x[:1, :1])
        for tile in tiles:
            self.poll()
            weight = self._compute_blend_weights(tile, image_area, x.device)
            tile_estimate = self.denoise(x[:, :, *tile.outer.slices_in(image_area)], sigma)
            weighted_sum[:, :, *tile.outer.slices_in(image_area)] += weight * tile_estimate
            weights[:, :, *tile.outer.slices_in(image_area)] += weight
        return weighted_sum.div_(weights)

    def _compute_blend_weights(
        self, tile: Tile, image_area: Rectangle, device: torch.device
    ) -> Tensor:
        """(h, w) weights of a window: 1 inside, falling over twice the halo towards its border."""
        column_weights = self._compute_axis_weights(
            tile.outer.left, tile.outer.right, image_area.right, device
        )
        row_weights = self._compute_axis_weights(
            tile.outer.top, tile.outer.bottom, image_area.bottom, device
        )
        return row_weights[:, None] * column_weights

    def _compute_axis_weights(
        self, begin: int, end: int, last: int, device: torch.device
    ) -> Tensor:
        positions = torch.arange(begin, end, device=device) + 0.5
        length = 2 * max(self.tiling.halo, 1)
        rising = torch.ones_like(positions) if begin == 0 else (positions - begin) / length
        falling = torch.ones_like(positions) if end == last else (end - positions) / length
        return torch.minimum(rising, falling).clamp_max(1)
