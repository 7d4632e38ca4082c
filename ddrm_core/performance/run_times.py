"""Estimated times of runs with the same settings on many images."""

from __future__ import annotations

from pathlib import Path

from ddrm_core.device.execution_limits import DEFAULT_PIXEL_LIMITS, PixelLimits
from ddrm_core.performance.cost_estimate import (
    Throughput,
    compute_workload,
    create_placeholder_image,
)
from ddrm_core.prior.denoiser import Prior
from ddrm_core.restoration.run import create_jpeg_run
from ddrm_core.sampler.settings import SamplerSettings

# The workload of a run takes milliseconds to compute, and hardly differs between similar sizes.
_SIZE_STEP_PX = 16


class RunTimeEstimator:
    """An estimator of the times of runs with one prior and the same settings.

    Similar image sizes share one computed workload, so that thousands of images take little time.
    Not thread-safe.
    """

    def __init__(
        self,
        prior: Prior,
        settings: SamplerSettings,
        throughput: Throughput,
        *,
        limits: PixelLimits = DEFAULT_PIXEL_LIMITS,
    ) -> None:
        """Create the estimator.

        Args:
            prior: Prior of the runs.
            settings: Sampler settings of the runs.
            throughput: Measured throughput of the prior with these settings.
            limits: Limits of the runs on pixels that are computed at once.
        """
        self._prior, self._settings = prior, settings
        self._throughput, self._limits = throughput, limits
        self._seconds_per_pixel: dict[tuple[int, int, int], float] = {}

    def estimate_seconds(self, size: tuple[int, int], channels: int) -> float:
        """Return the estimated wall time of the run on an image, without reading and writing files.

        Args:
            size: Width and height of the image in pixels.
            channels: Number of channels: 1 gray, 3 RGB, 4 CMYK.

        Raises:
            UnknownPlugin, UnusablePlugin, OutOfMemory: See `create_jpeg_run`.
        """
        width, height = (-(-side // _SIZE_STEP_PX) * _SIZE_STEP_PX for side in size)
        key = width, height, channels
        if key not in self._seconds_per_pixel:
            image = create_placeholder_image(Path(), (width, height), channels)
            run = create_jpeg_run(image, self._prior, self._settings, seed=0, limits=self._limits)
            seconds = compute_workload(run).estimate_seconds(self._throughput)
            self._seconds_per_pixel[key] = seconds / (width * height)
        return self._seconds_per_pixel[key] * size[0] * size[1]
