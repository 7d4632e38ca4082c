"""Limits of pixels and samples that a run computes at once, and memory fallbacks."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch

from ddrm_core.messages import Reason, tr_noop

_CPU = torch.device("cpu")
# Pixels of one network tile with its margins: enough to fill the machine, and few beside the images
# of a run.
_NETWORK_TILE_PIXELS_BY_DEVICE = {"cpu": 1 << 20}
_ACCELERATOR_NETWORK_TILE_PIXELS = 1 << 22
_MIN_NETWORK_TILE_PIXELS = 1 << 16  # most of a smaller tile would be margins
# Pixels of the images that are evaluated together. On two Zen 4 cores, batches over 0.6 megapixels
# are 20 % slower per pixel than batches of 0.3.
_BATCH_PIXELS_BY_DEVICE = {"cpu": 320_000}
_ACCELERATOR_BATCH_PIXELS = 4_000_000


@dataclass(frozen=True, slots=True)
class PixelLimits:
    """Maximum numbers of pixels that a run computes at once.

    Attributes:
        sampled_pixels: Pixels of a sampled tile with its margins, counted as RGB. A larger image is
            restored tile by tile in the memory of one tile.
        network_tile_pixels: Pixels of one network tile with its margins; None for the device's
            default.
        batch_pixels: Pixels of all images that are evaluated together; None for the device's
            default.
    """

    sampled_pixels: int = 12_600_000
    network_tile_pixels: int | None = None
    batch_pixels: int | None = None


DEFAULT_PIXEL_LIMITS = PixelLimits()


class MemoryFallback(Reason):
    """A measure that a run took against a lack of memory."""

    SMALLER_TILES = tr_noop("smaller windows")
    FEWER_SAMPLES = tr_noop("fewer samples at once")
    CPU = tr_noop("the CPU")


@dataclass(frozen=True, slots=True)
class ExecutionLimits:
    """Limits of pixels and samples that a run computes at once on its device.

    Attributes:
        device: Device of the run.
        max_network_tile_pixels: Maximum number of pixels in one network tile, summed over all
            images that are evaluated together.
        max_samples: Maximum number of samples that are computed at once.
        fallbacks: Memory fallbacks so far, each listed once.
        has_fixed_tile_size: Whether the prior needs network tiles of one size, which cannot be made
            smaller to save memory.
        pixel_limits: Limits from which the limits of a device are chosen.
    """

    device: torch.device
    max_network_tile_pixels: int
    max_samples: int
    fallbacks: tuple[MemoryFallback, ...] = ()
    has_fixed_tile_size: bool = False
    pixel_limits: PixelLimits = DEFAULT_PIXEL_LIMITS

    def reduce(self, *, image_pixels: int, tried_samples: int) -> ExecutionLimits | None:
        """Return smaller limits after a run ran out of memory, None if no fallback is left.

        Fallbacks are tried in this order: smaller network tiles, fewer samples at once, the CPU.

        Args:
            image_pixels: Number of pixels of one image in the failed attempt.
            tried_samples: Number of samples that were computed at once in the failed attempt.
        """
        tried_pixels = min(self.max_network_tile_pixels, image_pixels * tried_samples)
        if not self.has_fixed_tile_size and tried_pixels // 4 >= _MIN_NETWORK_TILE_PIXELS:
            return replace(
                self._with_fallback(MemoryFallback.SMALLER_TILES),
                max_network_tile_pixels=tried_pixels // 4,
            )
        if tried_samples > 1:
            return replace(
                self._with_fallback(MemoryFallback.FEWER_SAMPLES), max_samples=tried_samples // 2
            )
        if self.device.type != "cpu":
            cpu_limits = choose_initial_limits(
                _CPU,
                image_pixels,
                has_fixed_tile_size=self.has_fixed_tile_size,
                pixel_limits=self.pixel_limits,
            )
            return replace(cpu_limits, fallbacks=self._with_fallback(MemoryFallback.CPU).fallbacks)
        return None

    def _with_fallback(self, fallback: MemoryFallback) -> ExecutionLimits:
        if fallback in self.fallbacks:
            return self
        return replace(self, fallbacks=(*self.fallbacks, fallback))


def choose_initial_limits(
    device: torch.device,
    image_pixels: int,
    *,
    has_fixed_tile_size: bool = False,
    pixel_limits: PixelLimits = DEFAULT_PIXEL_LIMITS,
) -> ExecutionLimits:
    """Return the execution limits with which a run starts.

    Args:
        device: Device of the run.
        image_pixels: Number of pixels of the largest sampled tile.
        has_fixed_tile_size: Whether the prior needs network tiles of one size.
        pixel_limits: Limits of pixels; those that are None have defaults by device.
    """
    network_tile_pixels = pixel_limits.network_tile_pixels or _NETWORK_TILE_PIXELS_BY_DEVICE.get(
        device.type, _ACCELERATOR_NETWORK_TILE_PIXELS
    )
    batch_pixels = pixel_limits.batch_pixels or _BATCH_PIXELS_BY_DEVICE.get(
        device.type, _ACCELERATOR_BATCH_PIXELS
    )
    max_samples = max(1, batch_pixels // image_pixels)
    return ExecutionLimits(
        device,
        network_tile_pixels,
        max_samples,
        has_fixed_tile_size=has_fixed_tile_size,
        pixel_limits=pixel_limits,
    )
