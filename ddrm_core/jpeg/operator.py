"""The JPEG measurement: what an encoder with the file's tables and sampling makes of a picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.jpeg.color import ColourModel, colour_model
from ddrm_core.jpeg.dct import basis_images, block_dct, inverse_block_dct
from ddrm_core.jpeg.header import Component
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.subsample import Axis, decoder_up, down, lift, make_axis
from ddrm_core.sampler.protocols import Coefficients, Strip


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """One component: its axes and its quantiser steps, (64, 1, 1)."""

    rows: Axis
    columns: Axis
    steps: Tensor

    def level_row(self, top: int) -> int:
        """The row of blocks that begins at this row of the picture, a border of MCUs."""
        return top // (8 * self.rows.factor)


@dataclass(frozen=True, slots=True, eq=False)
class JpegOperator:
    """Pictures <-> coefficients of one JPEG geometry. Immutable.

    Pictures have the channels of the colour model. Grey files are measured through RGB pictures
    too: Y is read, and `shift` and `decode` give three equal channels, so that a colour prior sees
    noise of the kind it knows.

    Laws:
        coefficients(shift(x, d)) == coefficients(x) + d, for every d that is a difference of two
            pictures' coefficients; for every d at all where the sides are whole MCUs
        encode(x) == round(coefficients(x))
        decode agrees with libjpeg's decoder before its rounding

    Attributes:
        height: Of the picture, in pixels.
        width: Of the picture, in pixels.
        planes: One per component.
        basis: The DCT's basis pictures.
        colour: What the components are.
    """

    height: int
    width: int
    planes: tuple[Plane, ...]
    basis: Tensor
    colour: ColourModel

    def to(self, device: torch.device) -> JpegOperator:
        """The same operator with its tensors on `device`."""
        return replace(
            self,
            planes=tuple(
                Plane(p.rows.to(device), p.columns.to(device), p.steps.to(device))
                for p in self.planes
            ),
            basis=self.basis.to(device),
            colour=self.colour.to(device),
        )

    def coefficients(self, x: Float[Tensor, "b c h w"]) -> Coefficients:
        """Real-valued coefficients in quantiser steps."""
        samples = self.colour.planes(x)
        return tuple(
            block_dct(down(samples[:, i : i + 1], p.rows, p.columns), self.basis) / p.steps
            for i, p in enumerate(self.planes)
        )

    def encode(self, x: Float[Tensor, "b c h w"]) -> Coefficients:
        """Levels an encoder would write, were its arithmetic exact."""
        return tuple(c.round() for c in self.coefficients(x))

    def decode(self, levels: Coefficients) -> Float[Tensor, "b c h w"]:
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
            decoder_up(s, p.rows, p.columns) for s, p in zip(samples, self.planes, strict=True)
        ]
        return self.colour.picture(torch.cat(shown, 1))

    def shift(self, x: Float[Tensor, "b c h w"], change: Coefficients) -> Float[Tensor, "b c h w"]:
        """`x` plus the smallest change of its components that changes the coefficients so."""
        planes = [
            lift(inverse_block_dct(d * p.steps, self.basis), p.rows, p.columns)
            for d, p in zip(change, self.planes, strict=True)
        ]
        return self.colour.moved(x, torch.cat(planes, 1))

    @property
    def unit(self) -> tuple[int, int]:
        """Columns and rows of an MCU, in pixels."""
        column = max(p.columns.factor for p in self.planes)
        return 8 * column, 8 * max(p.rows.factor for p in self.planes)

    def strips(self, height: int, width: int, pixels: int) -> Iterator[Strip]:
        """Rows of whole MCUs: nothing that `coefficients` and `shift` do crosses their borders."""
        _, row = self.unit
        rows = max(pixels // (width * row), 1) * row
        for top in range(0, height, rows):
            bottom = min(top + rows, height)
            if bottom < height:
                planes = tuple(_rows_between(p, top, bottom) for p in self.planes)
                ends = [p.level_row(bottom) for p in self.planes]
            else:
                planes = tuple(rows_from(p, top) for p in self.planes)
                ends = [p.rows.blocks for p in self.planes]
            levels = (slice(p.level_row(top), e) for p, e in zip(self.planes, ends, strict=True))
            strip = replace(self, height=bottom - top, planes=planes)
            yield Strip(slice(top, bottom), tuple(levels), strip)


def rows_from(plane: Plane, top: int) -> Plane:
    """The plane of what is below a border of MCUs, to the picture's end."""
    rows = plane.rows
    below = replace(rows, side=rows.side - top, blocks=rows.blocks - plane.level_row(top))
    return replace(plane, rows=below)


def columns_from(plane: Plane, left: int) -> Plane:
    """The plane of what is right of a border of MCUs, to the picture's end."""
    columns = plane.columns
    blocks = columns.blocks - left // (8 * columns.factor)
    return replace(plane, columns=replace(columns, side=columns.side - left, blocks=blocks))


def _rows_between(plane: Plane, top: int, bottom: int) -> Plane:
    """The plane between two borders of MCUs, with blocks all the way."""
    blocks = plane.level_row(bottom) - plane.level_row(top)
    rows = make_axis(bottom - top, plane.rows.factor, blocks, pads_samples=plane.rows.pads_samples)
    return replace(plane, rows=rows.to(plane.steps.device))


def operator_for(image: JpegImage) -> JpegOperator:
    """The operator that `image`'s encoder applied, if it padded the picture as libjpeg does."""
    return make_operator(image, image.top + image.height, image.left + image.width)


def coded_area_operator(image: JpegImage) -> JpegOperator:
    """The same for a picture that goes on past the shown one, to the end of its last MCU."""
    row, column = largest_factors(image.components)
    height, width = image.top + image.height, image.left + image.width
    return make_operator(
        image, -(-height // (8 * row)) * 8 * row, -(-width // (8 * column)) * 8 * column
    )


def make_operator(image: JpegImage, height: int, width: int) -> JpegOperator:
    """An operator on height x width pixels, at least as many as `image` has blocks for."""
    row, column = largest_factors(image.components)
    planes = []
    for component, table in zip(image.components, image.tables, strict=True):
        # T.81 A.1.1 and A.2.4: as many blocks as cover the component's own true size.
        true_height, true_width = image.top + image.height, image.left + image.width
        row_blocks = -(-true_height * component.vertical // (8 * row))
        column_blocks = -(-true_width * component.horizontal // (8 * column))
        planes.append(
            Plane(
                make_axis(height, row // component.vertical, row_blocks, pads_samples=True),
                make_axis(width, column // component.horizontal, column_blocks, pads_samples=False),
                torch.from_numpy(table.astype("float32")).reshape(64, 1, 1),
            )
        )
    return JpegOperator(height, width, tuple(planes), basis_images(), colour_model(image.colour))


def largest_factors(components: tuple[Component, ...]) -> tuple[int, int]:
    """Vertical and horizontal; an MCU has eight times as many pixels."""
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
