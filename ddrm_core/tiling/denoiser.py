"""A tiled denoiser, whose memory does not grow with the image."""

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
    """The rules for cutting a denoiser's images into tiles.

    Attributes:
        halo: Number of pixels around a tile that the denoiser also sees. A convolutional denoiser
            gives the same result with and without tiles once the halo is its receptive field; a
            slightly smaller halo changes little.
        alignment: Divisor of the tiles' left and top coordinates, so that strided layers have the
            same phase in all tiles.
        is_blended: Whether tiles are blended into each other over the halo: for attention, which
            sees the entire tile and therefore differs between tiles.
        fixed_side: Side of all tiles for a denoiser that was trained on images of one size; None if
            any size is possible, limited by memory.
    """

    halo: int
    alignment: int
    is_blended: bool = False
    fixed_side: int | None = None

    def plan(self, image_area: Rectangle, max_pixels: int) -> tuple[Tile, ...]:
        """Return the tiles into which an image is cut by these rules.

        Args:
            image_area: Rectangle of the image, from 0, 0.
            max_pixels: Largest number of pixels in a tile with its halo; ignored if tiles have a
                fixed side.
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
    """A `Denoiser` that evaluates another denoiser on one tile after another.

    Attributes:
        denoise: The other denoiser; it is given tiles whose left and top are multiples of the
            alignment.
        tiling: Rules for cutting tiles.
        max_pixels: Largest number of pixels that are evaluated at once: pixels in a tile, times
            images in the tensor.
        poll: Function called between tiles; an error that it raises ends the evaluation.
    """

    denoise: Denoiser
    tiling: TilingRules
    max_pixels: int
    poll: Callable[[], None]

    def __call__(self, x: Float[Tensor, "b c h w"], sigma: float) -> Float[Tensor, "b c h w"]:
        """Return the estimate of the clean images, E[x0 | x], given noisy images `x`.

        `sigma` is the noise level of `x`.
        """
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
        """Return the weight of each pixel of a tile in the blended image, (h, w).

        Weights are 1 in the middle of the tile and at the image's edges. Towards an edge of the
        tile that lies inside the image, weights fall to 0 over twice the halo.
        """
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
