"""How much a run takes on at a time, and what it falls back to where memory does not suffice."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch

from ddrm_core.messages import Reason, tr_noop

_CPU = torch.device("cpu")
# Of one window of the prior, margins included: enough to fill the machine, and small beside the
# pictures of a run.
_WINDOW_PIXELS_BY_DEVICE = {"cpu": 1 << 20}
_ACCELERATOR_WINDOW_PIXELS = 1 << 22
_MIN_WINDOW_PIXELS = 1 << 16  # margins would be most of anything smaller
# Pictures evaluated together: on two Zen 4 cores batches over 0.6 megapixels run 20 % slower per
# pixel than those of 0.3.
_BATCH_PIXELS_BY_DEVICE = {"cpu": 320_000}
_ACCELERATOR_BATCH_PIXELS = 4_000_000


@dataclass(frozen=True, slots=True)
class PixelLimits:
    """The most pixels that a run takes on at a time.

    Attributes:
        sampled_pixels: Of the picture in RGB, sampled at a time with their margins. Larger pictures
            are restored part by part, in the memory that these take.
        window_pixels: In one window of the prior, margins included; None for the device's usual
            number.
        batch_pixels: In the pictures that are evaluated together; None for the device's usual
            number.
    """

    sampled_pixels: int = 12_600_000
    window_pixels: int | None = None
    batch_pixels: int | None = None


DEFAULT_PIXEL_LIMITS = PixelLimits()


class MemoryFallback(Reason):
    """What was done because memory did not suffice."""

    SMALLER_WINDOWS = tr_noop("smaller windows")
    FEWER_SAMPLES = tr_noop("fewer samples at once")
    CPU = tr_noop("the CPU")


@dataclass(frozen=True, slots=True)
class ExecutionLimits:
    """What is taken on at a time.

    Attributes:
        device: Where.
        max_window_pixels: The most in a window of the prior, of all its pictures together.
        max_samples: The most at once.
        fallbacks: What was done so far, each once.
        has_fixed_windows: Whether windows have one size whatever memory there is.
        pixel_limits: What is not exceeded on any device.
    """

    device: torch.device
    max_window_pixels: int
    max_samples: int
    fallbacks: tuple[MemoryFallback, ...] = ()
    has_fixed_windows: bool = False
    pixel_limits: PixelLimits = DEFAULT_PIXEL_LIMITS

    def reduce(self, *, image_pixels: int, tried_samples: int) -> ExecutionLimits | None:
        """The next thing to try after memory did not suffice, None after the last.

        Args:
            image_pixels: Of one picture that was tried.
            tried_samples: That were tried at once.
        """
        tried_pixels = min(self.max_window_pixels, image_pixels * tried_samples)
        if not self.has_fixed_windows and tried_pixels // 4 >= _MIN_WINDOW_PIXELS:
            return replace(
                self._with_fallback(MemoryFallback.SMALLER_WINDOWS),
                max_window_pixels=tried_pixels // 4,
            )
        if tried_samples > 1:
            return replace(
                self._with_fallback(MemoryFallback.FEWER_SAMPLES), max_samples=tried_samples // 2
            )
        if self.device.type != "cpu":
            cpu_limits = choose_initial_limits(
                _CPU,
                image_pixels,
                has_fixed_windows=self.has_fixed_windows,
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
    has_fixed_windows: bool = False,
    pixel_limits: PixelLimits = DEFAULT_PIXEL_LIMITS,
) -> ExecutionLimits:
    """What to begin with, for pictures of so many pixels."""
    window_pixels = pixel_limits.window_pixels or _WINDOW_PIXELS_BY_DEVICE.get(
        device.type, _ACCELERATOR_WINDOW_PIXELS
    )
    batch_pixels = pixel_limits.batch_pixels or _BATCH_PIXELS_BY_DEVICE.get(
        device.type, _ACCELERATOR_BATCH_PIXELS
    )
    max_samples = max(1, batch_pixels // image_pixels)
    return ExecutionLimits(
        device,
        window_pixels,
        max_samples,
        has_fixed_windows=has_fixed_windows,
        pixel_limits=pixel_limits,
    )
