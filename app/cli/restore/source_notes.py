"""Notes about an opened image before its restoration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.console import print_note
from app.i18n.formatting import damage_text, estimated_compression_text
from ddrm_core.restoration.assumption import CompressionAssumption

if TYPE_CHECKING:  # loads torch; usage errors are reported without it
    from ddrm_core.restoration.source import SourceImage


def print_source_notes(source: SourceImage, name: str, assumption: CompressionAssumption) -> None:
    """Print a note about the damage of a JPEG, or about the estimated compression of pixels.

    Args:
        source: Content of the image.
        name: Name of the image in the note: its path, or "standard input".
        assumption: Compression that is assumed.
    """
    from ddrm_core.jpeg.image import JpegImage

    if isinstance(source, JpegImage):
        if source.damage is not None:
            print_note(f"{name} is damaged: {damage_text(source.damage.description)}")
    elif source.previous_compression is not None and assumption.quality is None:
        estimate = estimated_compression_text(source.previous_compression)
        print_note(f"{name} is not a JPEG: {estimate}")
