"""The problem that the authors' simplified operator poses, without a file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.imaging.quantize_pixels import FLOAT_BITS, rounded_picture
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.color import create_color_model
from ddrm_core.jpeg.ddrm_paper_operator import (
    MCU_SIDE,
    DdrmPaperOperator,
    create_ddrm_paper_operator,
)
from ddrm_core.jpeg.expected_error import compute_expected_rmse, compute_noise_errors
from ddrm_core.metadata.model import NO_METADATA, Metadata
from ddrm_core.metrics.psnr import Pixels
from ddrm_core.problems.protocols import Picture
from ddrm_core.sampler.protocols import GREY_LEVELS_PER_UNIT, Coefficients
from ddrm_core.verification.consistency import (
    ARITHMETIC_SLACK,
    ComponentConsistency,
    Consistency,
    WorstBlock,
)
from ddrm_core.verification.verify import Verification

# As `jpeg_problem` has it, where its reason is.
_MEASURED_SHARE = 0.25
_NAMES = ("Y", "Cb", "Cr")


@dataclass(frozen=True, slots=True)
class SurrogateImage:
    """What was measured; there is no file of it.

    Attributes:
        path: The lossless picture.
        size: Width and height in pixels.
        channels: RGB.
        metadata: None.
    """

    path: Path
    size: tuple[int, int]
    channels: int = 3
    metadata: Metadata = NO_METADATA


@dataclass(frozen=True, slots=True, eq=False)
class SurrogatePart:
    """A `Part`. Immutable.

    Attributes:
        area: Where it lies in the picture.
        operator: The authors'.
        levels: What it measured.
        decoded: What it decodes them to.
    """

    area: Rectangle
    operator: DdrmPaperOperator
    levels: Coefficients
    decoded: Tensor

    def expected_errors(self, measured: Float[Tensor, "3 64"], sigma: float) -> Coefficients:
        """Per component, (64, 1, 1); between noise and the prior's own error, as for a JPEG."""
        noise = compute_noise_errors(sigma)
        expected = noise * (measured.cpu() / noise) ** _MEASURED_SHARE
        errors = []
        for number, bands in enumerate(expected):
            found = bands if number == 0 else error_of_every_second(bands)
            steps = self.operator.quantizer_steps[min(number, 1)]
            errors.append(found.reshape(64, 1, 1).to(steps.device) / steps)
        return tuple(errors)

    def agreed(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        """As they are: a shift of the operator puts every coefficient where it should be."""
        return x

    def projected(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        """As they are: any RGB picture is of this kind."""
        return x

    def shown(self, x: Float[Tensor, "1 c rows columns"], region: Rectangle) -> Picture:
        return (x[0][:, *region.seen_from(self.area)].cpu() + 1) * GREY_LEVELS_PER_UNIT

    def deviation(self, x: Float[Tensor, "1 c rows columns"], region: Rectangle) -> Picture:
        return x[0][:, *region.seen_from(self.area)].cpu() * GREY_LEVELS_PER_UNIT

    def consistency(self, x: Float[Tensor, "1 c h w"], region: Rectangle) -> Consistency:
        counts, worst = [], WorstBlock(_NAMES[0], 0, 0, 0.0)
        for name, outside, exact in zip(_NAMES, *self.outside(x, region), strict=True):
            within = int((outside <= ARITHMETIC_SLACK).sum())
            counts.append(ComponentConsistency(name, outside.numel(), within, int(exact.sum())))
            per_block = outside[0].amax(0)
            distance = float(per_block.max())
            if distance > worst.distance:
                row, column = divmod(int(per_block.argmax()), per_block.shape[1])
                side = 8 if name == _NAMES[0] else MCU_SIDE
                left, top = region.left + column * side, region.top + row * side
                worst = WorstBlock(name, left, top, distance)
        return Consistency(ARITHMETIC_SLACK, tuple(counts), worst)

    def outside(self, x: Tensor, region: Rectangle) -> tuple[list[Tensor], list[Tensor]]:
        """Per component: distances past the bins' edges in grey levels, and which levels agree."""
        found = self.operator.coefficients(x[:, :, *region.seen_from(self.area)])
        levels = _levels_in(self.levels, region.moved(-self.area.left, -self.area.top))
        offsets = [c - k for c, k in zip(found, levels, strict=True)]
        steps = (
            self.operator.quantizer_steps[0],
            self.operator.quantizer_steps[1],
            self.operator.quantizer_steps[1],
        )
        outside = [(o.abs() - 0.5) * s for o, s in zip(offsets, steps, strict=True)]
        return outside, [o.round() == 0 for o in offsets]


@dataclass(frozen=True, slots=True, eq=False)
class SurrogateProblem:
    """A `Problem`. Immutable.

    Attributes:
        image: What was measured.
        device: Where its parts are wanted.
        operator: The authors', on that device.
        levels: What it measured, there too.
    """

    image: SurrogateImage
    device: torch.device
    operator: DdrmPaperOperator
    levels: Coefficients
    channels: int = 3
    origin: tuple[int, int] = (0, 0)
    unit: tuple[int, int] = (MCU_SIDE, MCU_SIDE)

    @property
    def canvas(self) -> Rectangle:
        """The picture."""
        return Rectangle(0, 0, *self.image.size)

    def to(self, device: torch.device) -> SurrogateProblem:
        levels = tuple(k.to(device) for k in self.levels)
        return replace(self, device=device, operator=self.operator.to(device), levels=levels)

    def expected_sigma(self) -> float:
        tables = [
            s.flatten().cpu().numpy().astype(np.uint16) for s in self.operator.quantizer_steps
        ]
        return compute_expected_rmse([tables[0], tables[1], tables[1]], create_color_model("YCbCr"))

    def part(self, area: Rectangle) -> SurrogatePart:
        levels = _levels_in(self.levels, area)
        return SurrogatePart(area, self.operator, levels, self.operator.decode(levels))

    def verify(
        self, picture: Picture, region: Rectangle | None = None, *, bits: int = FLOAT_BITS
    ) -> Verification:
        region = self.canvas if region is None else region
        part = self.part(region)
        pixels = rounded_picture(picture, bits=bits)
        x = pixels[None].to(self.device) / GREY_LEVELS_PER_UNIT - 1
        luma, *chroma = (o[0].amax(0).clamp_min(0).cpu() for o in part.outside(x, region)[0])
        wide = [c.repeat_interleave(2, 0).repeat_interleave(2, 1) for c in chroma]
        distances = torch.stack([luma, *wide]).amax(0)
        return Verification(part.consistency(x, region), distances, (region.left, region.top))


def surrogate_problem(
    path: Path, pixels: Pixels, quality: int, device: torch.device
) -> SurrogateProblem:
    """What `pixels` pose, RGB with sides that are multiples of 16, measured at a quality factor."""
    operator = create_ddrm_paper_operator(quality).to(device)
    x = torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None].to(device)
    levels = operator.encode(x / GREY_LEVELS_PER_UNIT - 1)
    height, width = pixels.shape[:2]
    return SurrogateProblem(SurrogateImage(path, (width, height)), device, operator, levels)


def _levels_in(levels: Coefficients, area: Rectangle) -> Coefficients:
    """Of an area whose borders are those of MCUs."""
    return tuple(
        k[:, :, area.top // side : area.bottom // side, area.left // side : area.right // side]
        for k, side in zip(levels, (8, MCU_SIDE, MCU_SIDE), strict=True)
    )


def error_of_every_second(errors: Float[Tensor, " 64"]) -> Float[Tensor, " 64"]:
    """Band errors at full resolution, as they are on a plane of every second sample of both axes.

    Nothing is averaged away: a band holds the mean of the variances of the frequency that it is
    and of the one that it is taken for.
    """
    grid = errors.reshape(8, 8) ** 2
    place = torch.arange(8) / 2
    for _ in range(2):
        grid = ((_between(grid, place) + _between(grid, 8 - place)) / 2).mT
    return grid.sqrt().flatten()


def _between(rows: Tensor, place: Tensor) -> Tensor:
    below = place.floor().long()
    first, second = rows[below.clamp_max(7)], rows[(below + 1).clamp_max(7)]
    return torch.lerp(first, second, (place - below)[:, None])
