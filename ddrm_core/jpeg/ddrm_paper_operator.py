"""The simplified JPEG operator of the paper's authors, for reproducing the paper's numbers.

The operator does not fit real files. Differences from an encoder: the color matrix has 4 digits;
every second chroma sample is kept instead of a mean, and repeated when decoding; tables are scaled
with a float. Source: the authors' published code, functions/jpeg_torch.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.jpeg.linear_maps.dct import block_dct, dct_basis_images, inverse_block_dct
from ddrm_core.jpeg.quality_factor import CHROMA_BASE_TABLE, LUMA_BASE_TABLE
from ddrm_core.sampler.protocols import GRAY_LEVELS_PER_UNIT, Coefficients, ImageStrip

MCU_SIDE = 16  # pixels
_RGB_TO_YCBCR = torch.tensor(
    [[0.299, 0.587, 0.114], [-0.1687, -0.3313, 0.5], [0.5, -0.4187, -0.0813]]
)


@dataclass(frozen=True, slots=True, eq=False)
class DdrmPaperOperator:
    """The paper's operator: a 4:2:0 JPEG whose samples are not rounded. Immutable.

    Sides of images are multiples of 16.

    Laws:
        the laws of `protocols.MeasurementOperator`
        encode(decode(levels)) == levels, because `decode` is a right inverse

    Attributes:
        quantizer_steps: Quantizer steps of luma and of chroma, each (64, 1, 1).
        dct_basis: Basis images of the DCT.
        rgb_to_ycbcr: The authors' color matrix.
    """

    quantizer_steps: tuple[Tensor, Tensor]
    dct_basis: Tensor
    rgb_to_ycbcr: Tensor

    def to(self, device: torch.device) -> DdrmPaperOperator:
        """Return a copy of the operator with its tensors on `device`."""
        luma, chroma = (s.to(device) for s in self.quantizer_steps)
        return DdrmPaperOperator(
            (luma, chroma), self.dct_basis.to(device), self.rgb_to_ycbcr.to(device)
        )

    def coefficients(self, x: Float[Tensor, "b 3 h w"]) -> Coefficients:
        """Return the coefficients of `x` in quantizer steps, one tensor per component.

        Luma is (b, 64, h/8, w/8); both chroma planes are (b, 64, h/16, w/16).
        """
        planes = torch.matmul(self.rgb_to_ycbcr, ((x + 1) / 2 * 255).flatten(2)).reshape(x.shape)
        luma, blue, red = planes[:, :1] - 128, planes[:, 1:2, ::2, ::2], planes[:, 2:, ::2, ::2]
        component_steps = (
            self.quantizer_steps[0],
            self.quantizer_steps[1],
            self.quantizer_steps[1],
        )
        return tuple(
            block_dct(p, self.dct_basis) / q
            for p, q in zip((luma, blue, red), component_steps, strict=True)
        )

    def encode(self, x: Float[Tensor, "b 3 h w"]) -> Coefficients:
        """Return the levels of `x`, its rounded coefficients; halves are rounded to even."""
        return tuple(c.round() for c in self.coefficients(x))

    def decode(self, levels: Coefficients) -> Float[Tensor, "b 3 h w"]:
        """Return the image that `levels` decode to, neither clamped nor rounded."""
        planes = self._decode_planes(levels)
        planes[:, 0] += 128
        return self._ycbcr_to_rgb(planes) / 255 * 2 - 1

    def shift_coefficients(
        self, x: Float[Tensor, "b 3 h w"], change: Coefficients
    ) -> Float[Tensor, "b 3 h w"]:
        """Return `x` plus the decoded `change`.

        The coefficients of the result are those of `x` plus `change`. The paper's authors chose
        this shift; a pseudo-inverse would give the smallest shift.
        """
        return x + self._ycbcr_to_rgb(self._decode_planes(change)) / GRAY_LEVELS_PER_UNIT

    def split_into_strips(self, height: int, width: int, max_pixels: int) -> Iterator[ImageStrip]:
        """Yield strips of complete rows of MCUs, about `max_pixels` pixels each."""
        rows = max(max_pixels // (width * MCU_SIDE), 1) * MCU_SIDE
        for top in range(0, height, rows):
            bottom = min(top + rows, height)
            chroma = slice(top // MCU_SIDE, bottom // MCU_SIDE)
            yield ImageStrip(
                slice(top, bottom), (slice(top // 8, bottom // 8), chroma, chroma), self
            )

    def _decode_planes(self, coefficients: Coefficients) -> Tensor:
        luma, *chroma = coefficients
        planes = [inverse_block_dct(luma * self.quantizer_steps[0], self.dct_basis)]
        for c in chroma:
            samples = inverse_block_dct(c * self.quantizer_steps[1], self.dct_basis)
            planes.append(samples.repeat_interleave(2, 2).repeat_interleave(2, 3))
        return torch.cat(planes, 1)

    def _ycbcr_to_rgb(self, planes: Tensor) -> Tensor:
        return torch.matmul(torch.linalg.inv(self.rgb_to_ycbcr), planes.flatten(2)).reshape(
            planes.shape
        )


def create_ddrm_paper_operator(quality: int) -> DdrmPaperOperator:
    """Create the paper's operator for a quality factor, 1 to 100.

    Tables are scaled with a float, as in the authors' code.
    """
    scale = 5000 / quality if quality < 50 else 200 - 2 * quality
    quantizer_steps = []
    for base in (LUMA_BASE_TABLE, CHROMA_BASE_TABLE):
        table = torch.from_numpy(base).float()
        quantizer_steps.append(((table * scale + 50) / 100).floor().clamp(1, 255).reshape(64, 1, 1))
    return DdrmPaperOperator(
        (quantizer_steps[0], quantizer_steps[1]), dct_basis_images(), _RGB_TO_YCBCR
    )
