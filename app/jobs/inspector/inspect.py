"""Looking up what a file and a result say: of one place, and of one band of coefficients."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from app.jobs.run.result import Restored
from ddrm_core.cancel import CancelToken
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.image import JpegImage

# Functions below import what needs torch when they run, for the reason given in `Engine`.
if TYPE_CHECKING:
    from torch import Tensor

    from ddrm_core.restoration.input import Source
    from ddrm_core.verification.band_statistics import AtPlace, BandSpread, LevelCounts


class ResultPixels:
    """What is shown of a result, piece by piece. Only one thread calls its methods."""

    def __init__(self, restored: Restored) -> None:
        self._restored = restored
        self._sharp: NDArray[Any] | None = None

    @property
    def place(self) -> Rectangle:
        """What there is of it, in pixels of the picture as stored."""
        return self._restored.restoration.run.place

    def __call__(self, place: Rectangle) -> Tensor:
        """(n, h, w) in grey levels of a rectangle inside `place`. Raises UnreadableFile."""
        import torch

        restored = self._restored
        rows, columns = place.seen_from(self.place)
        mean = restored.restoration.picture[:, rows, columns]
        if not restored.sharpness:
            return mean
        if self._sharp is None:
            # Where it was put on disk, it is read once and not for every pixel.
            self._sharp = restored.samples[restored.sample - 1].array()
        sharp = torch.from_numpy(self._sharp[:, rows, columns].copy())
        return torch.lerp(mean, sharp, restored.sharpness)


@dataclass(frozen=True, slots=True, eq=False)
class BandRequest:
    """Which band of which pictures.

    Attributes:
        image: What was measured.
        result: None where there is none.
        component: From 0.
        band: 0 to 63, 8 times the vertical frequency plus the horizontal one.
    """

    image: JpegImage
    result: ResultPixels | None
    component: int
    band: int


@dataclass(frozen=True, slots=True, eq=False)
class BandFound:
    """What was found.

    Attributes:
        request: Of what.
        levels: In the file.
        spread: Of the result, None where there is none.
    """

    request: BandRequest
    levels: LevelCounts
    spread: BandSpread | None


@dataclass(frozen=True, slots=True, eq=False)
class PlaceRequest:
    """Which pixel of which pictures.

    Attributes:
        source: The file.
        image: What was measured; None where nothing has levels.
        result: None where there is none.
        place: Column and row in the picture as stored.
        shown: The same in the picture as shown.
        component: Of the band that is looked at.
        band: See `BandRequest`.
    """

    source: Source
    image: JpegImage | None
    result: ResultPixels | None
    place: tuple[int, int]
    shown: tuple[int, int]
    component: int
    band: int


@dataclass(frozen=True, slots=True, eq=False)
class PlaceFound:
    """What was found.

    Attributes:
        request: Of what.
        before: Grey, RGB or ink as stored, 0 to 255.
        after: The same of the result; None where there is none there.
        coefficient: Of the block there; None where nothing has levels.
    """

    request: PlaceRequest
    before: tuple[int, ...]
    after: tuple[int, ...] | None
    coefficient: AtPlace | None


def looking_at_band(request: BandRequest, token: CancelToken) -> Generator[None, None, BandFound]:
    """Count levels and a result's coefficients.

    Raises:
        Cancelled: `token` was cancelled.
        UnreadableFile: See `ResultPixels`.
    """
    from ddrm_core.verification.band_statistics import count_levels, spread_in_band

    yield from ()
    levels = count_levels(request.image, request.component, request.band)
    spread, result = None, request.result
    if result is not None:
        spread = spread_in_band(
            request.image, result, result.place, request.component, request.band, token
        )
    return BandFound(request, levels, spread)


def look_at_place(request: PlaceRequest) -> PlaceFound:
    """Look up one pixel. Raises UnreadableFile; see `ResultPixels`."""
    from ddrm_core.verification.band_statistics import coefficient_at

    x, y = request.place
    pixel, result = Rectangle(x, y, 1, 1), request.result
    after = None
    if result is not None and pixel.within(result.place) == pixel:
        after = _values(result(pixel))
    coefficient = None
    if request.image is not None:
        coefficient = coefficient_at(
            request.image,
            request.place,
            request.component,
            request.band,
            result,
            None if result is None else result.place,
        )
    return PlaceFound(request, _values(_stored(request.source, pixel)), after, coefficient)


def _stored(source: Source, pixel: Rectangle) -> Tensor:
    if isinstance(source, JpegImage):
        return _decoded_at(source, pixel)
    rows, columns = pixel.seen_from(Rectangle(0, 0, *source.size))
    return source.picture[:, rows, columns]


def _decoded_at(image: JpegImage, pixel: Rectangle) -> Tensor:
    """What a decoder makes of the levels there."""
    import torch

    from ddrm_core.jpeg.crop import cropped
    from ddrm_core.jpeg.operator import level_tensors, operator_for

    operator = operator_for(image)
    across, down = operator.unit
    canvas = Rectangle(0, 0, operator.width, operator.height)
    # An MCU more on every side: the decoder's chroma filter reaches into it.
    area = pixel.outward(across, down)
    area = Rectangle(
        area.left - across, area.top - down, area.width + 2 * across, area.height + 2 * down
    ).within(canvas)
    part = cropped(image, area)
    x = operator_for(part).decode(level_tensors(part, torch.device("cpu")))
    rows, columns = pixel.seen_from(area)
    return operator.colour.pixels(x[:, :, rows, columns])[0]


def _values(pixel: Tensor) -> tuple[int, ...]:
    """As 8 bits hold them."""
    return tuple(int(value) for value in pixel.flatten().round().clamp(0, 255))
