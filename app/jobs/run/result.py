"""A result: what a run gave, ready to be shown."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from app.imaging.color_management import Display, display_for
from app.imaging.overlay import Overlay, overlay
from app.imaging.pyramid import Pyramid, SpreadMap, pyramid, spread_map
from app.imaging.qimage import qimage
from app.jobs.storage.array_store import Kept, Vault
from ddrm_core.cancel import CancelToken
from ddrm_core.imaging.rectangle import Rectangle

# Functions below import what needs torch when they run, for the reason given in `Engine`.
if TYPE_CHECKING:
    from ddrm_core.problems.protocols import Measured, Picture
    from ddrm_core.restoration.restore import Restoration
    from ddrm_core.restoration.run import Run
    from ddrm_core.verification.consistency import Consistency

THUMBNAIL_SIDE = 256
"""Device pixels, about: twice what the strip of samples shows."""


@dataclass(frozen=True, slots=True, eq=False)
class Restored:
    """A result, ready to be shown.

    Attributes:
        restoration: The result itself.
        sharpness: Of what is shown: from the mean of the samples (0) to one of them (1).
        picture: For the screen: the whole picture, as decoded where only a region was restored.
        exact: Consistency of what is shown, before rounding and clipping.
        rounded: The same as 8-bit pixels.
        map: How far those are from their bins in grey levels, 0 inside: a value for each 8x8
            pixels as stored, the worst of all components. Empty where no block is wholly restored.
        overlay: The same for the screen, None where it is empty.
        canvas: Where the result was put into the picture, and another can be.
        sample: The sharp end of what is shown, from 1.
        samples: Pictures of the first samples, those that there was room for: (n, h, w), grey
            levels. None with fewer than two, or of an estimate; `restoration` has none itself.
        spread: Standard deviation over all samples, likewise; None without samples.
        thumbnails: Of the mean and of each of `samples`, small.
        spread_map: The spread for the screen; None where it is not known.
    """

    restoration: Restoration[Measured]
    sharpness: float
    picture: Pyramid
    exact: Consistency
    rounded: Consistency
    map: NDArray[np.float32]
    overlay: Overlay | None
    canvas: Canvas
    sample: int = 1
    samples: tuple[Kept, ...] = ()
    spread: Kept | None = None
    thumbnails: tuple[QImage, ...] = ()
    spread_map: SpreadMap | None = None

    def at(self, sharpness: float, sample: int) -> Picture:
        """The picture so far from the mean (0) to a sample that is kept (1).

        Raises:
            UnreadableFile: See `Kept.array`.
        """
        return between(self.restoration.picture, self.samples, sharpness, sample)


class Canvas:
    """The whole picture's pixels as stored, of which a run restores one place after another."""

    def __init__(self, run: Run[Measured]) -> None:
        self._run = run
        self._pixels: NDArray[np.uint8] | None = None

    def with_place(self, pixels: NDArray[np.uint8], place: Rectangle) -> NDArray[np.uint8]:
        """All pixels once a place has these; what no place covered is as decoded."""
        whole = Rectangle(0, 0, *self._run.image.size)
        if place == whole:
            self._pixels = None  # nothing of it will be seen any more
            return pixels
        if self._pixels is None:
            self._pixels = _decoded(self._run)
        self._pixels[place.seen_from(whole)] = pixels
        return self._pixels


def _decoded(run: Run[Measured]) -> NDArray[np.uint8]:
    """What a decoder shows, part by part."""
    from ddrm_core.imaging.quantize_pixels import rounded
    from ddrm_core.restoration.run import parts_of, place_of

    run = replace(run, region=None)
    whole = run.place
    shape = (whole.height, whole.width, run.image.channels)
    pixels = np.empty(shape if run.image.channels > 1 else shape[:2], np.uint8)
    for tile in parts_of(run):
        part, place = run.problem.part(tile.outer), place_of(run, tile)
        pixels[place.seen_from(whole)] = rounded(part.shown(part.decoded, place))
    return pixels


def sharpening(
    restored: Restored, sharpness: float, sample: int, token: CancelToken
) -> Generator[None, None, Restored]:
    """The same result at another place between safest (0) and sharpest (1), a sample.

    Raises:
        Cancelled: Another place was asked for meanwhile.
        UnreadableFile: See `Kept.array`.
    """
    yield from ()
    other = restored_from(
        restored.restoration,
        sharpness,
        restored.canvas,
        token,
        sample=sample,
        samples=restored.samples,
    )
    return replace(
        other,
        spread=restored.spread,
        thumbnails=restored.thumbnails,
        spread_map=restored.spread_map,
    )


