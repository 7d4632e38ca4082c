"""Expected sizes of the results of many files, from the expected sizes of some of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class SourceSize:
    """The size of an image file.

    Attributes:
        byte_count: Bytes of the file.
        pixel_count: Pixels of the image, at least 1.
    """

    byte_count: int
    pixel_count: int

    @property
    def density(self) -> float:
        """Bytes per pixel."""
        return self.byte_count / self.pixel_count


def choose_representative_files(sources: Sequence[SourceSize], count: int) -> tuple[int, ...]:
    """Return the indices of up to `count` files whose densities are spread like those of all files.

    The first indices of the result are spread, too, so that a later estimate refines an earlier
    one: their ranks by density follow van der Corput's sequence in base 2, a half, a quarter, three
    quarters and so on.
    """
    by_density = sorted(range(len(sources)), key=lambda index: sources[index].density)
    if len(sources) <= count:
        count = len(sources)
    chosen: dict[int, None] = {}
    number = 1
    while len(chosen) < count:
        chosen[by_density[int(_reverse_bits(number) * len(sources))]] = None
        number += 1
    return tuple(chosen)


def estimate_result_sizes(
    sources: Sequence[SourceSize], result_sizes: Mapping[int, int]
) -> tuple[int, ...]:
    """Return the expected size in bytes of the result of each file.

    The bytes per pixel of a result grow with the detail in the image, and so does the density of
    the source. They are interpolated between the files whose results have a known size.

    Args:
        sources: Sizes of all files.
        result_sizes: Sizes of results in bytes by index of their file, at least one.
    """
    pixel_counts = np.array([source.pixel_count for source in sources], float)
    densities = np.array([source.density for source in sources])
    known = np.array(sorted(result_sizes, key=lambda index: densities[index]))
    known_sizes = np.array([result_sizes[index] for index in known], float)
    sizes = np.interp(densities, densities[known], known_sizes / pixel_counts[known]) * pixel_counts
    sizes[known] = known_sizes
    return tuple(np.rint(sizes).astype(int).tolist())


def estimate_total_size(sources: Sequence[SourceSize], result_sizes: Mapping[int, int]) -> int:
    """Return the sum of `estimate_result_sizes`, in bytes."""
    return sum(estimate_result_sizes(sources, result_sizes))


def _reverse_bits(number: int) -> float:
    """Return the element of van der Corput's sequence in base 2 with this number, 0 to 1."""
    fraction, unit = 0.0, 0.5
    while number:
        fraction += unit * (number & 1)
        number, unit = number >> 1, unit / 2
    return fraction
