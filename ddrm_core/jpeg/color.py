"""Colour spaces of JPEG files. Sources: ITU-T T.871 (JFIF), section 7; Adobe technote 5116."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from ddrm_core.sampler.protocols import GREY_LEVELS_PER_UNIT

# x = 0 is 127.5 grey levels, half a level below the shift by 128 that JPEG applies to samples.
_OFFSET = GREY_LEVELS_PER_UNIT - 128


@dataclass(frozen=True, slots=True, eq=False)
class ColourModel:
    """How a file's components, pictures in network units and pixels make each other up.

    `x` has three channels that a colour prior knows: RGB, or a grey three times. Files with black
    have six: the colours as if there were no black, then black three times; 1 is no ink.

    Laws:
        to_planes @ from_planes == identity; to_pixels @ from_pixels == identity

    Attributes:
        names: Of the components.
        chroma: Which of them are differences of colours.
        to_planes: Level-shifted components in grey levels are 127.5 to_planes @ x + offset.
        from_planes: Back, to the nearest picture of this kind.
        offset: See `to_planes`.
        to_pixels: Pixels, 0 to 255, are 127.5 (to_pixels @ x + 1): grey, RGB, or amounts of ink.
        from_pixels: Back.
    """

    names: tuple[str, ...]
    chroma: Bool[Tensor, " planes"]
    to_planes: Float[Tensor, "planes channels"]
    from_planes: Float[Tensor, "channels planes"]
    offset: Float[Tensor, "planes 1"]
    to_pixels: Float[Tensor, "pixels channels"]
    from_pixels: Float[Tensor, "channels pixels"]

    @property
    def channels(self) -> int:
        """Of a picture in network units, a multiple of three."""
        return self.to_planes.shape[1]

    @property
    def projects(self) -> bool:
        """Whether pictures have channels that must be equal."""
        return self.to_planes.shape[0] != self.channels

    def to(self, device: torch.device) -> ColourModel:
        return replace(
            self,
            chroma=self.chroma.to(device),
            to_planes=self.to_planes.to(device),
            from_planes=self.from_planes.to(device),
            offset=self.offset.to(device),
            to_pixels=self.to_pixels.to(device),
            from_pixels=self.from_pixels.to(device),
        )

    def planes(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b p h w"]:
        """Level-shifted components in grey levels: -128 to 127 for x in [-1, 1], linear beyond."""
        planes = torch.matmul(self.to_planes * GREY_LEVELS_PER_UNIT, x.flatten(2))
        planes += self.offset
        return _spread(planes, x)

    def picture(self, planes: Float[Tensor, "b p h w"]) -> Float[Tensor, "b c h w"]:
        """Network units from level-shifted components."""
        shifted = planes.flatten(2) - self.offset
        x = torch.matmul(self.from_planes / GREY_LEVELS_PER_UNIT, shifted)
        return _spread(x, planes)

    def moved(
        self, x: Float[Tensor, "b c h w"], change: Float[Tensor, "#b p h w"]
    ) -> Float[Tensor, "b c h w"]:
        """`x` with its components changed by so many grey levels."""
        if self.projects:
            return self.picture(self.planes(x) + change)
        moved = torch.matmul(self.from_planes / GREY_LEVELS_PER_UNIT, change.flatten(2))
        return x + _spread(moved, x)

    def projected(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        """The nearest picture whose repeated channels are equal."""
        return self.picture(self.planes(x)) if self.projects else x

    def pixels(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b n h w"]:
        """Grey levels, RGB, or ink of cyan, magenta, yellow and black; 0 to 255, not clipped."""
        pixels = (torch.matmul(self.to_pixels, x.flatten(2)) + 1) * GREY_LEVELS_PER_UNIT
        return _spread(pixels, x)

    def deviation(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b n h w"]:
        """Pixels' standard deviation, grey levels; of channels that must be equal it is one's."""
        return x[:, self.to_pixels.abs().argmax(1)] * GREY_LEVELS_PER_UNIT

    def from_picture(self, pixels: Float[Tensor, "b n h w"]) -> Float[Tensor, "b c h w"]:
        """Network units from pixels."""
        units = pixels.flatten(2) / GREY_LEVELS_PER_UNIT - 1
        return _spread(torch.matmul(self.from_pixels, units), pixels)


def _spread(flat: Tensor, pictures: Tensor) -> Tensor:
    """(b, n, h w) as (b, n, h, w), as high and wide as `pictures`."""
    return flat.reshape(*flat.shape[:2], *pictures.shape[2:])


def colour_model(colour: str) -> ColourModel:
    """Of a `JpegHeader.colour`: grey, YCbCr, RGB, CMYK or YCCK.

    Files with black hold what is left of paper-white (Photoshop's inversion, which decoders
    assume); YCCK's first three hold the ink itself, as YCbCr.
    """
    identity, ycbcr = torch.eye(3), ycbcr_matrix()
    luma, ones = ycbcr[:1], torch.ones(3, 1)
    match colour:
        case "grey":
            return _model(("Y",), (False,), luma, ones, luma, ones)
        case "YCbCr":
            return _model(
                ("Y", "Cb", "Cr"), (False, True, True), ycbcr, rgb_matrix(), identity, identity
            )
        case "RGB":
            return _model(("R", "G", "B"), (False,) * 3, identity, identity, identity, identity)
    to_ink, from_ink = -torch.block_diag(identity, luma), -torch.block_diag(identity, ones)
    if colour == "CMYK":
        names = ("C", "M", "Y", "K")
        return _model(names, (False,) * 4, -to_ink, -from_ink, to_ink, from_ink)
    if colour == "YCCK":
        to_planes = torch.block_diag(-ycbcr, luma)
        from_planes = torch.block_diag(-rgb_matrix(), ones)
        names, chroma = ("Y", "Cb", "Cr", "K"), (False, True, True, False)
        return _model(names, chroma, to_planes, from_planes, to_ink, from_ink)
    raise ValueError(colour)


def _model(
    names: tuple[str, ...],
    chroma: tuple[bool, ...],
    to_planes: Tensor,
    from_planes: Tensor,
    to_pixels: Tensor,
    from_pixels: Tensor,
) -> ColourModel:
    is_chroma = torch.tensor(chroma)
    offset = torch.where(is_chroma, 0.0, _OFFSET)[:, None]
    return ColourModel(names, is_chroma, to_planes, from_planes, offset, to_pixels, from_pixels)


def ycbcr_matrix() -> Float[Tensor, "3 3"]:
    """YCbCr from RGB, both in the same unit; chroma is zero for greys."""
    red, green, blue = 0.299, 0.587, 0.114
    luma = torch.tensor([red, green, blue], dtype=torch.float64)
    chroma_blue = (torch.tensor([0.0, 0.0, 1.0], dtype=torch.float64) - luma) / (2 * (1 - blue))
    chroma_red = (torch.tensor([1.0, 0.0, 0.0], dtype=torch.float64) - luma) / (2 * (1 - red))
    return torch.stack([luma, chroma_blue, chroma_red]).float()


def rgb_matrix() -> Float[Tensor, "3 3"]:
    """RGB from YCbCr, the inverse of `ycbcr_matrix`."""
    inverse: Tensor = torch.linalg.inv(ycbcr_matrix().double())
    return inverse.float()
