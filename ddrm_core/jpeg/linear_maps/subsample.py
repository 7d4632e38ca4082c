"""Chroma downsampling, upsampling and padding to blocks, as done by libjpeg.

Each axis is processed separately. A component's plane is made of `image_length` pixels of the
image, padded by repeating the last one, and averaged in groups of `factor`. Source: libjpeg-turbo
jcprepct.c and jcsample.c (downsampling), jdsample.c (upsampling).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import ceil

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True, slots=True, eq=False)
class SamplingAxis:
    """The map from one axis of an image to one axis of a component's plane.

    Attributes:
        image_length: Number of pixels along the axis. Pixels past the plane's end are not measured.
        factor: Number of pixels per sample, 1 to 4.
        block_count: Number of 8-sample blocks in the plane.
        should_pad_samples: Whether padding repeats the last sample (libjpeg's rows) or the last
            pixel (libjpeg's columns).
        tail_inverse: Pseudo-inverse of the map's last, padded part, (pixels, samples).
    """

    image_length: int
    factor: int
    block_count: int
    should_pad_samples: bool
    tail_inverse: Tensor

    @property
    def measured_length(self) -> int:
        """Number of the image's pixels that the plane depends on."""
        return min(self.image_length, self.block_count * 8 * self.factor)

    @property
    def sample_count(self) -> int:
        """Number of samples with at least one pixel of the image; the other samples are padding."""
        return ceil(self.measured_length / self.factor)

    def to(self, device: torch.device) -> SamplingAxis:
        tail = self.tail_inverse.to(device)
        return SamplingAxis(
            self.image_length, self.factor, self.block_count, self.should_pad_samples, tail
        )


def create_sampling_axis(
    image_length: int, factor: int, block_count: int, *, should_pad_samples: bool
) -> SamplingAxis:
    """Create an axis and compute its pseudo-inverse.

    Each sample is the mean of a complete group of pixels, except near the end. The last sample with
    an image pixel and the padding after it depend on the last one or two pixels only. A small dense
    pseudo-inverse of this part therefore makes the pseudo-inverse of the map exact.
    """
    axis = SamplingAxis(image_length, factor, block_count, should_pad_samples, torch.empty(0))
    pixels = axis.measured_length - (axis.sample_count - 1) * factor
    tail = _compute_tail_inverse(
        pixels, factor, should_pad_samples, block_count * 8 - axis.sample_count + 1
    )
    return SamplingAxis(image_length, factor, block_count, should_pad_samples, tail)


@lru_cache(64)  # all strips of an image but the last have the same arguments
def _compute_tail_inverse(
    pixel_count: int, factor: int, should_pad_samples: bool, sample_count: int
) -> Tensor:
    """Return the pseudo-inverse of the map from the last pixels to the last samples."""
    tail_axis = SamplingAxis(pixel_count, factor, 1, should_pad_samples, torch.empty(0))
    columns = _downsample_last_dimension(
        torch.eye(pixel_count, dtype=torch.float64), tail_axis, sample_count
    )
    inverse: Tensor = torch.linalg.pinv(columns.T)
    return inverse.float()


def _downsample_last_dimension(x: Tensor, axis: SamplingAxis, length: int) -> Tensor:
    """Downsample the last dimension of a 2-d tensor to `length` samples."""
    if axis.should_pad_samples:
        x = _pad_last_dimension(x, axis.sample_count * axis.factor)
        return _pad_last_dimension(x.unflatten(-1, (-1, axis.factor)).mean(-1), length)
    x = _pad_last_dimension(x, length * axis.factor)
    return torch.mean(x.unflatten(-1, (-1, axis.factor)), -1)


def _pad_last_dimension(x: Tensor, length: int) -> Tensor:
    missing = length - x.shape[-1]
    return x if missing == 0 else torch.cat([x, x[..., -1:].expand(*x.shape[:-1], missing)], -1)


def downsample(
    image: Float[Tensor, "b 1 h w"], row_axis: SamplingAxis, column_axis: SamplingAxis
) -> Float[Tensor, "b 1 H W"]:
    """Downsample an image plane to a component's plane, padded to complete blocks.

    Each sample is the mean of `factor` pixels along each axis.
    """
    x = image[:, :, : row_axis.measured_length, : column_axis.measured_length]
    x = _pad_by_repetition(
        x, row_axis.sample_count * row_axis.factor, column_axis.block_count * 8 * column_axis.factor
    )
    # avg_pool2d would use only one thread for one plane.
    x = _sum_groups(_sum_groups(x, row_axis.factor, 2), column_axis.factor, 3)
    group = row_axis.factor * column_axis.factor
    return _pad_by_repetition(
        x if group == 1 else x.div_(group), row_axis.block_count * 8, x.shape[3]
    )


def _sum_groups(x: Tensor, factor: int, dim: int) -> Tensor:
    """Sum groups of `factor` elements along a dimension."""
    if factor == 1:
        return x
    first, *others = x.unflatten(dim, (-1, factor)).unbind(dim + 1)
    total: Tensor = first + others[0]
    for other in others[1:]:
        total += other
    return total


def _pad_by_repetition(x: Tensor, height: int, width: int) -> Tensor:
    right, bottom = width - x.shape[3], height - x.shape[2]
    return functional.pad(x, (0, right, 0, bottom), mode="replicate") if right or bottom else x


def pseudo_inverse_upsample(
    plane: Float[Tensor, "b 1 H W"], row_axis: SamplingAxis, column_axis: SamplingAxis
) -> Float[Tensor, "b 1 h w"]:
    """Apply the exact pseudo-inverse of `downsample` to a plane.

    The result is the smallest image whose `downsample` is nearest to `plane`.
    """
    return _pseudo_inverse_upsample_axis(
        _pseudo_inverse_upsample_axis(plane, column_axis, 3), row_axis, 2
    )


def _pseudo_inverse_upsample_axis(x: Tensor, axis: SamplingAxis, dim: int) -> Tensor:
    if axis.factor == 1 and axis.image_length == x.shape[dim]:
        return x
    interior = axis.sample_count - 1
    head, last_sample = x.tensor_split([interior], dim)
    # A transpose of the image instead would make writing it several times slower.
    tail = (last_sample.movedim(dim, 3) @ axis.tail_inverse.T).movedim(3, dim)
    pixels = torch.cat([head.repeat_interleave(axis.factor, dim), tail], dim)
    missing = axis.image_length - axis.measured_length
    return functional.pad(pixels, (0, missing) if dim == 3 else (0, 0, 0, missing))


def fancy_upsample(
    plane: Float[Tensor, "b 1 H W"], row_axis: SamplingAxis, column_axis: SamplingAxis
) -> Float[Tensor, "b 1 h w"]:
    """Upsample a plane as libjpeg's decoder does, without its rounding.

    Planes of half resolution go through a triangle filter ("fancy" upsampling). All others are
    repeated, and so are planes at most two samples wide whose columns are halved. Source:
    jdsample.c.
    """
    x = plane[:, :, : row_axis.sample_count, : column_axis.sample_count]
    is_halved = max(row_axis.factor, column_axis.factor) == 2
    if is_halved and (column_axis.factor == 1 or column_axis.sample_count > 2):
        x = _triangle_upsample(x) if column_axis.factor == 2 else x
        x = _triangle_upsample(x.mT).mT if row_axis.factor == 2 else x
    else:
        x = x.repeat_interleave(column_axis.factor, -1).repeat_interleave(row_axis.factor, -2)
    return _pad_by_repetition(
        x[:, :, : row_axis.measured_length, : column_axis.measured_length],
        row_axis.image_length,
        column_axis.image_length,
    )


def _triangle_upsample(x: Tensor) -> Tensor:
    """Double the last dimension by libjpeg's triangle filter.

    Each new sample is 3/4 of the nearest sample plus 1/4 of the second nearest.
    """
    before = torch.cat([x[..., :1], x[..., :-1]], -1)
    after = torch.cat([x[..., 1:], x[..., -1:]], -1)
    return torch.stack([(3 * x + before) / 4, (3 * x + after) / 4], -1).flatten(-2)
