"""Times of runs from a recorded throughput, without torch and without the network."""

from __future__ import annotations

from dataclasses import dataclass

_CHANNELS_PER_CALL = 3


@dataclass(frozen=True, slots=True)
class RecordedThroughput:
    """The speed at which a device evaluated a prior in an earlier run.

    Attributes:
        seconds_per_pixel: Wall time in seconds per pixel that the network evaluates.
        border: Pixels around an image that the network evaluates, too.
    """

    seconds_per_pixel: float
    border: int

    def estimate_seconds(self, size: tuple[int, int], channels: int, evaluations: int) -> float:
        """Return the expected wall time in seconds of the run on an image.

        Margins of tiles are left out: up to a sixth of the pixels of a large image.

        Args:
            size: Width and height of the image in pixels.
            channels: Number of channels: 1 gray, 3 RGB, 4 CMYK, whose black is evaluated as a
                second image.
            evaluations: Number of evaluations of the prior.
        """
        pixels = count_network_pixels(size, channels, evaluations, self.border)
        return self.seconds_per_pixel * pixels


def count_network_pixels(
    size: tuple[int, int], channels: int, evaluations: int, border: int
) -> int:
    """Return the number of pixels that a network evaluates in a run, without margins of tiles.

    Args:
        size: Width and height of the image in pixels.
        channels: Number of channels: 1 gray, 3 RGB, 4 CMYK.
        evaluations: Number of evaluations of the prior.
        border: Pixels around an image that the network evaluates, too.
    """
    width, height = (side + 2 * border for side in size)
    images = -(-channels // _CHANNELS_PER_CALL)
    return width * height * images * evaluations
