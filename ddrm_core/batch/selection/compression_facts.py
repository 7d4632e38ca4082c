"""Facts about the compression of a file, by which a batch selects the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ddrm_core.cancel import CancelToken
from ddrm_core.jpeg.header import JpegHeader
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.quality_factor import LibjpegQuality, find_nearest_quality
from ddrm_core.jpeg.quantization_error import compute_quantization_error
from ddrm_core.jpeg.recompression import PreviousCompression, detect_from_coefficients

if TYPE_CHECKING:  # loads torch
    from ddrm_core.restoration.source import SourceImage


@dataclass(frozen=True, slots=True)
class CompressionFacts:
    """The facts about a file by which a rule selects it.

    Attributes:
        quality: Quality factor of the quantization tables, None for a file without tables.
        quantization_error: `compute_quantization_error` of the tables, in gray levels; None for a
            file without tables or of a color model that cannot be restored.
        color_model_name: Color model of a JPEG, see `compute_quantization_error`; empty for a file
            without tables.
        previous_compression: Earlier, harsher compression of which a JPEG shows signs, or the
            compression that a file without tables was decoded from; None without signs.
        is_damaged: Whether only a part of the file can be read.
    """

    quality: LibjpegQuality | None = None
    quantization_error: float | None = None
    color_model_name: str = ""
    previous_compression: PreviousCompression | None = None
    is_damaged: bool = False


def compression_facts_from_header(header: JpegHeader) -> CompressionFacts:
    """Return the facts in the header of a JPEG: those about its own tables.

    A file without a table for each component has no facts about tables.
    """
    tables = [table for table in header.component_tables if table is not None]
    if len(tables) < len(header.components):
        return CompressionFacts()
    try:
        error = compute_quantization_error(tables, header.color_model_name)
    except ValueError:  # a color model that cannot be restored
        error = None
    return CompressionFacts(find_nearest_quality(tables), error, header.color_model_name)


def find_compression_facts(
    source: SourceImage, token: CancelToken | None = None
) -> CompressionFacts:
    """Return the facts about an opened file; the search for signs takes up to a second.

    Raises:
        OperationCancelled: If `token` was cancelled.
    """
    if not isinstance(source, JpegImage):
        return CompressionFacts(previous_compression=source.previous_compression)
    return CompressionFacts(
        source.quality,
        compute_quantization_error(source.quantization_tables, source.color_model_name),
        source.color_model_name,
        detect_from_coefficients(source, token),
        source.damage is not None,
    )
