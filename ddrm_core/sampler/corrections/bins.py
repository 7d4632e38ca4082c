"""Parameters of the correction `bins`, the mean of each coefficient given its bin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from ddrm_core.sampler.corrections.parameters import CorrectionParameters
from ddrm_core.setting_fields import Help, Limits

if TYPE_CHECKING:  # imports torch at runtime
    from ddrm_core.sampler.protocols import Coefficients, Correction, TileMeasurement

# In quantizer steps; keeps divisions finite for steps that are far larger than the expected error.
_MIN_EXPECTED_ERROR = 1e-3


@dataclass(frozen=True, slots=True)
class BinsParameters(CorrectionParameters):
    """The parameters of the correction `bins`, which keeps every coefficient in its bin.

    Attributes:
        error_factor: Factor on the expected error of an estimate, 0.01 to 100.
    """

    name: ClassVar = "bins"
    projects_to_bins: ClassVar = True

    error_factor: Annotated[
        float,
        Limits(0.01, 100),
        Help("Factor of bins on the expected error of an estimate, 0.01 to 100."),
    ] = 1.75

    def create_correction(self, tile: TileMeasurement) -> Correction:
        from ddrm_core.sampler.corrections.truncated_normal import BinsCorrection

        def compute_expected_errors(sigma: float) -> Coefficients:
            errors = tile.compute_expected_errors(sigma)
            return tuple((self.error_factor * e).clamp_min(_MIN_EXPECTED_ERROR) for e in errors)

        return BinsCorrection(tile.operator, tile.levels, compute_expected_errors, tile.flat_blocks)