def finished(restoration: Restoration[Measured], canvas: Canvas, vault: Vault) -> Restored:
    """With as many samples as can be kept, and no others in memory."""
    samples: list[Kept] = []
    for number, picture in enumerate(restoration.samples):
        kept = vault.keep(picture.numpy())
        if kept is None and number:
            break
        samples.append(kept or Kept(picture.numpy()))
    spread = None if restoration.spread is None else vault.keep(restoration.spread.numpy())
    pictures = [restoration.picture, *restoration.samples[: len(samples)]] if samples else []
    image = restoration.run.image
    display = display_for(image.metadata, image.channels)
    thumbnails = tuple(qimage(display.shown(_small(picture))) for picture in pictures)
    alone = replace(restoration, samples=(), spread=None)
    restored = restored_from(alone, 0.0, canvas, samples=tuple(samples))
    return with_spread(restored, spread, thumbnails)


def with_spread(
    restored: Restored, spread: Kept | None, thumbnails: tuple[QImage, ...]
) -> Restored:
    """With what its samples say together."""
    shown = None
    if spread is not None:
        shown = _spread_map(restored.restoration.run, spread.array())
    return replace(restored, spread=spread, thumbnails=thumbnails, spread_map=shown)


def _spread_map(run: Run[Measured], spread: NDArray[np.float32]) -> SpreadMap:
    """A byte for each pixel, of the mean square over channels."""
    display = display_for(run.image.metadata, run.image.channels)
    stored, size = run.place, (run.place.width, run.place.height)
    left, top = display.upright_corner((stored.left, stored.top), size, run.image.size)
    shown = display.upright(np.sqrt(np.square(spread).mean(0)))
    height, width = shown.shape
    return spread_map(shown, Rectangle(left, top, width, height))


def _small(picture: Picture) -> NDArray[np.uint8]:
    """A few pixels of it: means of squares, so that grain does not alias."""
    from torch.nn.functional import avg_pool2d

    from ddrm_core.imaging.quantize_pixels import rounded

    side = max(1, max(picture.shape[1:]) // THUMBNAIL_SIDE)
    side = min(side, *picture.shape[1:])
    return rounded(avg_pool2d(picture[None], side)[0])


def between(mean: Picture, samples: tuple[Kept, ...], sharpness: float, sample: int) -> Picture:
    """So far from the mean (0) to a sample (1). Raises UnreadableFile."""
    import torch

    if not sharpness:
        return mean
    sharpest = torch.from_numpy(samples[sample - 1].array())
    return torch.lerp(mean, sharpest, sharpness)


def restored_from(
    restoration: Restoration[Measured],
    sharpness: float,
    canvas: Canvas,
    token: CancelToken | None = None,
    *,
    sample: int = 1,
    samples: tuple[Kept, ...] = (),
) -> Restored:
    from ddrm_core.imaging.quantize_pixels import EIGHT_BITS, rounded

    token = token or CancelToken()
    run = restoration.run
    result = between(restoration.picture, samples, sharpness, sample)
    # The core has measured the mean; after `paper` another picture may agree less than that.
    exact = restoration.consistency
    if sharpness:
        exact = run.problem.verify(result, run.region).consistency
        token.raise_if_cancelled()
    proof = run.problem.verify(result, run.region, bits=EIGHT_BITS)
    token.raise_if_cancelled()
    consistency, distances = proof.consistency, proof.map.numpy()
    distances = np.where(distances <= consistency.slack, np.float32(0), distances)
    display = display_for(run.image.metadata, run.image.channels)
    shown = pyramid(display.shown(canvas.with_place(rounded(result), run.place)))
    tints = _overlay(distances, proof.corner, run.image, display)
    return Restored(
        restoration,
        sharpness,
        shown,
        exact,
        consistency,
        distances,
        overlay=tints,
        canvas=canvas,
        sample=sample,
        samples=samples,
    )


def _overlay(
    distances: NDArray[np.float32], corner: tuple[int, int], image: Measured, display: Display
) -> Overlay | None:
    if not distances.size:
        return None
    rows, columns = distances.shape
    size = (8 * columns, 8 * rows)
    left, top = display.upright_corner(corner, size, image.size)
    return overlay(display.upright(distances), left=left, top=top)
