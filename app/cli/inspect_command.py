"""`ddrm-restore inspect`: what a file says, without decoding it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from app.cli.console import failures_reported, print_json
from app.errors import message_for
from app.words import (
    color_space_words,
    estimate_words,
    metadata_words,
    restart_words,
    whole_percent,
)
from ddrm_core.errors import CoreError, NotAJpeg, UnsupportedJpeg
from ddrm_core.jpeg.coefficients import check_supported, read_jpeg
from ddrm_core.jpeg.header import JpegHeader, Table, read_header
from ddrm_core.jpeg.history import Earlier, earlier_in_jpeg
from ddrm_core.jpeg.quality import Quality, estimate_quality
from ddrm_core.metadata.color_space import color_space
from ddrm_core.metadata.exif import tags
from ddrm_core.metadata.model import Metadata
from ddrm_core.metadata.segments import metadata_from_segments


def inspect(
    image: Annotated[Path, typer.Argument(help="A JPEG file.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document and nothing else.")
    ] = False,
) -> None:
    """Say what the file says: size, coding, sampling, tables, quality factor, metadata."""
    with failures_reported():
        try:
            header = read_header(image)
        except NotAJpeg as error:
            _inspect_pixels(image, error, as_json=as_json)
            return
        history = _history(header)
        if as_json:
            print_json(_document(header, history))
        else:
            typer.echo(_text(header, history))


@dataclass(frozen=True, slots=True)
class _History:
    """Whether there are signs of an earlier compression, and why nobody looked."""

    earlier: Earlier | None
    obstacle: str | None


def _history(header: JpegHeader) -> _History:
    try:
        return _History(earlier_in_jpeg(read_jpeg(header.path, tolerate_damage=True)), None)
    except CoreError as error:
        return _History(None, message_for(error).title)


def _inspect_pixels(path: Path, error: NotAJpeg, *, as_json: bool) -> None:
    """Of a picture that is no JPEG. Raises `error` where it is no picture at all."""
    from ddrm_core.source import PixelImage, open_source

    source = open_source(path)
    if not isinstance(source, PixelImage):
        raise error
    width, height = source.size
    if as_json:
        earlier = None if source.earlier is None else asdict(source.earlier)
        document: dict[str, object] = {"file": str(path), "coding": f"none ({error.found})"}
        document |= {"width": width, "height": height, **_color_facts(source.metadata)}
        print_json(document | {"earlier_compression": earlier})
        return
    found = "no sign of any" if source.earlier is None else estimate_words(source.earlier)
    lines = [
        f"File      {path} ({error.found}, no JPEG)",
        f"Size      {width}x{height}",
        f"Colors    {color_space_words(color_space(source.metadata))}",
        f"Earlier compression: {found}",
    ]
    typer.echo("\n".join(lines))


def _quality(header: JpegHeader) -> Quality | None:
    tables = [header.tables.get(c.table) for c in header.components]
    known = [t for t in tables if t is not None]
    return estimate_quality(known) if known and len(known) == len(tables) else None


def _obstacle(header: JpegHeader) -> str | None:
    """Why `restore` would refuse the file, None where it would not."""
    try:
        check_supported(header)
    except UnsupportedJpeg as error:
        return f"uses {error.feature}"
    return None if header.complete else "it ends in the middle of the picture"


def _document(header: JpegHeader, history: _History) -> dict[str, object]:
    quality = _quality(header)
    return {
        "file": str(header.path),
        "bytes": header.file_size,
        "width": header.width,
        "height": header.height,
        "coding": header.coding,
        "precision": header.precision,
        "colour": header.colour,
        "sampling": header.sampling,
        "restart_interval": header.restart_interval,
        "quality_factor": None if quality is None else quality.factor,
        "quality_exact": None if quality is None else quality.exact,
        "components": [
            {
                "id": c.identifier,
                "horizontal": c.horizontal,
                "vertical": c.vertical,
                "table": c.table,
            }
            for c in header.components
        ],
        "tables": {str(number): _rows(table) for number, table in header.tables.items()},
        "metadata": [{"name": s.name, "bytes": s.size} for s in header.segments],
        "complete": header.complete,
        "trailing_bytes": header.trailing,
        **_color_facts(_metadata(header)),
        "facts": _tags(header),
        "earlier_compression": None if history.earlier is None else asdict(history.earlier),
        "earlier_compression_unknown": history.obstacle,
        "obstacle": _obstacle(header),
    }


def _rows(table: Table) -> list[list[int]]:
    rows: list[list[int]] = table.reshape(8, 8).tolist()
    return rows


def _text(header: JpegHeader, history: _History) -> str:
    quality, obstacle = _quality(header), _obstacle(header)
    lines = [
        f"File      {header.path} ({header.file_size:,} bytes)",
        f"Size      {header.width}x{header.height}, {header.precision} bits",
        f"Coding    {header.coding}, {restart_words(header)}",
        f"Sampling  {header.sampling}, {header.colour}",
        f"QF        {quality or 'not on the scale'} (tables)",
        f"Colors    {color_space_words(color_space(_metadata(header)))}",
        f"Metadata  {metadata_words(header)}",
        *(f"{name:9} {value}" for name, value in _tags(header).items()),
        f"Earlier compression: {_history_words(history)}",
        f"Restore   {'no: ' + obstacle if obstacle else 'yes'}",
    ]
    if header.trailing:
        lines.insert(-1, f"After it  {header.trailing:,} bytes that are not part of the picture")
    for number, table in sorted(header.tables.items()):
        width = len(str(int(np.max(table))))
        rows = [" ".join(f"{step:{width}d}" for step in row) for row in _rows(table)]
        lines += [f"Table {number}   {rows[0]}", *(f"          {row}" for row in rows[1:])]
    return "\n".join(lines)


def _history_words(history: _History) -> str:
    if history.obstacle is not None:
        return f"not known, {history.obstacle}"
    earlier = history.earlier
    if earlier is None:
        return "no sign of a harsher one"
    grid = f"{earlier.left},{earlier.top}"
    sure = whole_percent(earlier.confidence)
    place = "on the same grid" if (earlier.left, earlier.top) == (0, 0) else f"on grid {grid}"
    return (
        f"signs of quality factor {earlier.quality} {place}, {sure} sure;"
        f" restore --quality {earlier.quality} --grid {grid} restores for that"
    )


def _tags(header: JpegHeader) -> dict[str, str]:
    """A few facts from EXIF."""
    block = _metadata(header).exif
    return {} if block is None else tags(block) or {}


def _metadata(header: JpegHeader) -> Metadata:
    return metadata_from_segments([(s.marker, s.payload) for s in header.segments])


def _color_facts(metadata: Metadata) -> dict[str, str]:
    """Return the color space for JSON."""
    space = color_space(metadata)
    return {"color_space": space.name, "color_space_told_by": space.told_by.value}
