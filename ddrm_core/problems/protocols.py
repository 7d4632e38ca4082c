"""What a run solves: a measured picture, and all that a sampler has to ask about it."""

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
"""Grey, RGB or CMYK (ink) in grey levels, on the CPU; not clipped to 0 to 255."""


@runtime_checkable
class MeasuredImage(Protocol):
    """A picture of which a file keeps less than there was; as stored, not turned upright."""

    @property
    def path(self) -> Path: ...

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        ...

    @property
    def channels(self) -> int:
        """1 grey, 3 RGB, 4 CMYK."""
        ...

    @property
    def metadata(self) -> Metadata: ...


ImageT = TypeVar("ImageT", bound=MeasuredImage)
# Where nothing else is said, a run is one on a JPEG.
ImageT_co = TypeVar("ImageT_co", bound=MeasuredImage, covariant=True, default=JpegImage)


@runtime_checkable
class ProblemTile(Protocol):
    """An area of a measured picture with its tensors, on one device: what is sampled at a time.

    `x` is in network units throughout. A region is what is wanted of the part, in pixels of the
    picture as stored.

    Attributes:
        rectangle: Where it lies in the problem's canvas.
        operator: The measurement of it.
        levels: What was measured.
        decoded_image: What a decoder shows for them, (1, c, h, w) as the prior's pictures.
    """

    @property
    def rectangle(self) -> Rectangle: ...

    @property
    def operator(self) -> MeasurementOperator: ...

    @property
    def levels(self) -> Coefficients: ...

    @property
    def decoded_image(self) -> Tensor: ...

    def compute_expected_errors(
        self, prior_errors: Float[Tensor, "3 64"], sigma: float
    ) -> Coefficients:
        """Of an estimate in a run, in the units of the levels: (bands, 1, 1) per component.

        Args:
            prior_errors: The prior's on pictures with noise only: root mean square per band of Y,
                Cb and Cr, grey levels.
            sigma: At which it was made.
        """
        ...

    def project_to_bins(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        """Samples in their bins also where one correction does not put them there."""
        ...

    def project_to_color_model(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        """The nearest pictures of the file's kind: grey ones have equal channels."""
        ...

    def to_pixels(self, x: Float[Tensor, "1 c rows columns"], region: Rectangle) -> PixelTensor:
        """A region as pixels; what could not be read is as decoded."""
        ...

    def deviation_to_pixels(
        self, deviation: Float[Tensor, "1 c rows columns"], region: Rectangle
    ) -> PixelTensor:
        """A standard deviation of samples, per pixel of a region in grey levels."""
        ...

    def compute_consistency(self, x: Float[Tensor, "1 c h w"], region: Rectangle) -> Consistency:
        """Agreement of what lies wholly in a region, give or take what float arithmetic needs."""
        ...


@runtime_checkable
class InverseProblem(Protocol[ImageT_co]):
    """A measurement of one picture; its tensors are made part by part.

    Attributes:
        image: What the file holds.
        device: Where parts are wanted.
        canvas: Size of the picture that is sampled, which may reach past the one that is shown.
        image_origin: Column and row of the shown picture in it.
        channels: Of `x`, a multiple of three.
        tile_alignment: Columns and rows; parts begin at multiples of these, and end there or with
            the canvas.
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
        """The same with its parts on another device."""
        ...

    def compute_decoded_sigma(self) -> float:
        """Of the noise that hides the error of what is decoded; settings start a multiple above."""
        ...

    def create_tile(self, rectangle: Rectangle) -> ProblemTile:
        """An area of the canvas. Raises OutOfMemory."""
        ...

    def verify(
        self, pixels: PixelTensor, region: Rectangle | None = None, *, bits: int = FLOAT_BITS
    ) -> Verification:
        """Agreement of pixels as so many bits hold them; of a region alone where one is given."""
        ...
