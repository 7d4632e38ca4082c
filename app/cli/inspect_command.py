"""`ddrm-restore inspect`: what a file says, and whether it can be restored."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from app.cli.console import failures_reported, print_json
from app.i18n.error_messages import message_for
from app.i18n.formatting import (
    color_space_words,
    estimate_words,
    metadata_words,
    restart_words,
    whole_percent,
)
from ddrm_core.errors import DamagedJpeg, NoSignOfJpeg, NotAJpeg, UnsupportedJpeg
from ddrm_core.jpeg.header import JpegHeader, Table, read_header
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.quality_factor import Quality, estimate_quality
from ddrm_core.jpeg.recompression import Earlier, earlier_in_jpeg
from ddrm_core.metadata.color_space import color_space
from ddrm_core.metadata.exif import tags
from ddrm_core.metadata.model import Metadata
from ddrm_core.metadata.segments import metadata_from_segments
from ddrm_core.restoration.restorable import Restorability, restorability


def inspect(
    image: Annotated[Path, typer.Argument(help="A JPEG file.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document and nothing else.")
    ] = False,
) -> None:
    """Say what the file says: size, coding, sampling, tables, quality factor, metadata.

    The whole file is read: whether it can be restored is what restore would answer.
    """
    with failures_reported():
        try:
            header = read_header(image)
        except NotAJpeg as error:
            _inspect_pixels(image, error, as_json=as_json)
            return
        found = restorability(image)
        history = _history(found)
        if as_json:
            print_json(_document(header, history, found))
        else:
            typer.echo(_text(header, history, found))


@dataclass(frozen=True, slots=True)
class _History:
    """Whether there are signs of an earlier compression, and why nobody looked."""

    earlier: Earlier | None
    obstacle: str | None


def _history(found: Restorability) -> _History:
    if isinstance(found.source, JpegImage):
        return _History(earlier_in_jpeg(found.source), None)
    return _History(None, _obstacle(found))


def _inspect_pixels(path: Path, error: NotAJpeg, *, as_json: bool) -> None:
    """Of a picture that is no JPEG. Raises `error` where it is no picture at all."""
    found = restorability(path)
    source = found.source
    if source is None or isinstance(source, JpegImage):
        raise error
    width, height = source.size
    if as_json:
        earlier = None if source.earlier is None else asdict(source.earlier)
        document: dict[str, object] = {"file": str(path), "coding": f"none ({error.found})"}
        document |= {"width": width, "height": height, **_color_facts(source.metadata)}
        print_json(document | {"earlier_compression": earlier} | _answer(found))
        return
    signs = "no sign of any" if source.earlier is None else estimate_words(source.earlier)
    lines = [
        f"File      {path} ({error.found}, no JPEG)",
        f"Size      {width}x{height}",
        f"Colors    {color_space_words(color_space(source.metadata))}",
        f"Earlier compression: {signs}",
        f"Restore   {_restore_words(found)}",
    ]
    typer.echo("\n".join(lines))


def _quality(header: JpegHeader) -> Quality | None:
    tables = [header.tables.get(c.table) for c in header.components]
    known = [t for t in tables if t is not None]
    return estimate_quality(known) if known and len(known) == len(tables) else None


def _obstacle(found: Restorability) -> str | None:
    """Why `restore` refuses the file, None where it does not."""
    match found.refusal:
        case None:
            return None
        case UnsupportedJpeg(feature=feature):
            return f"uses {feature}"
        case DamagedJpeg(damage=damage):
            return damage
        case refusal:
            return message_for(refusal).title


def _restore_words(found: Restorability) -> str:
    obstacle = _obstacle(found)
    if obstacle is None:
        return "yes"
    if found.in_part:
        return f"no: {obstacle}; restore --tolerate-damage restores that part"
    if isinstance(found.refusal, NoSignOfJpeg):
        return f"no: {obstacle}; restore --quality restores for that"
    return f"no: {obstacle}"


def _answer(found: Restorability) -> dict[str, object]:
    return {
        "restorable": found.refusal is None,
        "restorable_in_part": found.in_part,
        "obstacle": _obstacle(found),
    }


def _document(header: JpegHeader, history: _History, found: Restorability) -> dict[str, object]:
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
        **_answer(found),
    }


def _rows(table: Table) -> list[list[int]]:
    rows: list[list[int]] = table.reshape(8, 8).tolist()
    return rows


def _text(header: JpegHeader, history: _History, found: Restorability) -> str:
    quality = _quality(header)
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
        f"Restore   {_restore_words(found)}",
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
