"""What a run solves: a measured picture, and all that a sampler has to ask about it."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, runtime_checkable

from jaxtyping import Float
from torch import Tensor
from typing_extensions import TypeVar

from ddrm_core.contracts import Coefficients, Operator
from ddrm_core.jpeg.measured import JpegImage
from ddrm_core.metadata.model import Metadata
from ddrm_core.metrics.consistency import Consistency
from ddrm_core.verify import Verification

Picture = Float[Tensor, "n h w"]
"""Grey, RGB or CMYK (ink) in grey levels, on the CPU; not clipped to 0 to 255."""


@runtime_checkable
class Measured(Protocol):
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


AnyImage = TypeVar("AnyImage", bound=Measured)
# Where nothing else is said, a run is one on a JPEG.
Image_co = TypeVar("Image_co", bound=Measured, covariant=True, default=JpegImage)


@runtime_checkable
class Problem(Protocol[Image_co]):
    """A measurement of one picture, on one device. `x` is in network units throughout.

    Attributes:
        image: What the file holds.
        operator: The measurement. Its pictures may reach past the one that is shown.
        levels: What it measured.
        decoded: What a decoder shows for them, (1, c, h, w) as the prior's pictures.
    """

    @property
    def image(self) -> Image_co: ...

    @property
    def operator(self) -> Operator: ...

    @property
    def levels(self) -> Coefficients: ...

    @property
    def decoded(self) -> Tensor: ...

    def expected_sigma(self) -> float:
        """Of the noise that hides the error of `decoded`; settings start a multiple above it."""
        ...

    def expected_errors(self, measured: Float[Tensor, "3 64"], sigma: float) -> Coefficients:
        """Of an estimate in a run, in the units of the levels; shapes broadcast to theirs.

        Args:
            measured: The prior's on pictures with noise only: root mean square per band of Y, Cb
                and Cr, grey levels.
            sigma: At which it was made.
        """
        ...

    def agreed(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        """Samples in their bins also where one correction does not put them there."""
        ...

    def projected(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        """The nearest pictures of the file's kind: grey ones have equal channels."""
        ...

    def shown(self, x: Float[Tensor, "1 c rows columns"]) -> Picture:
        """As pixels; what could not be read is as decoded."""
        ...

    def deviation(self, x: Float[Tensor, "1 c rows columns"]) -> Picture:
        """A standard deviation of samples, per pixel in grey levels."""
        ...

    def consistency(self, x: Float[Tensor, "1 c h w"]) -> Consistency:
        """Agreement with the levels, give or take what float arithmetic needs."""
        ...

    def verify(self, picture: Picture) -> Verification:
        """The same of pixels, as saved or not rounded."""
        ...
