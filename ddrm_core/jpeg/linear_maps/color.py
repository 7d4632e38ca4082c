"""Color models of JPEG files. Sources: ITU-T T.871 (JFIF), section 7; Adobe technote 5116."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from ddrm_core.sampler.protocols import GRAY_LEVELS_PER_UNIT

# x = 0 is 127.5 gray levels, half a level below JPEG's level shift of 128.
_LEVEL_SHIFT_OFFSET = GRAY_LEVELS_PER_UNIT - 128


@dataclass(frozen=True, slots=True, eq=False)
class ColorModel:
    """The linear maps between a file's components, network units and pixels.

    An image in network units, called `x`, has three channels: RGB, or gray three times. For CMYK
    and YCCK files, `x` has six channels: the colors without black ink, then black three times,
    where 1 means no ink.

    Laws:
        to_planes @ from_planes == identity; to_pixels @ from_pixels == identity

    Attributes:
        component_names: Names of the components.
        is_chroma: Flags of the components that are color differences.
        to_planes_matrix: Matrix from `x` to planes: level-shifted components in gray levels are
            127.5 to_planes @ x + plane_offset.
        from_planes_matrix: Matrix from planes to the nearest `x` of this color model.
        plane_offset: Offset of the planes in gray levels.
        to_pixels_matrix: Matrix from `x` to pixels: pixels, 0 to 255, are 127.5 (to_pixels @ x +
            1). Pixels are gray, RGB or amounts of ink.
        from_pixels_matrix: Matrix from pixels to `x`.
    """

    component_names: tuple[str, ...]
    is_chroma: Bool[Tensor, " to_planes"]
    to_planes_matrix: Float[Tensor, "planes channels"]
    from_planes_matrix: Float[Tensor, "channels planes"]
    plane_offset: Float[Tensor, "planes 1"]
    to_pixels_matrix: Float[Tensor, "pixels channels"]
    from_pixels_matrix: Float[Tensor, "channels pixels"]

    @property
    def channels(self) -> int:
        """Number of channels of an image in network units, a multiple of three."""
        return self.to_planes_matrix.shape[1]

    @property
    def has_repeated_channels(self) -> bool:
        """Whether images in network units have gray or black three times, in equal channels."""
        return self.to_planes_matrix.shape[0] != self.channels

    def to(self, device: torch.device) -> ColorModel:
        return replace(
            self,
            is_chroma=self.is_chroma.to(device),
            to_planes_matrix=self.to_planes_matrix.to(device),
            from_planes_matrix=self.from_planes_matrix.to(device),
            plane_offset=self.plane_offset.to(device),
            to_pixels_matrix=self.to_pixels_matrix.to(device),
            from_pixels_matrix=self.from_pixels_matrix.to(device),
        )

    def to_planes(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b p h w"]:
        """Convert network units to level-shifted components in gray levels.

        `x` from -1 to 1 gives -128 to 127; values outside are converted linearly.
        """
        planes = torch.matmul(self.to_planes_matrix * GRAY_LEVELS_PER_UNIT, x.flatten(2))
        planes += self.plane_offset
        return _unflatten_like(planes, x)

    def from_planes(self, planes: Float[Tensor, "b p h w"]) -> Float[Tensor, "b c h w"]:
        """Convert level-shifted components in gray levels to network units."""
        shifted = planes.flatten(2) - self.plane_offset
        x = torch.matmul(self.from_planes_matrix / GRAY_LEVELS_PER_UNIT, shifted)
        return _unflatten_like(x, planes)

    def shift_planes(
        self, x: Float[Tensor, "b c h w"], change: Float[Tensor, "#b p h w"]
    ) -> Float[Tensor, "b c h w"]:
        """Return `x` with its components shifted by `change`, in gray levels."""
        if self.has_repeated_channels:
            return self.from_planes(self.to_planes(x) + change)
        shift = torch.matmul(self.from_planes_matrix / GRAY_LEVELS_PER_UNIT, change.flatten(2))
        return x + _unflatten_like(shift, x)

    def project(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        """Return the image nearest to `x` in which the channels of gray or black are equal."""
        return self.from_planes(self.to_planes(x)) if self.has_repeated_channels else x

    def to_pixels(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b n h w"]:
        """Convert network units to gray, RGB or CMYK (ink) pixels, 0 to 255, not clipped."""
        pixels = (torch.matmul(self.to_pixels_matrix, x.flatten(2)) + 1) * GRAY_LEVELS_PER_UNIT
        return _unflatten_like(pixels, x)

    def deviation_to_pixels(self, deviation: Float[Tensor, "b c h w"]) -> Float[Tensor, "b n h w"]:
        """Convert standard deviations in network units to gray levels of the pixels.

        Gray or black, which `x` holds in three equal channels, has one channel in the result.
        """
        return deviation[:, self.to_pixels_matrix.abs().argmax(1)] * GRAY_LEVELS_PER_UNIT

    def from_pixels(self, pixels: Float[Tensor, "b n h w"]) -> Float[Tensor, "b c h w"]:
        """Convert pixels, 0 to 255, to network units."""
        units = pixels.flatten(2) / GRAY_LEVELS_PER_UNIT - 1
        return _unflatten_like(torch.matmul(self.from_pixels_matrix, units), pixels)


def _unflatten_like(flat: Tensor, reference: Tensor) -> Tensor:
    """Reshape (b, n, h * w) to (b, n, h, w) with height and width of `reference`."""
    return flat.reshape(*flat.shape[:2], *reference.shape[2:])


def create_color_model(name: str) -> ColorModel:
    """Create the color model for a `JpegHeader.color_model_name`.

    The name is "grey", "YCbCr", "RGB", "CMYK" or "YCCK". CMYK files hold the share of paper white
    instead of ink (Photoshop's inversion, which decoders assume). The first three components of
    YCCK hold ink, as YCbCr; its K is inverted. Raise ValueError for another name.
    """
    identity, ycbcr = torch.eye(3), rgb_to_ycbcr_matrix()
    luma, ones = ycbcr[:1], torch.ones(3, 1)
    match name:
        case "grey":
            return _color_model_from_matrices(("Y",), (False,), luma, ones, luma, ones)
        case "YCbCr":
            return _color_model_from_matrices(
                ("Y", "Cb", "Cr"),
                (False, True, True),
                ycbcr,
                ycbcr_to_rgb_matrix(),
                identity,
                identity,
            )
        case "RGB":
            return _color_model_from_matrices(
                ("R", "G", "B"), (False,) * 3, identity, identity, identity, identity
            )
    to_ink, from_ink = -torch.block_diag(identity, luma), -torch.block_diag(identity, ones)
    if name == "CMYK":
        component_names = ("C", "M", "Y", "K")
        return _color_model_from_matrices(
            component_names, (False,) * 4, -to_ink, -from_ink, to_ink, from_ink
        )
    if name == "YCCK":
        to_planes = torch.block_diag(-ycbcr, luma)
        from_planes = torch.block_diag(-ycbcr_to_rgb_matrix(), ones)
        component_names, is_chroma = ("Y", "Cb", "Cr", "K"), (False, True, True, False)
        return _color_model_from_matrices(
            component_names, is_chroma, to_planes, from_planes, to_ink, from_ink
        )
    raise ValueError(name)


def _color_model_from_matrices(
    component_names: tuple[str, ...],
    chroma_flags: tuple[bool, ...],
    to_planes_matrix: Tensor,
    from_planes_matrix: Tensor,
    to_pixels_matrix: Tensor,
    from_pixels_matrix: Tensor,
) -> ColorModel:
    is_chroma = torch.tensor(chroma_flags)
    plane_offset = torch.where(is_chroma, 0.0, _LEVEL_SHIFT_OFFSET)[:, None]
    return ColorModel(
        component_names,
        is_chroma,
        to_planes_matrix,
        from_planes_matrix,
        plane_offset,
        to_pixels_matrix,
        from_pixels_matrix,
    )


def rgb_to_ycbcr_matrix() -> Float[Tensor, "3 3"]:
    """Return the matrix from RGB to YCbCr in the same unit; chroma of gray is zero."""
    red, green, blue = 0.299, 0.587, 0.114
    luma = torch.tensor([red, green, blue], dtype=torch.float64)
    chroma_blue = (torch.tensor([0.0, 0.0, 1.0], dtype=torch.float64) - luma) / (2 * (1 - blue))
    chroma_red = (torch.tensor([1.0, 0.0, 0.0], dtype=torch.float64) - luma) / (2 * (1 - red))
    return torch.stack([luma, chroma_blue, chroma_red]).float()


def ycbcr_to_rgb_matrix() -> Float[Tensor, "3 3"]:
    """Return the matrix from YCbCr to RGB, the inverse of `rgb_to_ycbcr_matrix`."""
    inverse: Tensor = torch.linalg.inv(rgb_to_ycbcr_matrix().double())
    return inverse.float()
