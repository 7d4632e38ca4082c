"""What the opened file itself says of the values that can be assumed instead."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from app.i18n.core_messages import core_words
from app.i18n.translation import mark, tr
from app.jobs.document.open import Document
from app.jobs.run.restore_request import ProblemKind
from ddrm_core.jpeg.image import JpegImage

if TYPE_CHECKING:  # imports torch, see `Engine`
    from ddrm_core.restoration.input import PixelImage, Source

SAMPLINGS = ("4:4:4", "4:2:2", "4:4:0", "4:2:0")
"""Of pictures that are no JPEG: the keys of `SAMPLING_FACTORS`, whose module imports torch."""
MOST_OFFSET = 31
"""Of a grid, in pixels: blocks of 8, of planes that are sampled up to 4 times less."""
_USUAL = "4:2:0"
_RGB, _INKS = 3, 4
_FROM_FILE, _ESTIMATED = mark("From the file"), mark("Estimated")
_ESTIMATE = mark("Estimated ({value})")


@dataclass(frozen=True, slots=True)
class Known:
    """What a run follows where nothing is assumed.

    Attributes:
        quality: The quality factor, in words.
        grid: Pixels by which the first blocks begin left of and above the picture.
        sampling: Of the chroma, in words; None where none can be assumed.
        bits: That are left per channel, in words.
    """

    quality: str = field(default_factory=lambda: tr(_FROM_FILE))
    grid: tuple[int, int] = (0, 0)
    sampling: str | None = None
    bits: str = field(default_factory=lambda: tr(_ESTIMATED))


def problem_of(document: Document) -> ProblemKind:
    """What a file that was just opened suffers from, as far as it shows."""
    source = document.source
    if isinstance(source, JpegImage) or source.earlier is not None or document.bits is None:
        return ProblemKind.JPEG
    return ProblemKind.BANDING


def known_of(document: Document) -> Known:
    """The same that a run takes where nothing is assumed."""
    bits = tr("No sign") if document.bits is None else tr(_ESTIMATE).format(value=document.bits)
    return replace(_compression_of(document.source), bits=bits)


def _compression_of(source: Source) -> Known:
    if isinstance(source, JpegImage):
        quality = core_words(str(source.quality))
        return Known(tr("From the file ({quality})").format(quality=quality))
    return _of_pixels(source)


def _of_pixels(source: PixelImage) -> Known:
    earlier, channels = source.earlier, len(source.picture)
    sampling = None if channels != _RGB else tr("Usual ({sampling})").format(sampling=_USUAL)
    # Greys that are stored as RGB have no chroma that could show its sampling.
    if sampling is not None and earlier is not None and earlier.sampling in SAMPLINGS:
        sampling = tr(_ESTIMATE).format(value=earlier.sampling)
    if earlier is None:
        return Known(tr("Not known"), (0, 0), sampling)
    # Ink is looked at as if it were RGB, but has no halved chroma.
    period = 8 if channels == _INKS else 16
    grid = (earlier.left % period, earlier.top % period)
    return Known(tr(_ESTIMATE).format(value=earlier.quality), grid, sampling)
