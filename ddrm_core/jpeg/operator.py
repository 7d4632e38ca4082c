"""The JPEG measurement: what an encoder with the file's tables and sampling makes of a picture."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.contracts import GREY_LEVELS_PER_UNIT, Coefficients
from ddrm_core.jpeg.color import rgb_matrix, x_from_ycbcr, ycbcr_from_x, ycbcr_matrix
from ddrm_core.jpeg.dct import basis_images, block_dct, inverse_block_dct
from ddrm_core.jpeg.header import Component, Table
from ddrm_core.jpeg.measured import JpegImage
from ddrm_core.jpeg.subsample import Axis, down, lift, make_axis, triangle_up


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """One component: its axes and its quantiser steps, (64, 1, 1)."""

    rows: Axis
    columns: Axis
    steps: Tensor


@dataclass(frozen=True, slots=True, eq=False)
class JpegOperator:
    """Pictures <-> coefficients of one JPEG geometry. Immutable.

    Grey files are measured through RGB pictures too: Y is read, and `shift` and `decode` give three
    equal channels, so that a colour prior sees noise of the kind it knows.

    Laws:
        coefficients(shift(x, d)) == coefficients(x) + d, for every d that is a difference of two
            pictures' coefficients; for every d at all where the sides are whole MCUs
        encode(x) == round(coefficients(x))
        decode agrees with libjpeg's decoder before its rounding

    Attributes:
        height: Of the picture, in pixels.
        width: Of the picture, in pixels.
        planes: Y, or Y, Cb, Cr.
        basis: The DCT's basis pictures.
        to_ycbcr: As many rows as there are planes.
        to_rgb: The inverse of the full matrix.
    """

    height: int
    width: int
    planes: tuple[Plane, ...]
    basis: Tensor
    to_ycbcr: Tensor
    to_rgb: Tensor

    def to(self, device: torch.device) -> JpegOperator:
        """The same operator with its tensors on `device`."""
        return replace(
            self,
            planes=tuple(
                Plane(p.rows.to(device), p.columns.to(device), p.steps.to(device))
                for p in self.planes
            ),
            basis=self.basis.to(device),
            to_ycbcr=self.to_ycbcr.to(device),
            to_rgb=self.to_rgb.to(device),
        )

    def coefficients(self, x: Float[Tensor, "b 3 h w"]) -> Coefficients:
        """Real-valued coefficients in quantiser steps."""
        ycbcr = ycbcr_from_x(x, self.to_ycbcr)
        return tuple(
            block_dct(down(ycbcr[:, i : i + 1], p.rows, p.columns), self.basis) / p.steps
            for i, p in enumerate(self.planes)
        )

    def encode(self, x: Float[Tensor, "b 3 h w"]) -> Coefficients:
        """Levels an encoder would write, were its arithmetic exact."""
        return tuple(c.round() for c in self.coefficients(x))

    def decode(self, levels: Coefficients) -> Float[Tensor, "b 3 h w"]:
        """What libjpeg shows, up to the rounding of its colour conversion.

        Samples are 8-bit integers, as T.81 A.3.1 wants them; chroma goes through libjpeg's triangle
        filter.
        """
        samples = [
            # Halves go up as in libjpeg's DESCALE; flat blocks often are exact halves, float32 just
            # below.
            (inverse_block_dct(k * p.steps, self.basis) + 0.5001).floor().clamp(-128, 127)
            for k, p in zip(levels, self.planes, strict=True)
        ]
        shown = [
            triangle_up(s, p.rows, p.columns) for s, p in zip(samples, self.planes, strict=True)
        ]
        return self._x(shown)

    def shift(self, x: Float[Tensor, "b 3 h w"], change: Coefficients) -> Float[Tensor, "b 3 h w"]:
        """`x` plus the smallest YCbCr picture with the coefficients `change`; greys drop colour."""
        planes = [
            lift(inverse_block_dct(d * p.steps, self.basis), p.rows, p.columns)
            for d, p in zip(change, self.planes, strict=True)
        ]
        if len(planes) == 1:
            return self._x([ycbcr_from_x(x, self.to_ycbcr) + planes[0]])
        moved = torch.cat(planes, 1).flatten(2)
        return x + ((self.to_rgb / GREY_LEVELS_PER_UNIT) @ moved).reshape(len(moved), *x.shape[1:])

    def _x(self, planes: list[Tensor]) -> Tensor:
        if len(planes) == 1:
            planes = [planes[0], *2 * [torch.zeros_like(planes[0])]]
        return x_from_ycbcr(torch.cat(planes, 1), self.to_rgb)


def operator_for(image: JpegImage) -> JpegOperator:
    """The operator that `image`'s encoder applied, if it padded the picture as libjpeg does."""
    width, height = image.size
    return make_operator(height, width, image.components, image.tables)


def coded_area_operator(image: JpegImage) -> JpegOperator:
    """The same for a picture that goes on past the shown one, to the end of its last MCU."""
    width, height = image.size
    row, column = _largest_factors(image.components)
    padded = -(-height // (8 * row)) * 8 * row, -(-width // (8 * column)) * 8 * column
    return _operator(*padded, (height, width), image.components, image.tables)


def make_operator(
    height: int, width: int, components: tuple[Component, ...], tables: tuple[Table, ...]
) -> JpegOperator:
    """An operator for any geometry.

    Args:
        height: In pixels, at least 1.
        width: In pixels, at least 1.
        components: One (grey) or three (YCbCr); sampling factors that divide the largest.
        tables: Quantiser steps per component, natural order.
    """
    return _operator(height, width, (height, width), components, tables)


def _operator(
    height: int,
    width: int,
    shown: tuple[int, int],
    components: tuple[Component, ...],
    tables: tuple[Table, ...],
) -> JpegOperator:
    """An operator on height x width, with as many blocks as the `shown` part has."""
    row, column = _largest_factors(components)
    planes = []
    for component, table in zip(components, tables, strict=True):
        # T.81 A.1.1 and A.2.4: as many blocks as cover the component's own true size.
        row_blocks = -(-shown[0] * component.vertical // (8 * row))
        column_blocks = -(-shown[1] * component.horizontal // (8 * column))
        planes.append(
            Plane(
                make_axis(height, row // component.vertical, row_blocks, pads_samples=True),
                make_axis(width, column // component.horizontal, column_blocks, pads_samples=False),
                torch.from_numpy(table.astype("float32")).reshape(64, 1, 1),
            )
        )
    matrix = ycbcr_matrix()[: len(planes)]
    return JpegOperator(height, width, tuple(planes), basis_images(), matrix, rgb_matrix())


def _largest_factors(components: tuple[Component, ...]) -> tuple[int, int]:
    return max(c.vertical for c in components), max(c.horizontal for c in components)


def level_tensors(image: JpegImage, device: torch.device) -> Coefficients:
    """The file's levels as the operator writes them: (1, 64, rows, columns), float32."""
    return tuple(
        torch.from_numpy(k.astype("float32"))
        .flatten(2)
        .permute(2, 0, 1)[None]
        .contiguous()
        .to(device)
        for k in image.levels
    )
