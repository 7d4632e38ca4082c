"""How far a result agrees with the levels in the file."""

from __future__ import annotations

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from ddrm_core.contracts import Coefficients
from ddrm_core.jpeg.operator import JpegOperator

# What float32 arithmetic on 8x8 blocks of up to 255 grey levels may add to a coefficient, in grey
# levels.
ARITHMETIC_SLACK = 0.005
_NAMES = ("Y", "Cb", "Cr")


@dataclass(frozen=True, slots=True)
class ComponentConsistency:
    """Counts for one component.

    Attributes:
        name: Y, Cb or Cr.
        coefficients: How many there are.
        inside: How many are in the file's bins, give or take the slack.
        exact: How many would be written as the file's levels.
    """

    name: str
    coefficients: int
    inside: int
    exact: int


@dataclass(frozen=True, slots=True)
class WorstBlock:
    """The block with the coefficient that is farthest outside its bin.

    Attributes:
        component: Y, Cb or Cr.
        left: Of the block in the picture, in pixels.
        top: Of the block in the picture, in pixels.
        distance: From the bin's edge, in grey levels; 0 where every coefficient is inside.
    """

    component: str
    left: int
    top: int
    distance: float


@dataclass(frozen=True, slots=True)
class Consistency:
    """Agreement of a picture with a file's levels.

    Attributes:
        slack: How far outside a bin still counts as inside, in grey levels.
        components: One entry each.
        worst: The worst block of all components.
    """

    slack: float
    components: tuple[ComponentConsistency, ...]
    worst: WorstBlock

    @property
    def inside(self) -> float:
        """Share of coefficients in their bins, 0 to 1."""
        return _share(self.components, [c.inside for c in self.components])

    @property
    def exact(self) -> float:
        """Share of coefficients that would be written as the file's levels, 0 to 1."""
        return _share(self.components, [c.exact for c in self.components])


def measure_consistency(
    operator: JpegOperator, levels: Coefficients, x: Float[Tensor, "1 3 h w"], *, slack: float
) -> Consistency:
    """Hold `x` (network units) against `levels`; `slack` is in grey levels."""
    counts, worst = [], WorstBlock(_NAMES[0], 0, 0, 0.0)
    found = operator.coefficients(x)
    for name, plane, c, k in zip(_NAMES, operator.planes, found, levels, strict=False):
        outside = ((c - k).abs() - 0.5) * plane.steps
        counts.append(
            ComponentConsistency(
                name,
                c.numel(),
                int((outside <= slack).sum()),
                int((c.round() == k).sum()),
            )
        )
        per_block = outside[0].amax(0)
        distance = float(per_block.max())
        if distance > worst.distance:
            row, column = divmod(int(per_block.argmax()), per_block.shape[1])
            left, top = 8 * column * plane.columns.factor, 8 * row * plane.rows.factor
            worst = WorstBlock(name, left, top, distance)
    return Consistency(slack, tuple(counts), worst)


def _share(components: tuple[ComponentConsistency, ...], counts: list[int]) -> float:
    return sum(counts) / sum(c.coefficients for c in components)
