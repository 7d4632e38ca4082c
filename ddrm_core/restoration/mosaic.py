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
from ddrm_core.verification.consistency import Consistency, merged


@dataclass(slots=True, eq=False)
class Assembly(Generic[ImageT_co]):
    """Pictures of a run's size that are filled part after part, on the CPU.

    Attributes:
        run: Whose result it is.
        picture: The mean of the samples; None before the first part.
        spread: Their standard deviation, None where there is none.
        samples: Those that are kept.
        found: Consistency of each part.
    """

    run: Run[ImageT_co]
    picture: PixelTensor | None = None
    spread: PixelTensor | None = None
    samples: Sequence[PixelTensor] = field(default_factory=tuple)
    found: list[Consistency] = field(default_factory=list)

    def add(
        self,
        part: ProblemTile,
        place: Rectangle,
        mean: Tensor,
        *,
        deviation: Tensor | None = None,
        samples: Sequence[Tensor] = (),
    ) -> None:
        """Take over what is wanted of a part.

        Args:
            part: Where the pictures are from.
            place: What is wanted of it, in pixels of the picture as stored.
            mean: In network units, as the others: (1, c, h, w) of the part.
            deviation: Over the samples.
            samples: As many in each part.
        """
        self.picture = self._with(self.picture, part.to_pixels(mean, place), place)
        if deviation is not None:
            self.spread = self._with(self.spread, part.deviation_to_pixels(deviation, place), place)
        before: Sequence[PixelTensor | None] = self.samples or [None] * len(samples)
        self.samples = [
            self._with(whole, part.to_pixels(sample, place), place)
            for whole, sample in zip(before, samples, strict=True)
        ]
        self.found.append(part.compute_consistency(mean, place))

    def consistency(self) -> Consistency:
        """Of all parts so far, at least one."""
        return merged(self.found)

    def _with(self, whole: Tensor | None, pixels: Tensor, place: Rectangle) -> Tensor:
        if place == self.run.place:
            return pixels
        if whole is None:
            size = self.run.place
            whole = torch.empty(len(pixels), size.height, size.width)
        whole[:, *place.seen_from(self.run.place)] = pixels
        return whole
