"""Correction of the color error that a network makes in areas of one color."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

_INVERSION_ROUNDS = 8


@dataclass(frozen=True, slots=True, eq=False)
class ColorCalibration:
    """The colors to add to a network's estimates, as a table over noise level and color.

    A network trained on photographs moves saturated colors, which are rare there: FFDNet returns
    pure green 12 gray levels too dark at every noise level.

    Attributes:
        sigmas: Noise levels, ascending, in network units.
        offsets: Colors to add in network units, (noise levels, n, n, n, 3). The three middle axes
            are red, green and blue of the estimate, n equally spaced values from -1 to 1.
    """

    sigmas: Float[Tensor, " levels"]
    offsets: Float[Tensor, "levels n n n 3"]

    def correct(self, estimate: Float[Tensor, "b 3 h w"], sigma: float) -> None:
        """Add the offsets for each pixel's color to an estimate, in place.

        Offsets are interpolated linearly over color and over ln(sigma), and constant outside the
        table.
        """
        colors = estimate.flatten(2).mT
        offsets = _interpolate(self._offsets_at(sigma).to(estimate.device), colors)
        estimate.add_(offsets.mT.view_as(estimate))

    def _offsets_at(self, sigma: float) -> Float[Tensor, "n n n 3"]:
        log_sigmas = self.sigmas.log()
        log_sigma = torch.tensor(sigma).log().clamp(log_sigmas[0], log_sigmas[-1])
        upper = int(torch.searchsorted(log_sigmas, log_sigma).clamp(1, len(log_sigmas) - 1))
        weight = (log_sigma - log_sigmas[upper - 1]) / (log_sigmas[upper] - log_sigmas[upper - 1])
        return torch.lerp(self.offsets[upper - 1], self.offsets[upper], weight)


def measure_color_calibration(
    estimate_flat_colors: Callable[[Float[Tensor, "colors 3"], float], Float[Tensor, "colors 3"]],
    sigmas: Float[Tensor, " levels"],
    colors_per_axis: int,
) -> ColorCalibration:
    """Measure the calibration of a network.

    Args:
        estimate_flat_colors: Function from colors in network units and a noise level to the colors
            that the network returns for areas of these colors.
        sigmas: Noise levels, ascending, in network units.
        colors_per_axis: Measured values of red, green and blue each, at least 2. The table has
            about twice as many, because outputs for saturated colors lie between measured ones.
    """
    inputs = _create_color_grid(colors_per_axis)
    outputs = _create_color_grid(2 * colors_per_axis - 1)
    offsets = []
    for sigma in sigmas.tolist():
        errors = estimate_flat_colors(inputs.view(-1, 3), sigma).view_as(inputs) - inputs
        # The table is over the network's output: find the input that gives each output.
        origins = outputs.view(1, -1, 3)
        for _ in range(_INVERSION_ROUNDS):
            origins = outputs.view(1, -1, 3) - _interpolate(errors, origins)
        offsets.append(origins.view_as(outputs) - outputs)
    return ColorCalibration(sigmas, torch.stack(offsets))


def _create_color_grid(colors_per_axis: int) -> Float[Tensor, "n n n 3"]:
    """Return colors with equally spaced values of red, green and blue, from -1 to 1."""
    values = torch.linspace(-1, 1, colors_per_axis)
    return torch.stack(torch.meshgrid(values, values, values, indexing="ij"), -1)


def _interpolate(
    table: Float[Tensor, "n n n 3"], colors: Float[Tensor, "b pixels 3"]
) -> Float[Tensor, "b pixels 3"]:
    """Return the values of a table over red, green and blue at colors, linearly interpolated.

    The axes of the table are equally spaced from -1 to 1.
    """
    # In grid_sample, the last coordinate is that of the first axis.
    values: Tensor = functional.grid_sample(
        table.movedim(-1, 0).expand(len(colors), -1, -1, -1, -1),
        colors.flip(-1)[:, None, None],
        padding_mode="border",
        align_corners=True,
    )
    return values.flatten(2).mT
