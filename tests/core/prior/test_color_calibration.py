"""A calibrated network returns areas of one color as they are."""

import pytest
import torch
from torch import Tensor

from ddrm_core.prior.color_calibration import ColorCalibration, measure_color_calibration

SIGMAS = torch.tensor([0.02, 0.1, 0.5])


def estimate_with_bias(colors: Tensor, sigma: float) -> Tensor:
    """Return colors as a biased network does: saturated ones are moved towards gray."""
    others = colors.roll(1, -1)
    return 0.95 * colors - 0.03 * sigma * colors * (colors - others).square()


@pytest.fixture(scope="module")
def calibration() -> ColorCalibration:
    return measure_color_calibration(estimate_with_bias, SIGMAS, 9)


def correct(calibration: ColorCalibration, colors: Tensor, sigma: float) -> Tensor:
    estimate = estimate_with_bias(colors, sigma).T[None, :, None].clone()
    calibration.correct(estimate, sigma)
    return estimate[0, :, 0].T


@pytest.mark.parametrize("sigma", [0.02, 0.1, 0.5])
def test_calibrated_colors_are_right_at_measured_noise_levels(
    calibration: ColorCalibration, sigma: float
) -> None:
    colors = torch.rand(200, 3, generator=torch.Generator().manual_seed(3)) * 1.8 - 0.9
    bias = (estimate_with_bias(colors, sigma) - colors).abs().max()
    error = (correct(calibration, colors, sigma) - colors).abs().max()
    assert bias > 0.04
    assert error < 0.06 * bias


def test_offsets_between_noise_levels_are_interpolated_over_the_logarithm(
    calibration: ColorCalibration,
) -> None:
    def offset(sigma: float) -> Tensor:
        estimate = torch.tensor([0.9, -0.8, 0.1]).view(1, 3, 1, 1)
        corrected = estimate.clone()
        calibration.correct(corrected, sigma)
        return (corrected - estimate).flatten()

    middle = (0.02 * 0.1) ** 0.5
    torch.testing.assert_close(offset(middle), (offset(0.02) + offset(0.1)) / 2)
    torch.testing.assert_close(offset(1e-4), offset(0.02))
    torch.testing.assert_close(offset(2.0), offset(0.5))
    assert not torch.allclose(offset(0.02), offset(0.5), atol=1e-3)


def test_each_pixel_is_corrected_by_its_own_color(calibration: ColorCalibration) -> None:
    images = torch.rand(2, 3, 31, 37, generator=torch.Generator().manual_seed(4)) * 2 - 1
    corrected = images.clone()
    calibration.correct(corrected, 0.1)
    for image, row, column in ((0, 0, 0), (1, 30, 36), (1, 5, 20)):
        pixel = images[image, :, row, column].view(1, 3, 1, 1).clone()
        calibration.correct(pixel, 0.1)
        torch.testing.assert_close(corrected[image, :, row, column], pixel.flatten())
    assert (corrected - images).abs().max() > 0.01
