"""The option `--assume-earlier` of `restore`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.console import print_note
from app.i18n.formatting import format_whole_percent
from ddrm_core.restoration.assumption import CompressionAssumption, assumption_from_previous

if TYPE_CHECKING:  # loads torch
    from ddrm_core.restoration.source import SourceImage


def assume_earlier_compression(
    source: SourceImage, name: str, assumption: CompressionAssumption
) -> CompressionAssumption:
    """Return the assumption that a JPEG is restored for the earlier compression it shows signs of.

    Without signs, and for an image that is not a JPEG, whose compression is estimated anyway,
    `assumption` is returned. A note says what is assumed; `name` is that of the image in the note.
    """
    from ddrm_core.jpeg.image import JpegImage
    from ddrm_core.jpeg.recompression import detect_from_coefficients

    if not isinstance(source, JpegImage):
        return assumption
    previous = detect_from_coefficients(source)
    if previous is None:
        print_note(
            f"{name} shows no sign of an earlier compression at lower quality, and is"
            " restored by its own tables"
        )
        return assumption
    earlier = assumption_from_previous(previous, is_damaged=source.damage is not None)
    grid, certainty = f"{previous.left},{previous.top}", format_whole_percent(previous.confidence)
    estimate = f"an earlier compression at JPEG quality {previous.quality} on grid {grid}"
    if earlier is None:
        print_note(f"{name} shows signs of {estimate}, which cannot be assumed for a damaged file")
        return assumption
    print_note(f"{name} is restored for {estimate}, {certainty} sure")
    return earlier
