"""The measurement operator of a JPEG: color conversion, downsampling, DCT, quantizer steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.jpeg.header import Component
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.linear_maps.color import ColorModel, create_color_model
from ddrm_core.jpeg.linear_maps.dct import block_dct, dct_basis_images, inverse_block_dct
from ddrm_core.jpeg.linear_maps.subsample import (
    SamplingAxis,
    create_sampling_axis,
    downsample,
    fancy_upsample,
    pseudo_inverse_upsample,
)
from ddrm_core.sampler.protocols import Coefficients, ImageStrip


@dataclass(frozen=True, slots=True, eq=False)
class ComponentPlane:
    """A component's map from image pixels to samples along each axis, and its quantizer steps.

    Attributes:
        row_axis: Map from the rows of an image to the rows of the component's plane.
        column_axis: Map from the columns of an image to the columns of the component's plane.
        quantizer_steps: Quantizer steps, (64, 1, 1).
    """

    row_axis: SamplingAxis
    column_axis: SamplingAxis
    quantizer_steps: Tensor

    def block_row_at(self, top: int) -> int:
        """Return the index of the block row that begins at image row `top`, an MCU boundary."""
        return top // (8 * self.row_axis.factor)


@dataclass(frozen=True, slots=True, eq=False)
class JpegOperator:
    """The map between images and coefficients of one JPEG geometry. Immutable.

    Images have the channels of the color model. Gray files are measured through RGB images:
    `coefficients` reads Y, while `shift_coefficients` and `decode` return three equal channels. A
    color prior then sees the kind of noise that it was trained on.

    Laws:
        coefficients(shift(x, d)) == coefficients(x) + d, for every d that is a difference of two
            images' coefficients; for every d if the sides are multiples of the MCU's sides
        encode(x) == round(coefficients(x))
        decode agrees with libjpeg's decoder before its rounding

    Attributes:
        height: Height of the image in pixels.
        width: Width of the image in pixels.
        planes: One plane per component.
        dct_basis: Basis images of the DCT.
        color_model: Color model of the components.
    """

    height: int
    width: int
    planes: tuple[ComponentPlane, ...]
    dct_basis: Tensor
    color_model: ColorModel

    def to(self, device: torch.device) -> JpegOperator:
        """Return a copy of the operator with its tensors on `device`."""
        return replace(
            self,
            planes=tuple(
                ComponentPlane(
                    p.row_axis.to(device), p.column_axis.to(device), p.quantizer_steps.to(device)
                )
                for p in self.planes
            ),
            dct_basis=self.dct_basis.to(device),
            color_model=self.color_model.to(device),
        )

    def coefficients(self, x: Float[Tensor, "b c h w"]) -> Coefficients:
        """Return the real-valued coefficients of `x` in quantizer steps."""
        samples = self.color_model.to_planes(x)
        return tuple(
            block_dct(downsample(samples[:, i : i + 1], p.row_axis, p.column_axis), self.dct_basis)
            / p.quantizer_steps
            for i, p in enumerate(self.planes)
        )

    def encode(self, x: Float[Tensor, "b c h w"]) -> Coefficients:
        """Return the levels of `x` that an encoder with exact arithmetic would write."""
        return tuple(c.round() for c in self.coefficients(x))

    def decode(self, levels: Coefficients) -> Float[Tensor, "b c h w"]:
        """Return the image that libjpeg decodes, without the rounding of its color conversion.

        Samples are rounded to 8-bit integers, as T.81 A.3.1 demands. Chroma is upsampled with
        libjpeg's triangle filter.
        """
        samples = [
            # Halves are rounded up as by libjpeg's DESCALE. Flat blocks often are exact halves,
            # which float32 computes slightly too low.
            (inverse_block_dct(k * p.quantizer_steps, self.dct_basis) + 0.5001)
            .floor()
            .clamp(-128, 127)
            for k, p in zip(levels, self.planes, strict=True)
        ]
        upsampled = [
            fancy_upsample(s, p.row_axis, p.column_axis)
            for s, p in zip(samples, self.planes, strict=True)
        ]
        return self.color_model.from_planes(torch.cat(upsampled, 1))

    def shift_coefficients(
        self, x: Float[Tensor, "b c h w"], change: Coefficients
    ) -> Float[Tensor, "b c h w"]:
        """Return `x` plus the smallest change that shifts its coefficients by `change`.

        The change is smallest in the components' samples.
        """
        planes = [
            pseudo_inverse_upsample(
                inverse_block_dct(d * p.quantizer_steps, self.dct_basis), p.row_axis, p.column_axis
            )
            for d, p in zip(change, self.planes, strict=True)
        ]
        return self.color_model.shift_planes(x, torch.cat(planes, 1))

    @property
    def mcu_size(self) -> tuple[int, int]:
        """Width and height of an MCU in pixels."""
        column_factor = max(p.column_axis.factor for p in self.planes)
        return 8 * column_factor, 8 * max(p.row_axis.factor for p in self.planes)

    def split_into_strips(self, height: int, width: int, max_pixels: int) -> Iterator[ImageStrip]:
        """Yield strips of complete rows of MCUs, about `max_pixels` pixels each.

        Neither `coefficients` nor `shift_coefficients` crosses the boundary of a strip.
        """
        _, mcu_height = self.mcu_size
        rows = max(max_pixels // (width * mcu_height), 1) * mcu_height
        for top in range(0, height, rows):
            bottom = min(top + rows, height)
            if bottom < height:
                planes = tuple(_crop_rows_between(p, top, bottom) for p in self.planes)
                end_block_rows = [p.block_row_at(bottom) for p in self.planes]
            else:
                planes = tuple(crop_rows_from(p, top) for p in self.planes)
                end_block_rows = [p.row_axis.block_count for p in self.planes]
            levels = (
                slice(p.block_row_at(top), e)
                for p, e in zip(self.planes, end_block_rows, strict=True)
            )
            strip = replace(self, height=bottom - top, planes=planes)
            yield ImageStrip(slice(top, bottom), tuple(levels), strip)


def crop_rows_from(plane: ComponentPlane, top: int) -> ComponentPlane:
    """Return the plane below `top`, an MCU boundary, to the end of the image."""
    row_axis = plane.row_axis
    cropped_axis = replace(
        row_axis,
        image_length=row_axis.image_length - top,
        block_count=row_axis.block_count - plane.block_row_at(top),
    )
    return replace(plane, row_axis=cropped_axis)


def crop_columns_from(plane: ComponentPlane, left: int) -> ComponentPlane:
    """Return the plane right of `left`, an MCU boundary, to the end of the image."""
    column_axis = plane.column_axis
    blocks = column_axis.block_count - left // (8 * column_axis.factor)
    return replace(
        plane,
        column_axis=replace(
            column_axis, image_length=column_axis.image_length - left, block_count=blocks
        ),
    )


def _crop_rows_between(plane: ComponentPlane, top: int, bottom: int) -> ComponentPlane:
    """Return the plane between two MCU boundaries, which complete blocks cover."""
    blocks = plane.block_row_at(bottom) - plane.block_row_at(top)
    row_axis = create_sampling_axis(
        bottom - top,
        plane.row_axis.factor,
        blocks,
        should_pad_samples=plane.row_axis.should_pad_samples,
    )
    return replace(plane, row_axis=row_axis.to(plane.quantizer_steps.device))


def create_jpeg_operator(image: JpegImage) -> JpegOperator:
    """Create the operator that `image`'s encoder applied, assuming padding as in libjpeg."""
    return create_sized_operator(
        image, image.grid_top + image.height, image.grid_left + image.width
    )


