"""The report of `inspect`: the facts of a file, and whether it can be restored."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import typer

from app.cli.console import print_json
from app.i18n.error_messages import message_from_error
from app.i18n.formatting import (
    attachments_text,
    color_space_text,
    embedded_data_text,
    estimated_compression_text,
    format_whole_percent,
    metadata_segments_text,
    profile_defect_text,
    restart_markers_text,
)
from ddrm_core.attachments.embedded_data import find_embedded_data
from ddrm_core.attachments.model import Attachments
from ddrm_core.errors import (
    CompressionNotDetected,
    DamagedJpeg,
    FileError,
    NotAJpeg,
    UnsupportedJpeg,
)
from ddrm_core.jpeg.color_markers import describe_color_model
from ddrm_core.jpeg.header import JpegHeader, QuantizationTable, read_header
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.quality_factor import LibjpegQuality, find_nearest_quality
from ddrm_core.jpeg.recompression import PreviousCompression, detect_from_coefficients
from ddrm_core.metadata.color_space import find_color_space
from ddrm_core.metadata.exif import summarize_exif
from ddrm_core.metadata.extended_xmp import join_extension
from ddrm_core.metadata.icc_defects import find_profile_defect
from ddrm_core.metadata.model import Metadata
from ddrm_core.metadata.segments import metadata_from_segments
from ddrm_core.restoration.restorability import Restorability, check_restorability


def print_inspection(image: Path, *, as_json: bool, name: str) -> None:
    """Print a report about an image file, and whether the file can be restored.

    Args:
        image: Path of the file.
        as_json: Whether to print one JSON document instead of text.
        name: Name of the file in the report.

    Raises:
        UnreadableFile, NotAJpeg, DamagedJpeg, UnsupportedJpeg: See `read_header`.
    """
    try:
        header = read_header(image)
    except NotAJpeg as error:
        _inspect_non_jpeg(image, error, as_json=as_json, name=name)
        return
    assessment = check_restorability(image)
    finding = _detect_recompression(assessment)
    if as_json:
        print_json({"file": name} | _build_header_json(header, finding, assessment))
    else:
        typer.echo(_format_header(header, finding, assessment, name))


@dataclass(frozen=True, slots=True)
class _RecompressionFinding:
    """Result of the search for signs of a previous compression.

    Attributes:
        compression: Previous compression, None without signs of one.
        unknown_reason: Reason why the file was not searched, None if the file was searched.
    """

    compression: PreviousCompression | None
    unknown_reason: str | None


def _detect_recompression(assessment: Restorability) -> _RecompressionFinding:
    if isinstance(assessment.source, JpegImage):
        return _RecompressionFinding(detect_from_coefficients(assessment.source), None)
    return _RecompressionFinding(None, _refusal_text(assessment))


def _inspect_non_jpeg(path: Path, error: NotAJpeg, *, as_json: bool, name: str) -> None:
    """Print the report about an image that is not a JPEG.

    Raises `error`, with which the file was rejected as a JPEG, if the file is no image at all.
    """
    assessment = check_restorability(path)
    source = assessment.source
    if source is None or isinstance(source, JpegImage):
        raise error
    width, height = source.size
    if as_json:
        compression = (
            None if source.previous_compression is None else asdict(source.previous_compression)
        )
        content: dict[str, object] = {"file": name, "coding": f"none ({error.found_kind})"}
        content |= {"width": width, "height": height, **_color_space_fields(source.metadata)}
        print_json(
            content | {"earlier_compression": compression} | _restorability_fields(assessment)
        )
        return
    compression_text = (
        "no sign of any"
        if source.previous_compression is None
        else estimated_compression_text(source.previous_compression)
    )
    lines = [
        f"File      {name} ({error.found_kind}, no JPEG)",
        f"Size      {width}x{height}",
        f"Colors    {color_space_text(find_color_space(source.metadata))}",
        *_format_profile_defect(source.metadata, len(source.pixels)),
        f"Earlier compression: {compression_text}",
        f"Restore   {_restorability_text(assessment)}",
    ]
    typer.echo("\n".join(lines))


def _estimate_header_quality(header: JpegHeader) -> LibjpegQuality | None:
    tables = [table for table in header.component_tables if table is not None]
    return find_nearest_quality(tables) if len(tables) == len(header.components) else None


def _refusal_text(assessment: Restorability) -> str | None:
    """Return why `restore` refuses the file, None if `restore` accepts the file.

    The text does not repeat the path, which the report begins with.
    """
    match assessment.refusal:
        case None:
            return None
        case UnsupportedJpeg(feature=feature):
            return f"uses {feature}"
        case DamagedJpeg(damage=damage):
            return str(damage)
        case FileError(path=path) as refusal:
            return message_from_error(refusal).title.removeprefix(f"{path} ")
        case refusal:
            return message_from_error(refusal).title


def _restorability_text(assessment: Restorability) -> str:
    obstacle = _refusal_text(assessment)
    if obstacle is None:
        return "yes"
    if assessment.is_partially_restorable:
        return f"no: {obstacle}; restore --tolerate-damage restores the intact part"
    if isinstance(assessment.refusal, CompressionNotDetected):
        return f"no: {obstacle}; restore --quality restores with an assumed quality factor"
    return f"no: {obstacle}"


def _restorability_fields(assessment: Restorability) -> dict[str, object]:
    return {
        "restorable": assessment.refusal is None,
        "restorable_in_part": assessment.is_partially_restorable,
        "obstacle": _refusal_text(assessment),
    }


def _build_header_json(
    header: JpegHeader, finding: _RecompressionFinding, assessment: Restorability
) -> dict[str, object]:
    quality, metadata = _estimate_header_quality(header), _read_metadata(header)
    return {
        "bytes": header.file_size,
        "width": header.width,
        "height": header.height,
        "coding": header.coding,
        "precision": header.precision,
        "colour": header.color_model_name,
        "sampling": header.chroma_sampling,
        "restart_interval": header.restart_interval,
        "quality_factor": None if quality is None else quality.factor,
        "quality_exact": None if quality is None else quality.is_exact,
        "components": [
            {
                "id": c.identifier,
                "horizontal": c.horizontal_factor,
                "vertical": c.vertical_factor,
                "table": c.table_number,
            }
            for c in header.components
        ],
        "tables": {
            str(number): _table_rows(table) for number, table in header.quantization_tables.items()
        },
        "component_tables": [
            None if table is None else _table_rows(table) for table in header.component_tables
        ],
        "metadata": [{"name": s.name, "bytes": s.size} for s in header.segments],
        "complete": header.is_complete,
        "trailing_bytes": header.trailing_size,
        "attachments": _attachment_fields(header.attachments),
        "unrecognized_bytes": header.attachments.unrecognized_bytes,
        "embedded_in_xmp": [
            {"kind": data.kind.name.lower(), "bytes": data.size}
            for data in find_embedded_data(join_extension(metadata.xmp_extensions))
        ],
        **_color_space_fields(metadata),
        "facts": _read_exif_tags(metadata),
        "earlier_compression": None if finding.compression is None else asdict(finding.compression),
        "earlier_compression_unknown": finding.unknown_reason,
        **_restorability_fields(assessment),
    }


def _attachment_fields(attachments: Attachments) -> list[dict[str, object]]:
    """Return the attachments of a JPEG as JSON values, in file order."""
    return [
        {
            "kind": part.kind.value,
            "type": part.mime or None,
            "offset": part.range.offset,
            "bytes": part.range.length,
            "entries": list(part.entry_names),
        }
        for part in attachments.parts
    ]


def _table_rows(table: QuantizationTable) -> list[list[int]]:
    rows: list[list[int]] = table.reshape(8, 8).tolist()
    return rows


def _format_header(
    header: JpegHeader, finding: _RecompressionFinding, assessment: Restorability, name: str
) -> str:
    quality, metadata = _estimate_header_quality(header), _read_metadata(header)
    lines = [
        f"File      {name} ({header.file_size:,} bytes)",
        f"Size      {header.width}x{header.height}, {header.precision} bits",
        f"Coding    {header.coding}, {restart_markers_text(header)}",
        f"Sampling  {describe_color_model(header.chroma_sampling)},"
        f" {describe_color_model(header.color_model_name)}",
        f"QF        {quality or 'not on the scale'} (tables)",
        f"Colors    {color_space_text(find_color_space(metadata))}",
        *_format_profile_defect(metadata, len(header.components)),
        f"Metadata  {metadata_segments_text(header)}",
        *(f"{name:9} {value}" for name, value in _read_exif_tags(metadata).items()),
        f"Earlier compression: {_recompression_text(finding)}",
        f"Restore   {_restorability_text(assessment)}",
    ]
    if embedded_text := embedded_data_text(metadata):
        lines.insert(-1, f"In XMP    {embedded_text}")
    if header.trailing_size:
        lines.insert(-1, f"After it  {header.trailing_size:,} bytes that are not part of the image")
    if header.attachments.parts:
        lines.insert(-1, f"          {attachments_text(header)}")
    for label, table in _list_tables(header):
        width = len(str(int(np.max(table))))
        rows = [" ".join(f"{step:{width}d}" for step in row) for row in _table_rows(table)]
        lines += [f"{label:9} {rows[0]}", *(f"          {row}" for row in rows[1:])]
    return "\n".join(lines)


def _list_tables(header: JpegHeader) -> list[tuple[str, QuantizationTable]]:
    """Return the quantization tables with their labels, by number.

    If a number has several tables, the tables are listed by component instead.
    """
    component_tables = [
        (component, table)
        for component, table in zip(header.components, header.component_tables, strict=True)
        if table is not None
    ]
    numbered_tables = header.quantization_tables
    if all(np.array_equal(table, numbered_tables[c.table_number]) for c, table in component_tables):
        return [(f"Table {number}", table) for number, table in sorted(numbered_tables.items())]
    return [
        (f"Table {component.table_number}, component {component.identifier}:", table)
        for component, table in component_tables
    ]


def _recompression_text(finding: _RecompressionFinding) -> str:
    if finding.unknown_reason is not None:
        return f"not known, {finding.unknown_reason}"
    compression = finding.compression
    if compression is None:
        return "no sign of a harsher one"
    grid = f"{compression.left},{compression.top}"
    confidence = format_whole_percent(compression.confidence)
    grid_text = (
        "on the same grid" if (compression.left, compression.top) == (0, 0) else f"on grid {grid}"
    )
    return (
        f"signs of quality factor {compression.quality} {grid_text}, {confidence} sure;"
        f" restore --quality {compression.quality} --grid {grid} restores with these values"
    )


def _read_exif_tags(metadata: Metadata) -> dict[str, str]:
    """Return the EXIF tags that the report shows."""
    return {} if metadata.exif is None else summarize_exif(metadata.exif) or {}


def _read_metadata(header: JpegHeader) -> Metadata:
    return metadata_from_segments([(s.marker, s.payload) for s in header.segments])


def _color_space_fields(metadata: Metadata) -> dict[str, str]:
    """Return an image's color space, and which part of the file states it, as JSON values."""
    space, defect = find_color_space(metadata), find_profile_defect(metadata)
    fields = {"color_space": space.name, "color_space_told_by": space.source.value}
    return fields if defect is None else fields | {"color_profile_defect": str(defect)}


def _format_profile_defect(metadata: Metadata, channels: int) -> tuple[str, ...]:
    """Return a line about a color profile that cannot be used, no line otherwise."""
    defect = find_profile_defect(metadata)
    if defect is None:
        return ()
    return (f"Profile   {profile_defect_text(defect, metadata, channels)}",)
