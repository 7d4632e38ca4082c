"""The values that a run takes from the opened file if the user assumes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from app.i18n.translation import tr, tr_noop, translate
from app.jobs.document.open import Document
from app.jobs.run.restore_request import ProblemKind
from app.viewmodels.document.file_summary import quality_text
from ddrm_core.jpeg.header import CHROMA_SAMPLING_FACTORS, USUAL_CHROMA_SAMPLING
from ddrm_core.jpeg.image import JpegImage

if TYPE_CHECKING:  # imports torch, see `PriorCache`
    from ddrm_core.restoration.source import PixelImage, SourceImage

MAX_GRID_OFFSET = 31
"""Maximum grid offset in pixels: blocks of 8 in planes that are subsampled up to 4 times."""
_RGB_CHANNELS, _CMYK_CHANNELS = 3, 4
_FROM_FILE_LABEL, _ESTIMATED_LABEL = tr_noop("From the file"), tr_noop("Estimated")
_ESTIMATED_VALUE_LABEL = tr_noop("Estimated ({value})")


@dataclass(frozen=True, slots=True)
class FileDefaults:
    """Texts and values that show what a run takes from the file if nothing is assumed.

    Attributes:
        quality_text: Text about the quality factor.
        grid_offset: Pixels by which the first blocks begin left of and above the image.
        sampling_text: Text about the chroma sampling; None if no sampling can be assumed.
        bits_text: Text about the bits that are left per channel.
        quality_value_text: The quality factor alone; empty if it is not known.
        bits_value_text: The bits per channel alone; empty if they are not known.
    """

    quality_text: str = field(default_factory=lambda: tr(_FROM_FILE_LABEL))
    grid_offset: tuple[int, int] = (0, 0)
    sampling_text: str | None = None
    bits_text: str = field(default_factory=lambda: tr(_ESTIMATED_LABEL))
    quality_value_text: str = ""
    bits_value_text: str = ""


def detect_problem(document: Document) -> ProblemKind:
    """Return the problem to solve for a file: banding or JPEG compression.

    Banding is chosen for a file without any sign of a JPEG compression whose pixels kept only their
    first bits.
    """
    source = document.source
    if (
        isinstance(source, JpegImage)
        or source.previous_compression is not None
        or document.estimated_bits is None
    ):
        return ProblemKind.JPEG
    return ProblemKind.BANDING


def build_file_defaults(document: Document) -> FileDefaults:
    """Return the texts and values that a run takes from a file if nothing is assumed."""
    bits_text = (
        tr("No sign")
        if document.estimated_bits is None
        else tr(_ESTIMATED_VALUE_LABEL).format(value=document.estimated_bits)
    )
    return replace(
        _compression_defaults(document.source),
        bits_text=bits_text,
        bits_value_text=str(document.estimated_bits or ""),
    )


def _compression_defaults(source: SourceImage) -> FileDefaults:
    if isinstance(source, JpegImage):
        quality_name = translate(source.quality.description)
        return FileDefaults(
            tr("From the file ({quality})").format(quality=quality_name),
            quality_value_text=quality_text(source.quality),
        )
    return _pixel_image_defaults(source)


def _pixel_image_defaults(source: PixelImage) -> FileDefaults:
    previous, channels = source.previous_compression, len(source.pixels)
    sampling_text = (
        None
        if channels != _RGB_CHANNELS
        else tr("Usual ({sampling})").format(sampling=USUAL_CHROMA_SAMPLING)
    )
    # Grays that are stored as RGB have no chroma that could show its sampling.
    if (
        sampling_text is not None
        and previous is not None
        and previous.sampling in CHROMA_SAMPLING_FACTORS
    ):
        sampling_text = tr(_ESTIMATED_VALUE_LABEL).format(value=previous.sampling)
    if previous is None:
        return FileDefaults(tr("Not known"), (0, 0), sampling_text)
    # The previous compression of CMYK is detected as if CMYK were RGB, but without halved chroma.
    grid_period = 8 if channels == _CMYK_CHANNELS else 16
    grid_offset = (previous.left % grid_period, previous.top % grid_period)
    return FileDefaults(
        tr(_ESTIMATED_VALUE_LABEL).format(value=previous.quality),
        grid_offset,
        sampling_text,
        quality_value_text=str(previous.quality),
    )
