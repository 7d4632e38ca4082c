"""A correction in one file: the narrow quantization constraint set (Park and Lee 1999).

    python docs/examples/new_correction.py restore photo.jpg --correction narrow
    python docs/examples/new_correction.py restore photo.jpg --correction narrow \
        --correction-parameter width=0.2

Each command is the whole program with the correction in use; without arguments it is the window. A
package offers the correction with an entry point, `narrow = "package.module:NARROW"` in the group
`ddrm_restore.corrections`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from torch import Tensor

from app.__main__ import main
from ddrm_core.sampler.corrections.parameters import CorrectionParameters
from ddrm_core.sampler.corrections.registry import CORRECTIONS
from ddrm_core.sampler.protocols import Correction, TileMeasurement
from ddrm_core.setting_fields import Help, Limits


@dataclass(frozen=True, slots=True)
class NarrowParameters(CorrectionParameters):
    """The parameters of `narrow`; command line and form show them with limits and help."""

    name: ClassVar = "narrow"
    projects_to_bins: ClassVar = True

    width: Annotated[
        float, Limits(0, 1), Help("Width of the set as a share of the bin's, 0 to 1.")
    ] = 0.5

    def create_correction(self, tile: TileMeasurement) -> Correction:
        return NarrowCorrection(tile, self.width / 2)


@dataclass(frozen=True, slots=True, eq=False)
class NarrowCorrection:
    """Each coefficient moved to the nearest value of a set around its level.

    Attributes:
        tile: The measurement.
        half_width: Distance from the level to the ends of the set, in quantizer steps.
    """

    tile: TileMeasurement
    half_width: float

    def __call__(self, estimate: Tensor, sigma: float) -> Tensor:  # noqa: ARG002  # a Correction
        operator = self.tile.operator
        offsets = [
            coefficients - levels
            for coefficients, levels in zip(
                operator.coefficients(estimate), self.tile.levels, strict=True
            )
        ]
        changes = [o.clamp(-self.half_width, self.half_width) - o for o in offsets]
        return operator.shift_coefficients(estimate, tuple(changes))


NARROW = NarrowParameters()

if __name__ == "__main__":
    CORRECTIONS.register(NARROW, __file__)
    main()
