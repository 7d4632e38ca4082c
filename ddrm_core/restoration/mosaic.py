"""Mosaic of the result of a run, filled tile by tile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic

import torch
from torch import Tensor

from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.problems.protocols import ImageT_co, PixelTensor, ProblemTile
from ddrm_core.restoration.run import Run
from ddrm_core.verification.consistency import Consistency, merge_consistencies


@dataclass(slots=True, eq=False)
class ResultMosaic(Generic[ImageT_co]):
    """The images of a run's result, in main memory and filled tile by tile.

    Attributes:
        run: Run of the result.
        image: Mean of the samples, None before the first tile.
        spread: Standard deviation of the samples, None before the first tile or if not computed.
        samples: First samples, as many as `OutputSelection.sample_count`.
        tile_consistencies: Consistency of each finished tile.
    """

    run: Run[ImageT_co]
    image: PixelTensor | None = None
    spread: PixelTensor | None = None
    samples: Sequence[PixelTensor] = field(default_factory=tuple)
    tile_consistencies: list[Consistency] = field(default_factory=list)

    def add_tile(
        self,
        problem_tile: ProblemTile,
        tile_region: Rectangle,
        mean: Tensor,
        *,
        deviation: Tensor | None = None,
        samples: Sequence[Tensor] = (),
    ) -> None:
        """Insert one region of a finished tile into the images.

        `mean`, `deviation` and `samples` are (1, c, h, w) tensors of the whole tile in network
        units.

        Args:
            problem_tile: Finished tile.
            tile_region: Region that is inserted, in pixels of the stored image.
            mean: Mean of the samples.
            deviation: Standard deviation of the samples, None if not computed.
            samples: First samples; every tile has the same number.
        """
        self.image = self._insert_pixels(
            self.image, problem_tile.to_pixels(mean, tile_region), tile_region
        )
        if deviation is not None:
            self.spread = self._insert_pixels(
                self.spread, problem_tile.deviation_to_pixels(deviation, tile_region), tile_region
            )
        previous_samples: Sequence[PixelTensor | None] = self.samples or [None] * len(samples)
        self.samples = [
            self._insert_pixels(
                full_sample, problem_tile.to_pixels(sample, tile_region), tile_region
            )
            for full_sample, sample in zip(previous_samples, samples, strict=True)
        ]
        self.tile_consistencies.append(problem_tile.compute_consistency(mean, tile_region))

    def consistency(self) -> Consistency:
        """Return the consistency over all finished tiles, of which there must be one or more."""
        return merge_consistencies(self.tile_consistencies)

    def _insert_pixels(
        self, full_image: Tensor | None, pixels: Tensor, tile_region: Rectangle
    ) -> Tensor:
        if tile_region == self.run.output_region:
            return pixels
        if full_image is None:
            output_region = self.run.output_region
            full_image = torch.empty(len(pixels), output_region.height, output_region.width)
        full_image[:, *tile_region.slices_in(self.run.output_region)] = pixels
        return full_image
