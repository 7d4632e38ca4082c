"""Protocols of inverse problems: a measured image with everything that a sampler asks for."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, runtime_checkable

import torch
from jaxtyping import Float
from torch import Tensor
from typing_extensions import TypeVar

from ddrm_core.imaging.quantize_pixels import FLOAT_BITS
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.metadata.model import Metadata
from ddrm_core.sampler.protocols import Coefficients, MeasurementOperator
from ddrm_core.verification.consistency import Consistency
from ddrm_core.verification.verify import Verification

PixelTensor = Float[Tensor, "n h w"]
"""Gray, RGB or CMYK (ink) pixels in gray levels on the CPU, not clipped to 0 to 255."""


@runtime_checkable
class MeasuredImage(Protocol):
    """An image of which a file holds only quantized values.

    The image is as stored in the file, not turned upright.
    """

    @property
    def path(self) -> Path: ...

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        ...

    @property
    def channels(self) -> int:
        """Number of channels: 1 for gray, 3 for RGB, 4 for CMYK."""
        ...

    @property
    def metadata(self) -> Metadata: ...


ImageT = TypeVar("ImageT", bound=MeasuredImage)
# A run without another type argument is a run on a JPEG.
ImageT_co = TypeVar("ImageT_co", bound=MeasuredImage, covariant=True, default=JpegImage)


@runtime_checkable
class ProblemTile(Protocol):
    """A rectangle of a measured image that is sampled at once, with tensors on one device.

    In all methods, `x` is the tile's image in network units, and `region` is the requested part of
    the tile in pixels of the stored image.

    Attributes:
        rectangle: Rectangle of the tile in the problem's canvas.
        operator: Operator of the tile.
        levels: Levels of the tile.
        decoded_image: Image that a decoder shows for the levels, (1, c, h, w) in network units.
        flat_blocks: Masks of blocks in areas of one color, see `TileMeasurement`; None for none.
    """

    @property
    def rectangle(self) -> Rectangle: ...

    @property
    def operator(self) -> MeasurementOperator: ...

    @property
    def levels(self) -> Coefficients: ...

    @property
    def decoded_image(self) -> Tensor: ...

    @property
    def flat_blocks(self) -> Coefficients | None: ...

    def compute_expected_errors(
        self, prior_errors: Float[Tensor, "3 64"], sigma: float
    ) -> Coefficients:
        """Return the expected error of an estimate, in units of the levels.

        The result is (bands, 1, 1) per component.

        Args:
            prior_errors: The prior's root mean square error on images with noise only, per band of
                Y, Cb and Cr, in gray levels.
            sigma: Noise level at which the estimate was made.
        """
        ...

    def project_to_bins(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        """Return `x` with coefficients in their bins, even in blocks that a correction misses."""
        ...

    def project_to_color_model(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        """Return the images nearest to `x` that fit the color model; gray has equal channels."""
        ...

    def to_pixels(self, x: Float[Tensor, "1 c rows columns"], region: Rectangle) -> PixelTensor:
        """Return the pixels of `x` in a region; damaged areas show the decoded image instead."""
        ...

    def from_pixels(self, pixels: PixelTensor) -> Float[Tensor, "1 c rows columns"]:
        """Convert pixels of the entire tile, in gray levels, to network units."""
        ...

    def deviation_to_pixels(
        self, deviation: Float[Tensor, "1 c rows columns"], region: Rectangle
    ) -> PixelTensor:
        """Return the standard deviation of samples in a region, converted to gray levels.

        The deviation is 0 in damaged areas, where all samples show the decoded image.
        """
        ...

    def compute_consistency(self, x: Float[Tensor, "1 c h w"], region: Rectangle) -> Consistency:
        """Return the consistency of `x` with the levels of the complete blocks in a region."""
        ...


@runtime_checkable
class InverseProblem(Protocol[ImageT_co]):
    """A measured image with everything that a sampler asks about it, tile by tile.

    Attributes:
        image: Measured image of the file.
        device: Device of the tiles.
        canvas: Rectangle that is sampled, which may reach past the visible image.
        image_origin: Column and row of the visible image in the canvas.
        channels: Number of channels of `x`, a multiple of three.
        tile_alignment: Horizontal and vertical alignment. Edges of tiles are multiples of the
            alignment or edges of the canvas.
    """

    @property
    def image(self) -> ImageT_co: ...

    @property
    def device(self) -> torch.device: ...

    @property
    def canvas(self) -> Rectangle: ...

    @property
    def image_origin(self) -> tuple[int, int]: ...

    @property
    def channels(self) -> int: ...

    @property
    def tile_alignment(self) -> tuple[int, int]: ...

    def to(self, device: torch.device) -> InverseProblem[ImageT_co]:
        """Return a copy of the problem with its tiles on another device."""
        ...

    def compute_decoded_sigma(self) -> float:
        """Return a noise level that represents the expected error of the decoded image.

        The level is in network units. `SamplerSettings.start_factor` and `end_factor` give the
        first and the last noise level of a run as multiples of this level.
        """
        ...

    def find_readable_area(self, area: Rectangle) -> Rectangle:
        """Return the smallest rectangle of all readable pixels in an area of the canvas.

        The rectangle is empty if damage leaves no readable pixel in the area, and the area itself
        for an undamaged file. Its edges are multiples of `tile_alignment` or edges of the area.
        """
        ...

    def create_tile(self, rectangle: Rectangle) -> ProblemTile:
        """Create the tile of a rectangle of the canvas.

        Raise OutOfMemory if the device's memory does not suffice.
        """
        ...

    def verify(
        self, pixels: PixelTensor, region: Rectangle | None = None, *, bits: int = FLOAT_BITS
    ) -> Verification:
        """Compare pixels with the levels of the measured image.

        Args:
            pixels: Pixels of the region, or of the entire image if `region` is None.
            region: Rectangle of the stored image, or None.
            bits: Bits per channel to which the pixels are rounded before the comparison.
        """
        ...
