"""How much a run takes on at a time, and what it falls back to where memory does not suffice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import torch

_CPU = torch.device("cpu")
# Of one window of the prior, margins included: enough to fill the machine, and small beside the
# pictures of a run.
_WINDOW_PIXELS = {"cpu": 1 << 20}
_WINDOW_PIXELS_ACCELERATOR = 1 << 22
_LEAST_WINDOW_PIXELS = 1 << 16  # margins would be most of anything smaller
# Pictures evaluated together: on two Zen 4 cores batches over 0.6 megapixels run 20 % slower per
# pixel than those of 0.3.
_BATCH_PIXELS = {"cpu": 320_000}
_BATCH_PIXELS_ACCELERATOR = 4_000_000


@dataclass(frozen=True, slots=True)
class PixelLimits:
    """The most pixels that a run takes on at a time.

    Attributes:
        part: Of the picture in RGB, sampled at a time with their margins. Larger pictures are
            restored part by part, in the memory that these take.
        window: In one window of the prior, margins included; None for the device's usual number.
        batch: In the pictures that are evaluated together; None for the device's usual number.
    """

    part: int = 12_600_000
    window: int | None = None
    batch: int | None = None


USUAL_LIMITS = PixelLimits()


class Fallback(StrEnum):
    """What was done because memory did not suffice."""

    SMALLER_WINDOWS = "smaller windows"
    FEWER_SAMPLES = "fewer samples at once"
    CPU = "the CPU"


@dataclass(frozen=True, slots=True)
class Means:
    """What is taken on at a time.

    Attributes:
        device: Where.
        window_pixels: The most in a window of the prior, of all its pictures together.
        samples: The most at once.
        fallbacks: What was done so far, each once.
        fixed_windows: Whether windows have one size whatever memory there is.
        limits: What is not exceeded on any device.
    """

    device: torch.device
    window_pixels: int
    samples: int
    fallbacks: tuple[Fallback, ...] = ()
    fixed_windows: bool = False
    limits: PixelLimits = USUAL_LIMITS

    def less(self, *, pixels: int, samples: int) -> Means | None:
        """The next thing to try after memory did not suffice, None after the last.

        Args:
            pixels: Of one picture that was tried.
            samples: That were tried at once.
        """
        tried = min(self.window_pixels, pixels * samples)
        if not self.fixed_windows and tried // 4 >= _LEAST_WINDOW_PIXELS:
            return replace(self._after(Fallback.SMALLER_WINDOWS), window_pixels=tried // 4)
        if samples > 1:
            return replace(self._after(Fallback.FEWER_SAMPLES), samples=samples // 2)
        if self.device.type != "cpu":
            there = means_on(_CPU, pixels, fixed_windows=self.fixed_windows, limits=self.limits)
            return replace(there, fallbacks=self._after(Fallback.CPU).fallbacks)
        return None

    def _after(self, fallback: Fallback) -> Means:
        if fallback in self.fallbacks:
            return self
        return replace(self, fallbacks=(*self.fallbacks, fallback))


def means_on(
    device: torch.device,
    pixels: int,
    *,
    fixed_windows: bool = False,
    limits: PixelLimits = USUAL_LIMITS,
) -> Means:
    """What to begin with, for pictures of so many pixels."""
    window = limits.window or _WINDOW_PIXELS.get(device.type, _WINDOW_PIXELS_ACCELERATOR)
    batch = limits.batch or _BATCH_PIXELS.get(device.type, _BATCH_PIXELS_ACCELERATOR)
    samples = max(1, batch // pixels)
    return Means(device, window, samples, fixed_windows=fixed_windows, limits=limits)
