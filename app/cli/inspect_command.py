"""`ddrm-restore inspect`: prints the facts of a file, and whether it can be restored."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.console import report_failures
from app.cli.options import JsonOption


def inspect(
    image: Annotated[Path, typer.Argument(help="A JPEG file.")],
    as_json: JsonOption = False,
) -> None:
    """Say what the file says: size, coding, sampling, tables, quality factor, metadata.

    The whole file is read: whether it can be restored is what restore would answer.
    """
    with report_failures():
        from app.cli.inspect_report import print_inspection  # other commands start faster without

        print_inspection(image, as_json=as_json)