def create_coded_area_operator(image: JpegImage) -> JpegOperator:
    """Create an operator for an image that continues to the end of the last MCUs.

    Unlike `create_jpeg_operator`, the pixels past the visible edge are free.
    """
    row_factor, column_factor = find_largest_factors(image.components)
    height, width = image.grid_top + image.height, image.grid_left + image.width
    return create_sized_operator(
        image,
        -(-height // (8 * row_factor)) * 8 * row_factor,
        -(-width // (8 * column_factor)) * 8 * column_factor,
    )


def create_sized_operator(image: JpegImage, height: int, width: int) -> JpegOperator:
    """Create an operator with `image`'s components and tables for images of another size.

    `height` and `width` in pixels are at least those of the coded image.
    """
    row_factor, column_factor = find_largest_factors(image.components)
    planes = []
    for component, table in zip(image.components, image.quantization_tables, strict=True):
        # T.81 A.1.1 and A.2.4: as many blocks as cover the component's own true size.
        true_height, true_width = image.grid_top + image.height, image.grid_left + image.width
        row_blocks = -(-true_height * component.vertical_factor // (8 * row_factor))
        column_blocks = -(-true_width * component.horizontal_factor // (8 * column_factor))
        planes.append(
            ComponentPlane(
                create_sampling_axis(
                    height,
                    row_factor // component.vertical_factor,
                    row_blocks,
                    should_pad_samples=True,
                ),
                create_sampling_axis(
                    width,
                    column_factor // component.horizontal_factor,
                    column_blocks,
                    should_pad_samples=False,
                ),
                torch.from_numpy(table.astype("float32")).reshape(64, 1, 1),
            )
        )
    return JpegOperator(
        height, width, tuple(planes), dct_basis_images(), create_color_model(image.color_model_name)
    )


def find_largest_factors(components: tuple[Component, ...]) -> tuple[int, int]:
    """Return the largest vertical and the largest horizontal sampling factor of the components.

    Height and width of an MCU are 8 times these factors.
    """
    return max(c.vertical_factor for c in components), max(c.horizontal_factor for c in components)


def levels_to_tensors(image: JpegImage, device: torch.device) -> Coefficients:
    """Convert the levels of `image` to float32 tensors, (1, 64, block rows, block columns)."""
    return tuple(
        torch.from_numpy(k.astype("float32"))
        .flatten(2)
        .permute(2, 0, 1)[None]
        .contiguous()
        .to(device)
        for k in image.levels
    )
