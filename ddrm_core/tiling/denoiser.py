"""A denoiser made of windows, so that its memory does not grow with the picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.sampler.protocols import Denoiser
from ddrm_core.tiling.plan import Tile, plan_tiles, plan_windows


@dataclass(frozen=True, slots=True)
class Tiling:
    """How a denoiser may be cut.

    Attributes:
        halo: Pixels around a window that it sees besides. A convolutional denoiser is the same in
            windows as whole once this is its receptive field; a little less changes little.
        unit: Windows begin at multiples of this, so that what is strided meets the same phase.
        blended: Whether windows fade into each other over the halo: for attention, which sees the
            whole window and differs in each.
        side: Of all windows, for a denoiser that knows pictures of one size; None where any is
            well, as large as memory allows.
    """

    halo: int
    unit: int
    blended: bool = False
    side: int | None = None

    def windows(self, size: Rectangle, pixels: int) -> tuple[Tile, ...]:
        """How a denoiser of pictures of this size is cut.

        Args:
            size: Of a picture, from 0, 0.
            pixels: The most in a window of one picture, where windows may be of any size.
        """
        unit = (self.unit, self.unit)
        if self.side is not None:
            return plan_windows(size, side=self.side, margin=self.halo, unit=unit)
        return plan_tiles(size, around=size, pixels=max(pixels, 1), margin=self.halo, unit=unit)


@dataclass(frozen=True, slots=True, eq=False)
class TiledDenoiser:
    """A `Denoiser` that shows another one window after window.

    Attributes:
        denoise: The other; for windows of any size whose corner is at a multiple of the unit.
        tiling: How it may be cut.
        pixels: The most in a window of all pictures of a batch together.
        poll: Called between windows; what it raises ends the evaluation.
    """

    denoise: Denoiser
    tiling: Tiling
    pixels: int
    poll: Callable[[], None]

    def __call__(self, x: Float[Tensor, "b c h w"], sigma: float) -> Float[Tensor, "b c h w"]:
        """E[x0 | x], a new tensor."""
        count, _, height, width = x.shape
        tiles = self.tiling.windows(Rectangle(0, 0, width, height), self.pixels // count)
        if len(tiles) == 1:
            return self.denoise(x, sigma)
        if self.tiling.blended:
            return self._blended(x, sigma, tiles)
        whole = Rectangle(0, 0, x.shape[3], x.shape[2])
        estimate = torch.empty_like(x)
        for tile in tiles:
            self.poll()
            window = self.denoise(x[:, :, *tile.outer.slices_in(whole)], sigma)
            estimate[:, :, *tile.core.slices_in(whole)] = window[
                :, :, *tile.core.slices_in(tile.outer)
            ]
        return estimate

    def _blended(self, x: Tensor, sigma: float, tiles: tuple[Tile, ...]) -> Tensor:
        whole = Rectangle(0, 0, x.shape[3], x.shape[2])
        total, weights = torch.zeros_like(x), torch.zeros_like(x[:1, :1])
        for tile in tiles:
            self.poll()
            weight = self._ramp(tile, whole, x.device)
            window = self.denoise(x[:, :, *tile.outer.slices_in(whole)], sigma)
            total[:, :, *tile.outer.slices_in(whole)] += weight * window
            weights[:, :, *tile.outer.slices_in(whole)] += weight
        return total.div_(weights)

    def _ramp(self, tile: Tile, whole: Rectangle, device: torch.device) -> Tensor:
        """(h, w) weights of a window: 1 inside, falling over twice the halo towards its border."""
        across = self._fade(tile.outer.left, tile.outer.right, whole.right, device)
        down = self._fade(tile.outer.top, tile.outer.bottom, whole.bottom, device)
        return down[:, None] * across

    def _fade(self, begin: int, end: int, last: int, device: torch.device) -> Tensor:
        place = torch.arange(begin, end, device=device) + 0.5
        length = 2 * max(self.tiling.halo, 1)
        rising = torch.ones_like(place) if begin == 0 else (place - begin) / length
        falling = torch.ones_like(place) if end == last else (end - place) / length
        return torch.minimum(rising, falling).clamp_max(1)
