"""A result put together from the parts of its picture."""

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
    """Pictures of a run's size that are filled part after part, on the CPU.

    Attributes:
        run: Whose result it is.
        image: The mean of the samples; None before the first part.
        spread: Their standard deviation, None where there is none.
        samples: Those that are kept.
        tile_consistencies: Consistency of each part.
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
        """Take over what is wanted of a part.

        Args:
            problem_tile: Where the pictures are from.
            tile_region: What is wanted of it, in pixels of the picture as stored.
            mean: In network units, as the others: (1, c, h, w) of the part.
            deviation: Over the samples.
            samples: As many in each part.
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
        """Of all parts so far, at least one."""
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
