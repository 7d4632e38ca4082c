"""The correction of the paper's method. Source: Kawar et al. 2022, eq. 4 and 5."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from ddrm_core.sampler.corrections.parameters import CorrectionParameters
from ddrm_core.setting_fields import Help, Label, Limits

if TYPE_CHECKING:  # imports torch at runtime
    from torch import Tensor

    from ddrm_core.sampler.protocols import Correction, MeasurementOperator, TileMeasurement


@dataclass(frozen=True, slots=True)
class PaperParameters(CorrectionParameters):
    """The parameters of the correction `paper`, whose results may be outside the bins.

    Attributes:
        eta_b: Share of each estimate that is replaced by the corrected estimate, 0 to 1.
    """

    name: ClassVar = "paper"
    projects_to_bins: ClassVar = False

    eta_b: Annotated[
        float,
        Label("eta-b"),
        Limits(0, 1),
        Help("Share of each estimate that paper replaces by the corrected estimate, 0 to 1."),
    ] = 0.4

    def create_correction(self, tile: TileMeasurement) -> Correction:
        return PaperCorrection(tile.operator, tile.decoded_image, self.eta_b)


@dataclass(frozen=True, slots=True, eq=False)
class PaperCorrection:
    """The paper's correction: an estimate f becomes eta_b x' + (1 - eta_b) f.

    x' = f - decode(encode(f)) + decode(y) keeps the rounding residual of f, but has the measured
    levels y instead of those of f. The correction is not a projection.

    Attributes:
        operator: Measurement operator.
        decoded: Decoded image of the measured levels, decode(y).
        eta_b: Share of x' in the result, 0 to 1.
    """

    operator: MeasurementOperator
    decoded: Tensor
    eta_b: float

    def __call__(self, estimate: Tensor, sigma: float) -> Tensor:  # noqa: ARG002  # a Correction
        decoded_estimate = self.operator.decode(self.operator.encode(estimate))
        return estimate.add(self.decoded - decoded_estimate, alpha=self.eta_b)
