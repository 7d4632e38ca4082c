"""`ddrm-restore inspect`: what a file says, without decoding it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from app.cli.console import failures_reported, print_json
from ddrm_core.errors import UnsupportedJpeg
from ddrm_core.jpeg.coefficients import check_supported
from ddrm_core.jpeg.header import JpegHeader, Table, read_header
from ddrm_core.jpeg.quality import Quality, estimate_quality


def inspect(
    image: Annotated[Path, typer.Argument(help="A JPEG file.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document and nothing else.")
    ] = False,
) -> None:
    """Say what the file says: size, coding, sampling, tables, quality factor, metadata."""
    with failures_reported():
        header = read_header(image)
        if as_json:
            print_json(_document(header))
        else:
            typer.echo(_text(header))


def _quality(header: JpegHeader) -> Quality | None:
    tables = [header.tables.get(c.table) for c in header.components]
    known = [t for t in tables if t is not None]
    return estimate_quality(known) if len(known) in (1, 3) and len(known) == len(tables) else None


def _obstacle(header: JpegHeader) -> str | None:
    """Why `restore` would refuse the file, None where it would not."""
    try:
        check_supported(header)
    except UnsupportedJpeg as error:
        return f"uses {error.feature}"
    return None if header.complete else "it ends in the middle of the picture"


def _document(header: JpegHeader) -> dict[str, object]:
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
        "obstacle": _obstacle(header),
    }


def _rows(table: Table) -> list[list[int]]:
    rows: list[list[int]] = table.reshape(8, 8).tolist()
    return rows


def _text(header: JpegHeader) -> str:
    quality, obstacle = _quality(header), _obstacle(header)
    metadata = ", ".join(f"{s.name} ({s.size:,} bytes)" for s in header.segments)
    lines = [
        f"File      {header.path} ({header.file_size:,} bytes)",
        f"Size      {header.width}x{header.height}, {header.precision} bits",
        f"Coding    {header.coding}, {_restarts(header)}",
        f"Sampling  {header.sampling}, {header.colour}",
        f"QF        {quality or 'not on the scale'} (tables)",
        f"Metadata  {metadata or 'none'}",
        f"Restore   {'no: ' + obstacle if obstacle else 'yes'}",
    ]
    for number, table in sorted(header.tables.items()):
        width = len(str(int(np.max(table))))
        rows = [" ".join(f"{step:{width}d}" for step in row) for row in _rows(table)]
        lines += [f"Table {number}   {rows[0]}", *(f"          {row}" for row in rows[1:])]
    return "\n".join(lines)


def _restarts(header: JpegHeader) -> str:
    interval = header.restart_interval
    return f"restart markers every {interval} MCUs" if interval else "no restart markers"
