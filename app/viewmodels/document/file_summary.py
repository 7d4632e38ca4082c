"""Short texts about the opened file, for the top of the side panel."""

from __future__ import annotations

from app.i18n.formatting import format_size
from app.i18n.translation import tr
from app.jobs.document.open import Document
from app.viewmodels.document.recompression import (
    RecompressionChecked,
    RecompressionState,
    can_assume_compression,
)
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.quality_factor import LibjpegQuality
from ddrm_core.jpeg.recompression import PreviousCompression


def file_summary_text(document: Document) -> str:
    """Return one line such as "640 × 480 px, JPEG quality 10, 14 kB"."""  # noqa: RUF002
    source = document.source
    width, height = source.size
    size = tr("{width} × {height} px").format(width=width, height=height)  # noqa: RUF001
    if isinstance(source, JpegImage):
        parts = [size, tr("JPEG quality {quality}").format(quality=quality_text(source.quality))]
        if source.header is not None:
            parts.append(format_size(source.header.file_size))
        if source.damage is not None:
            parts.append(tr("damaged"))
        return ", ".join(parts)
    parts = [document.format, size]
    if source.previous_compression is not None:
        quality = source.previous_compression.quality
        parts.append(tr("once a JPEG of quality {quality}").format(quality=quality))
    elif document.estimated_bits is not None:
        parts.append(tr("{bits} bits per channel").format(bits=document.estimated_bits))
    else:
        parts.append(tr("no sign of JPEG compression"))
    return ", ".join(parts)


def quality_text(quality: LibjpegQuality) -> str:
    """Return the quality factor, as in "10", or "about 80" for tables that are not libjpeg's."""
    return str(quality.factor) if quality.is_exact else tr("about {n}").format(n=quality.factor)


def find_stronger_compression(
    document: Document | None, state: RecompressionState
) -> PreviousCompression | None:
    """Return the stronger previous compression that a run on the file can assume, if any."""
    if document is None or not isinstance(state, RecompressionChecked):
        return None
    source, previous = document.source, state.previous_compression
    if previous is None or not isinstance(source, JpegImage):
        return None
    return previous if can_assume_compression(source, previous) else None


def stronger_compression_text(previous: PreviousCompression) -> str:
    """Return the line that offers to restore for a stronger previous compression."""
    return tr("Saved before at lower quality, about {quality}: restore for that?").format(
        quality=previous.quality
    )
