"""Chroma down- and up-sampling, and the padding to whole blocks, as libjpeg does them.

One axis at a time: a component's plane is `side` samples of the picture, padded by repeating the
last one, taken in means of `factor`. Source: libjpeg-turbo jcprepct.c and jcsample.c (down),
jdsample.c (up).
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
class Axis:
    """How one axis of the picture becomes one axis of a component's plane.

    Attributes:
        side: Pixels of the picture along the axis; those past the plane's end are not measured.
        factor: Pixels per sample, 1 to 4.
        blocks: 8-sample blocks of the plane.
        pads_samples: Whether padding repeats the last sample (libjpeg's rows) or the last pixel
            (its columns).
        lift_tail: Pseudo-inverse of the map's last, padded part: (pixels, samples).
    """

    side: int
    factor: int
    blocks: int
    pads_samples: bool
    lift_tail: Tensor

    @property
    def measured(self) -> int:
        """Pixels of the picture that the plane depends on."""
        return min(self.side, self.blocks * 8 * self.factor)

    @property
    def samples(self) -> int:
        """Samples with at least one true pixel; the rest of the plane is padding."""
        return ceil(self.measured / self.factor)

    def to(self, device: torch.device) -> Axis:
        tail = self.lift_tail.to(device)
        return Axis(self.side, self.factor, self.blocks, self.pads_samples, tail)


def make_axis(side: int, factor: int, blocks: int, *, pads_samples: bool) -> Axis:
    """An Axis with its pseudo-inverse worked out.

    The map is means of whole groups of pixels, except near the end: the last sample with a true
    pixel and the padding after it depend on the last one or two pixels only, so a small dense
    pseudo-inverse makes the whole one exact.
    """
    whole = Axis(side, factor, blocks, pads_samples, torch.empty(0))
    pixels = whole.measured - (whole.samples - 1) * factor
    tail = _lift_tail(pixels, factor, pads_samples, blocks * 8 - whole.samples + 1)
    return Axis(side, factor, blocks, pads_samples, tail)


@lru_cache(64)  # every strip of a picture but the last has the same
def _lift_tail(pixels: int, factor: int, pads_samples: bool, length: int) -> Tensor:
    """Of so many pixels that make so many samples."""
    tail = Axis(pixels, factor, 1, pads_samples, torch.empty(0))
    columns = _down_last(torch.eye(pixels, dtype=torch.float64), tail, length)
    inverse: Tensor = torch.linalg.pinv(columns.T)
    return inverse.float()


def _down_last(x: Tensor, axis: Axis, length: int) -> Tensor:
    """The map of one axis, on the last dimension of a 2-d tensor, to `length` samples."""
    if axis.pads_samples:
        x = _repeat_last(x, axis.samples * axis.factor)
        return _repeat_last(x.unflatten(-1, (-1, axis.factor)).mean(-1), length)
    x = _repeat_last(x, length * axis.factor)
    return torch.mean(x.unflatten(-1, (-1, axis.factor)), -1)


def _repeat_last(x: Tensor, length: int) -> Tensor:
    missing = length - x.shape[-1]
    return x if missing == 0 else torch.cat([x, x[..., -1:].expand(*x.shape[:-1], missing)], -1)


def down(picture: Float[Tensor, "b 1 h w"], rows: Axis, columns: Axis) -> Float[Tensor, "b 1 H W"]:
    """The component's plane: padded to whole blocks, means of `factor` pixels along each axis."""
    x = picture[:, :, : rows.measured, : columns.measured]
    x = _pad(x, rows.samples * rows.factor, columns.blocks * 8 * columns.factor)
    # Not avg_pool2d, which uses one thread for one plane.
    x = _sums(_sums(x, rows.factor, 2), columns.factor, 3)
    group = rows.factor * columns.factor
    return _pad(x if group == 1 else x.div_(group), rows.blocks * 8, x.shape[3])


def _sums(x: Tensor, factor: int, dim: int) -> Tensor:
    """Of groups of `factor` along a dimension."""
    if factor == 1:
        return x
    first, *others = x.unflatten(dim, (-1, factor)).unbind(dim + 1)
    total: Tensor = first + others[0]
    for other in others[1:]:
        total += other
    return total


def _pad(x: Tensor, height: int, width: int) -> Tensor:
    right, bottom = width - x.shape[3], height - x.shape[2]
    return functional.pad(x, (0, right, 0, bottom), mode="replicate") if right or bottom else x


def lift(plane: Float[Tensor, "b 1 H W"], rows: Axis, columns: Axis) -> Float[Tensor, "b 1 h w"]:
    """The smallest picture whose `down` is nearest to `plane`: the exact pseudo-inverse."""
    return _lift(_lift(plane, columns, 3), rows, 2)


def _lift(x: Tensor, axis: Axis, dim: int) -> Tensor:
    if axis.factor == 1 and axis.side == x.shape[dim]:
        return x
    interior = axis.samples - 1
    head, end = x.tensor_split([interior], dim)
    # Along rows as well as columns: turned pictures take several times as long to write.
    tail = (end.movedim(dim, 3) @ axis.lift_tail.T).movedim(3, dim)
    pixels = torch.cat([head.repeat_interleave(axis.factor, dim), tail], dim)
    missing = axis.side - axis.measured
    return functional.pad(pixels, (0, missing) if dim == 3 else (0, 0, 0, missing))


def decoder_up(
    plane: Float[Tensor, "b 1 H W"], rows: Axis, columns: Axis
) -> Float[Tensor, "b 1 h w"]:
    """What libjpeg's decoder makes of a plane, without its rounding.

    Halved planes go through a triangle filter ("fancy" up-sampling), except those at most two
    samples wide whose columns are halved; all others are repeated. Source: jdsample.c.
    """
    x = plane[:, :, : rows.samples, : columns.samples]
    halved = max(rows.factor, columns.factor) == 2
    if halved and (columns.factor == 1 or columns.samples > 2):
        x = _triangle(x) if columns.factor == 2 else x
        x = _triangle(x.mT).mT if rows.factor == 2 else x
    else:
        x = x.repeat_interleave(columns.factor, -1).repeat_interleave(rows.factor, -2)
    return _pad(x[:, :, : rows.measured, : columns.measured], rows.side, columns.side)


def _triangle(x: Tensor) -> Tensor:
    """Twice as long: each output is 3/4 of the nearer sample and 1/4 of the next."""
    before = torch.cat([x[..., :1], x[..., :-1]], -1)
    after = torch.cat([x[..., 1:], x[..., -1:]], -1)
    return torch.stack([(3 * x + before) / 4, (3 * x + after) / 4], -1).flatten(-2)
